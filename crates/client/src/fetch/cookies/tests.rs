use super::*;

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

/// What a jar with these cookies sends to a URL.
fn sent(set: &[(&str, &str)], to: &str, same_site: bool) -> String {
    let jar = CookieJar::new();
    for (from, set_cookie) in set {
        jar.set(&url(from), set_cookie);
    }
    let value = jar.retrieve(&url(to), same_site);
    value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}

#[test]
fn domain_path_and_secure_decide_where_a_cookie_goes() {
    let home = "https://a.example.com/dir/file";
    let table = [
        ("a=1", "https://a.example.com/dir/other", "a=1"),
        ("a=1", "https://a.example.com/", ""),
        ("a=1; Path=/", "https://a.example.com:8443/", "a=1"),
        ("a=1; Path=/", "https://b.example.com/", ""),
        ("a=1; Path=/", "https://x.a.example.com/", ""),
        (
            "a=1; Path=/; Domain=example.com",
            "https://b.example.com/",
            "a=1",
        ),
        (
            "a=1; Path=/; Domain=.EXAMPLE.com",
            "https://example.com/",
            "a=1",
        ),
        (
            "a=1; Path=/; Domain=example.com",
            "https://badexample.com/",
            "",
        ),
        ("a=1; Path=/d", "https://a.example.com/dir", ""),
        ("a=1; Path=/; Secure", "https://a.example.com/", "a=1"),
        ("a=1; Path=/; Secure", "http://a.example.com/", ""),
        ("a=1; Path=/", "http://a.example.com/", "a=1"),
        ("a=1; Path=/; Max-Age=0", "https://a.example.com/", ""),
        ("a=1; Path=/; Max-Age=60", "https://a.example.com/", "a=1"),
        (
            "a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            "https://a.example.com/",
            "",
        ),
        (
            "a=\"x y\"; Path=/; HttpOnly",
            "https://a.example.com/",
            "a=\"x y\"",
        ),
    ];
    for (set_cookie, to, expected) in table {
        assert_eq!(
            sent(&[(home, set_cookie)], to, true),
            expected,
            "{set_cookie} {to}"
        );
    }
}

#[test]
fn what_a_server_may_not_set_is_refused() {
    let long = format!("a={}", "x".repeat(4096));
    let table = [
        ("https://a.example.com/", "a=1; Domain=other.example", false),
        (
            "https://a.example.com/",
            "a=1; Domain=x.a.example.com",
            false,
        ),
        ("https://a.example.com/", "a=1; Domain=com", false),
        ("https://a.co.uk/", "a=1; Domain=co.uk", false),
        ("https://github.io/", "a=1; Domain=github.io", true),
        ("http://127.0.0.1/", "a=1; Domain=127.0.0.1", true),
        ("http://127.0.0.1/", "a=1; Domain=0.0.1", false),
        ("http://example.com/", "a=1; Secure", false),
        ("http://localhost/", "a=1; Secure", true),
        ("http://127.0.0.1/", "a=1; Secure", true),
        ("https://example.com/", "a=1; SameSite=None", false),
        ("https://example.com/", "a=1; SameSite=None; Secure", true),
        ("https://example.com/", "__Secure-a=1", false),
        ("https://example.com/", "__Secure-a=1; Secure", true),
        ("https://example.com/", "__Host-a=1; Secure; Path=/", true),
        ("https://example.com/x/", "__Host-a=1; Secure", false),
        (
            "https://example.com/",
            "__host-a=1; Secure; Path=/; Domain=example.com",
            false,
        ),
        ("https://example.com/", "", false),
        ("https://example.com/", "no equals sign", false),
        ("https://example.com/", "a=\u{1}", false),
        ("https://example.com/", long.as_str(), false),
    ];
    for (from, set_cookie, taken) in table {
        assert_eq!(
            CookieJar::new().set(&url(from), set_cookie),
            taken,
            "{from} {set_cookie}"
        );
    }
    let of_suffix = [("https://github.io/", "a=1; Domain=github.io")];
    assert_eq!(sent(&of_suffix, "https://github.io/", true), "a=1");
    assert_eq!(sent(&of_suffix, "https://x.github.io/", true), "");
}

