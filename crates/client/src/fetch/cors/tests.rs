use http::StatusCode;

use super::*;

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

fn page(origin: &str, credentials_mode: CredentialsMode) -> Page {
    let origin = crate::fetch::parse_origin(origin).unwrap();
    let mut page = Page::new(origin);
    page.credentials_mode = credentials_mode;
    page
}

/// What each hop of a chain says of its origin, with a plus where it has credentials.
fn said(page: Page, method: &Method, chain: &[&str]) -> Vec<String> {
    let mut cors = Cors::new(Some(page), &url(chain[0]), Taint::default());
    let mut said = Vec::new();
    for (index, hop) in chain.iter().enumerate() {
        let mut headers = HeaderMap::new();
        headers.insert(ORIGIN, HeaderValue::from_static("https://forged.example"));
        cors.enter(&url(hop), method, &mut headers, &[]).unwrap();
        let origin = headers.get(ORIGIN).map_or("-", |it| it.to_str().unwrap());
        let plus = if cors.includes_credentials() { "+" } else { "" };
        said.push(format!("{origin}{plus}"));
        if let Some(next) = chain.get(index + 1) {
            cors.redirect(&url(hop), &url(next)).unwrap();
        }
    }
    said
}

#[test]
fn the_origin_is_said_across_origins_and_hidden_by_redirects_there() {
    let a = "https://a.example";
    let table: &[(&[&str], &[&str])] = &[
        (&["https://a.example/"], &["-+"]),
        (
            &["https://a.example:443/", "https://a.example/2"],
            &["-+", "-+"],
        ),
        (&["https://b.example/"], &[a]),
        (&["https://b.example/", "https://b.example/2"], &[a, a]),
        (&["https://a.example/", "https://b.example/"], &["-+", a]),
        (&["http://a.example/"], &[a]),
        (&["https://a.example:444/"], &[a]),
        (&["https://b.example/", "https://c.example/"], &[a, "null"]),
        (&["https://b.example/", "https://a.example/"], &[a, "null"]),
        (
            &[
                "https://a.example/",
                "https://b.example/",
                "https://b.example/2",
                "https://a.example/2",
                "https://a.example/3",
            ],
            &["-+", a, a, "null", "null"],
        ),
    ];
    for (chain, expected) in table {
        let mode = CredentialsMode::SameOrigin;
        assert_eq!(
            said(page(a, mode), &Method::GET, chain),
            *expected,
            "{chain:?}"
        );
        let everywhere: Vec<String> = expected
            .iter()
            .map(|hop| format!("{}+", hop.trim_end_matches('+')))
            .collect();
        let mode = CredentialsMode::Include;
        assert_eq!(
            said(page(a, mode), &Method::GET, chain),
            everywhere,
            "{chain:?}"
        );
    }
}

#[test]
fn a_post_says_its_origin_at_home_too() {
    let page = page("https://a.example", CredentialsMode::SameOrigin);
    let said = said(page, &Method::POST, &["https://a.example/"]);
    assert_eq!(said, ["https://a.example+"]);
}

#[test]
fn an_opaque_origin_is_at_home_nowhere() {
    let page = page("null", CredentialsMode::SameOrigin);
    assert_eq!(said(page, &Method::GET, &["https://a.example/"]), ["null"]);
}

#[test]
fn a_program_has_no_origin_to_say_and_passes_every_check() {
    let home = url("https://a.example/");
    let mut cors = Cors::new(None, &home, Taint::default());
    let mut headers = HeaderMap::new();
    headers.insert(ORIGIN, HeaderValue::from_static("https://mine.example"));
    let put = &Method::PUT;
    cors.enter(&url("https://b.example/"), put, &mut headers, &[ORIGIN])
        .unwrap();
    assert_eq!(headers[ORIGIN], "https://mine.example");
    assert!(cors.includes_credentials());
    cors.check(&Response::new(())).unwrap();
    cors.redirect(&home, &url("https://u:p@b.example/"))
        .unwrap();
}

#[test]
fn userinfo_is_no_target_across_origins() {
    let table = [
        (&["https://a.example/"][..], "https://u:p@a.example/", true),
        (&["https://a.example/"], "https://u@b.example/", false),
        (&["https://b.example/"], "https://:p@b.example/", false),
        // Back at home, but the answer is read across origins.
        (&["https://b.example/"], "https://u:p@a.example/", false),
        (&["https://b.example/"], "https://b.example/", true),
    ];
    for (chain, target, allowed) in table {
        let page = page("https://a.example", CredentialsMode::SameOrigin);
        let mut cors = Cors::new(Some(page), &url(chain[0]), Taint::default());
        let last = url(chain.last().unwrap());
        cors.enter(&last, &Method::GET, &mut HeaderMap::new(), &[])
            .unwrap();
        let followed = cors.redirect(&last, &url(target));
        let expected = if allowed {
            Ok(())
        } else {
            Err(CorsError::RedirectWithUserinfo)
        };
        assert_eq!(followed, expected, "{target}");
    }
}

