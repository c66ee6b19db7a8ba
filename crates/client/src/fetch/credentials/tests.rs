use super::*;

/// What a chain of URLs is shown of `Authorization` and of everything private.
fn shown(home: &str, users: &[(&'static str, &'static str)], chain: &[&str]) -> Vec<String> {
    let mut headers = HeaderMap::new();
    for (name, value) in users {
        let mut value = HeaderValue::from_static(value);
        value.set_sensitive(*name == "x-secret");
        headers.append(*name, value);
    }
    let names = [HeaderName::from_static("x-key")];
    let mut credentials = Credentials::split_off(&mut headers, &home.parse().unwrap(), &names);
    chain
        .iter()
        .map(|url| {
            let mut hop = headers.clone();
            let url = url.parse().unwrap();
            credentials.apply(&mut hop, &url);
            credentials.authorize(&mut hop, &url);
            let mut names: Vec<&str> = hop.keys().map(HeaderName::as_str).collect();
            names.sort_unstable();
            let authorization = hop
                .get(AUTHORIZATION)
                .map_or("", |value| value.to_str().unwrap());
            format!("{} | {authorization}", names.join(" "))
        })
        .collect()
}

const PRIVATE: &[(&str, &str)] = &[
    ("authorization", "Bearer t"),
    ("cookie", "a=b"),
    ("proxy-authorization", "Basic p"),
    ("host", "virtual"),
    ("x-secret", "s"),
    ("x-key", "k"),
    ("x-public", "p"),
];
const EVERYTHING: &str =
    "authorization cookie host proxy-authorization x-key x-public x-secret | Bearer t";

#[test]
fn credentials_stay_at_home() {
    let table: &[(&[&str], &[&str])] = &[
        (
            &["http://a/", "http://a:80/other"],
            &[EVERYTHING, EVERYTHING],
        ),
        (&["http://a/", "http://b/"], &[EVERYTHING, "x-public | "]),
        (&["http://a/", "https://a/"], &[EVERYTHING, "x-public | "]),
        (&["http://a/", "http://a:81/"], &[EVERYTHING, "x-public | "]),
        (
            &["http://a/", "http://b/", "http://a/"],
            &[EVERYTHING, "x-public | ", "x-public | "],
        ),
        // A reconnection that starts at the URL a redirect led to.
        (&["http://b/", "http://a/"], &["x-public | ", "x-public | "]),
    ];
    for (chain, expected) in table {
        assert_eq!(shown("http://a/", PRIVATE, chain), *expected, "{chain:?}");
    }
}

#[test]
fn userinfo_is_for_the_url_it_stands_in_and_its_origin() {
    let basic = "authorization | Basic dTpw";
    let table: &[(&str, &[&str], &[&str])] = &[
        (
            "http://u:p@a/",
            &["http://u:p@a/", "http://a/2"],
            &[basic, basic],
        ),
        (
            "http://u:p@a/",
            &["http://u:p@a/", "http://b/"],
            &[basic, " | "],
        ),
        (
            "http://a/",
            &["http://a/", "http://u:p@b/", "http://b/"],
            &[" | ", basic, " | "],
        ),
        (
            "http://u:p@a/",
            &["http://b/", "http://a/"],
            &[" | ", " | "],
        ),
    ];
    for (home, chain, expected) in table {
        assert_eq!(shown(home, &[], chain), *expected, "{chain:?}");
    }
}

#[test]
fn the_users_authorization_wins_over_userinfo() {
    let shown = shown(
        "http://u:p@a/",
        &[("authorization", "Bearer t")],
        &["http://u:p@a/"],
    );
    assert_eq!(shown, ["authorization | Bearer t"]);
}

#[test]
fn a_header_with_several_values_keeps_them() {
    let mut headers = HeaderMap::new();
    headers.append(COOKIE, HeaderValue::from_static("a=1"));
    headers.append(COOKIE, HeaderValue::from_static("b=2"));
    let home: Url = "http://a/".parse().unwrap();
    let mut credentials = Credentials::split_off(&mut headers, &home, &[]);
    assert!(headers.is_empty());
    credentials.apply(&mut headers, &home);
    assert_eq!(headers.get_all(COOKIE).iter().count(), 2);
}