#[test]
fn only_none_crosses_sites() {
    let home = "https://example.com/";
    for (set_cookie, crosses) in [
        ("a=1", false),
        ("a=1; SameSite=Lax", false),
        ("a=1; SameSite=Strict", false),
        ("a=1; SameSite=None; Secure", true),
    ] {
        let expected = if crosses { "a=1" } else { "" };
        assert_eq!(sent(&[(home, set_cookie)], home, true), "a=1");
        assert_eq!(
            sent(&[(home, set_cookie)], home, false),
            expected,
            "{set_cookie}"
        );
        let jar = CookieJar::new();
        let mut headers = HeaderMap::new();
        headers.insert(SET_COOKIE, HeaderValue::from_static(set_cookie));
        jar.keep(&url(home), &headers, false);
        assert_eq!(jar.cookies(&url(home)).is_some(), crosses, "{set_cookie}");
    }
}

#[test]
fn a_response_in_the_clear_does_not_replace_a_secure_cookie() {
    let set = [
        ("https://example.com/", "a=secure; Secure; Path=/"),
        ("http://example.com/", "a=forged; Path=/"),
        ("http://example.com/", "b=2; Path=/"),
    ];
    assert_eq!(sent(&set, "https://example.com/", true), "a=secure; b=2");
}

#[test]
fn a_response_in_the_clear_sets_nothing_beside_a_secure_cookie() {
    let set = [
        ("https://example.com/", "a=secure; Secure; Path=/"),
        (
            "http://sub.example.com/",
            "a=forged; Path=/; Domain=.EXAMPLE.com",
        ),
        ("http://sub.example.com/", "b=2; Path=/; Domain=example.com"),
        ("http://badexample.com/", "a=other; Path=/"),
    ];
    assert_eq!(sent(&set, "https://example.com/", true), "a=secure; b=2");
    assert_eq!(sent(&set, "http://badexample.com/", true), "a=other");
}

#[test]
fn longer_paths_come_first_and_then_older_cookies() {
    let home = "https://example.com/x/y";
    let set = [
        (home, "c=1; Path=/"),
        (home, "a=1; Path=/"),
        (home, "b=1; Path=/x"),
        (home, "c=2; Path=/"),
    ];
    assert_eq!(sent(&set, home, true), "b=1; c=2; a=1");
}

#[test]
fn a_jar_is_bounded_and_the_oldest_go() {
    let jar = CookieJar::new();
    let home = url("https://example.com/");
    for number in 0..=MAX_COOKIES_A_DOMAIN {
        assert!(jar.set(&home, &format!("c{number}=1")));
    }
    let value = jar.cookies(&home).unwrap();
    let value = value.to_str().unwrap();
    assert_eq!(value.split("; ").count(), MAX_COOKIES_A_DOMAIN);
    assert!(value.starts_with("c1=1; ") && value.ends_with("; c180=1"));
    assert_eq!(format!("{jar:?}"), "CookieJar { cookies: 180 }");
    jar.set(&url("https://other.example/"), "a=1");
    make_room(&mut lock(&jar.store), "other.example", 100);
    assert_eq!(format!("{jar:?}"), "CookieJar { cookies: 100 }");
    assert!(jar.cookies(&url("https://other.example/")).is_some());
    jar.clear();
    assert!(jar.cookies(&home).is_none());
}

#[test]
fn clones_share_and_values_are_marked_secret() {
    let jar = CookieJar::new();
    let home = url("https://example.com/");
    jar.clone().set(&home, "a=1");
    assert!(jar.cookies(&home).unwrap().is_sensitive());
}