#[test]
fn what_needs_a_preflight_is_refused_away_from_home() {
    let users = [
        HeaderName::from_static("x-mine"),
        HeaderName::from_static("last-event-id"),
    ];
    let mut headers = HeaderMap::new();
    // Ours, which are not counted.
    headers.insert("cache-control", HeaderValue::from_static("no-cache"));
    headers.insert("last-event-id", HeaderValue::from_static("7"));
    let there = url("https://b.example/");
    let enter = |page: Page, headers: &HeaderMap| {
        let mut cors = Cors::new(Some(page), &there, Taint::default());
        cors.enter(&there, &Method::GET, &mut headers.clone(), &users)
    };
    let a = page("https://a.example", CredentialsMode::SameOrigin);
    enter(a.clone(), &headers).unwrap();
    headers.insert("x-mine", HeaderValue::from_static("1"));
    let refused = enter(a.clone(), &headers).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the header 'x-mine' needs a preflight to another origin, and none is ever sent"
    );
    let mut allowed = a;
    allowed.allow_without_preflight = true;
    enter(allowed, &headers).unwrap();
    let at_home = page("https://b.example", CredentialsMode::SameOrigin);
    enter(at_home, &headers).unwrap();
}

/// The outcome of the check of a response with these headers to `https://a.example`, in short.
fn checked(mode: CredentialsMode, headers: &[(&'static str, &'static str)]) -> String {
    let there = url("https://b.example/");
    let mut cors = Cors::new(
        Some(page("https://a.example", mode)),
        &there,
        Taint::default(),
    );
    cors.enter(&there, &Method::GET, &mut HeaderMap::new(), &[])
        .unwrap();
    let mut response = Response::new(());
    for (name, value) in headers {
        response
            .headers_mut()
            .append(*name, HeaderValue::from_static(value));
    }
    match cors.check(&response) {
        Ok(()) => "passes".to_owned(),
        Err(CorsError::AllowOrigin {
            expected, received, ..
        }) => format!("{expected} not {received:?}"),
        Err(CorsError::AllowCredentials { received, .. }) => format!("true not {received:?}"),
        Err(other) => other.to_string(),
    }
}

#[test]
fn the_check_compares_bytes() {
    use CredentialsMode::{Include, SameOrigin};
    const ORIGIN: &str = "access-control-allow-origin";
    const CREDENTIALS: &str = "access-control-allow-credentials";
    let table = [
        (SameOrigin, &[][..], "https://a.example not None"),
        (SameOrigin, &[(ORIGIN, "*")], "passes"),
        (SameOrigin, &[(ORIGIN, "https://a.example")], "passes"),
        (
            SameOrigin,
            &[(ORIGIN, "https://a.example/")],
            r#"https://a.example not Some("https://a.example/")"#,
        ),
        (
            SameOrigin,
            &[(ORIGIN, "https://A.example")],
            r#"https://a.example not Some("https://A.example")"#,
        ),
        (
            SameOrigin,
            &[(ORIGIN, "null")],
            r#"https://a.example not Some("null")"#,
        ),
        (
            SameOrigin,
            &[(ORIGIN, "*"), (ORIGIN, "*")],
            r#"https://a.example not Some("*, *")"#,
        ),
        (
            Include,
            &[(ORIGIN, "*"), (CREDENTIALS, "true")],
            r#"https://a.example not Some("*")"#,
        ),
        (Include, &[(ORIGIN, "https://a.example")], "true not None"),
        (
            Include,
            &[(ORIGIN, "https://a.example"), (CREDENTIALS, "True")],
            r#"true not Some("True")"#,
        ),
        (
            Include,
            &[(ORIGIN, "https://a.example"), (CREDENTIALS, "true")],
            "passes",
        ),
    ];
    for (mode, headers, expected) in table {
        assert_eq!(checked(mode, headers), expected, "{mode:?} {headers:?}");
    }
}

#[test]
fn errors_say_what_was_expected_and_what_came() {
    let error = CorsError::AllowOrigin {
        expected: "https://a.example".to_owned(),
        received: Some("https://b.example".to_owned()),
        with_credentials: false,
        status: StatusCode::OK,
    };
    assert_eq!(
        error.to_string(),
        "the CORS check failed: Access-Control-Allow-Origin is \"https://b.example\", \
         'https://a.example' or '*' is needed"
    );
    let error = CorsError::AllowOrigin {
        expected: "null".to_owned(),
        received: None,
        with_credentials: true,
        status: StatusCode::BAD_GATEWAY,
    };
    assert_eq!(
        error.to_string(),
        "the CORS check failed: there is no Access-Control-Allow-Origin, 'null' is needed, and '*' \
         does not count with credentials; the response has status 502 Bad Gateway"
    );
    let error = CorsError::AllowCredentials {
        received: None,
        status: StatusCode::OK,
    };
    assert_eq!(
        error.to_string(),
        "the CORS check failed: there is no Access-Control-Allow-Credentials, 'true' is needed, \
         since credentials are included"
    );
}
