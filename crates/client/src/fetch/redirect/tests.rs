use http::HeaderValue;

use super::*;

fn response(status: u16, locations: &[&[u8]]) -> Response<()> {
    let mut response = Response::new(());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for location in locations {
        response
            .headers_mut()
            .append(LOCATION, HeaderValue::from_bytes(location).unwrap());
    }
    response
}

fn target(from: &str, location: &str) -> Result<Option<String>, RedirectError> {
    let response = response(302, &[location.as_bytes()]);
    let next = next_hop(&Method::GET, &from.parse().unwrap(), &response)?;
    Ok(next.map(|next| next.url.into()))
}

#[test]
fn nothing_is_resolved_against_what_is_not_http() {
    for from in ["file:/p:/x", "data:,x"] {
        let error = target(from, "http://example.com/").unwrap_err();
        let scheme = from.split(':').next().unwrap();
        assert_eq!(error, RedirectError::Scheme(scheme.to_owned()));
    }
}

#[test]
fn locations_are_resolved_against_the_current_url() {
    let from = "http://example.com/a/b?c#f";
    let table = [
        ("http://other.example/x", "http://other.example/x#f"),
        ("http://other.example/x#own", "http://other.example/x#own"),
        ("http://other.example/x#", "http://other.example/x#"),
        ("/x", "http://example.com/x#f"),
        ("x", "http://example.com/a/x#f"),
        ("../x", "http://example.com/x#f"),
        ("?q", "http://example.com/a/b?q#f"),
        ("//other.example/", "http://other.example/#f"),
        ("", "http://example.com/a/b?c#f"),
        ("#g", "http://example.com/a/b?c#g"),
        ("HTTPS://EXAMPLE.com:443/", "https://example.com/#f"),
        ("/é", "http://example.com/%C3%A9#f"),
        ("http:x", "http://example.com/a/x#f"),
    ];
    for (location, expected) in table {
        assert_eq!(
            target(from, location).unwrap().as_deref(),
            Some(expected),
            "{location:?}"
        );
    }
    assert_eq!(
        target("http://u:p@a/", "/x").unwrap().as_deref(),
        Some("http://u:p@a/x")
    );
    let latin1 = response(302, &[b"/\xe9"]);
    let next = next_hop(&Method::GET, &from.parse().unwrap(), &latin1)
        .unwrap()
        .unwrap();
    assert_eq!(next.url.path(), "/%C3%A9");
}

#[test]
fn locations_that_lead_nowhere_are_errors() {
    let table = [
        ("http://", RedirectError::Unparsable("http://".to_owned())),
        (
            "http://a b/",
            RedirectError::Unparsable("http://a b/".to_owned()),
        ),
        (
            "http://[::1/",
            RedirectError::Unparsable("http://[::1/".to_owned()),
        ),
        (
            "ftp://example.com/",
            RedirectError::Scheme("ftp".to_owned()),
        ),
        (
            "data:text/event-stream,data:x",
            RedirectError::Scheme("data".to_owned()),
        ),
        (
            "javascript:alert(1)",
            RedirectError::Scheme("javascript".to_owned()),
        ),
        (
            "file:///etc/passwd",
            RedirectError::Scheme("file".to_owned()),
        ),
    ];
    for (location, expected) in table {
        assert_eq!(
            target("http://example.com/", location).unwrap_err(),
            expected,
            "{location:?}"
        );
    }
}

#[test]
fn several_locations_must_agree() {
    let url: Url = "http://a/".parse().unwrap();
    let agreed = next_hop(&Method::GET, &url, &response(302, &[b"/x", b"/x"]))
        .unwrap()
        .unwrap();
    assert_eq!(agreed.url.as_str(), "http://a/x");
    let differ = next_hop(&Method::GET, &url, &response(302, &[b"/x", b"/y"]));
    assert_eq!(differ.unwrap_err(), RedirectError::Ambiguous);
}

#[test]
fn only_five_statuses_redirect_and_only_with_a_location() {
    let url: Url = "http://a/".parse().unwrap();
    for status in 200..600 {
        let next = next_hop(&Method::GET, &url, &response(status, &[b"/x"])).unwrap();
        let follows = [301, 302, 303, 307, 308].contains(&status);
        assert_eq!(next.is_some(), follows, "{status}");
        if let Some(next) = next {
            assert_eq!(next.permanent, [301, 308].contains(&status), "{status}");
        }
        assert_eq!(
            next_hop(&Method::GET, &url, &response(status, &[])),
            Ok(None),
            "{status}"
        );
    }
}

#[test]
fn methods_change_as_browsers_change_them() {
    let table = [
        (301, "GET", "GET", false),
        (301, "POST", "GET", true),
        (301, "PUT", "PUT", false),
        (302, "POST", "GET", true),
        (302, "DELETE", "DELETE", false),
        (303, "GET", "GET", false),
        (303, "HEAD", "HEAD", false),
        (303, "POST", "GET", true),
        (303, "PUT", "GET", true),
        (307, "POST", "POST", false),
        (308, "POST", "POST", false),
    ];
    let url: Url = "http://a/".parse().unwrap();
    for (status, before, after, drops_body) in table {
        let method = Method::from_bytes(before.as_bytes()).unwrap();
        let next = next_hop(&method, &url, &response(status, &[b"/x"]))
            .unwrap()
            .unwrap();
        assert_eq!(
            (next.method.as_str(), next.drops_body),
            (after, drops_body),
            "{status} {before}"
        );
    }
}

#[test]
fn crossing_origins_is_seen() {
    let url: Url = "http://a/".parse().unwrap();
    for (location, crosses) in [
        ("/x", false),
        ("http://a:80/", false),
        ("https://a/", true),
        ("//b/", true),
    ] {
        let next = next_hop(&Method::GET, &url, &response(302, &[location.as_bytes()]))
            .unwrap()
            .unwrap();
        assert_eq!(next.cross_origin, crosses, "{location}");
    }
}
