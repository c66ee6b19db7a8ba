#![cfg(feature = "http-transport")]

use super::*;
use crate::transport::connect::Endpoint;

#[test]
fn a_proxys_url_is_read_with_its_defaults() {
    let table = [
        ("http://proxy.example", "http://proxy.example:80"),
        ("proxy.example:3128", "http://proxy.example:3128"),
        (" HTTPS://Proxy.Example/ ", "https://proxy.example:443"),
        ("socks5://u:p@[::1]", "socks5://[::1]:1080"),
        ("socks5h://Proxy:99", "socks5h://proxy:99"),
    ];
    for (given, expected) in table {
        assert_eq!(Proxy::new(given).unwrap().to_string(), expected, "{given}");
    }
}

#[test]
fn credentials_are_decoded_and_never_shown() {
    let proxy = Proxy::new("http://me:s%40cret@proxy:1").unwrap();
    assert_eq!(proxy.credentials(), Some((&b"me"[..], &b"s@cret"[..])));
    let value = proxy.authorization().unwrap();
    assert_eq!(value, "Basic bWU6c0BjcmV0");
    assert!(value.is_sensitive());
    let shown = format!("{proxy:?} {proxy} {:?}", Route::Proxy(proxy.clone()));
    for secret in ["me", "s@cret", "s%40cret"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert_eq!(Proxy::new("http://proxy").unwrap().authorization(), None);
}

#[test]
fn what_is_no_proxy_is_an_error_that_keeps_its_secrets() {
    let table = [
        ("ftp://me:secret@proxy", "http, https, socks5 or socks5h"),
        ("socks4://me:secret@proxy", "http, https, socks5 or socks5h"),
        ("http://me:secret@proxy:99999", "port"),
        ("http://me:secret@", "empty host"),
        ("socks5://", "there is no host"),
    ];
    for (url, part) in table {
        let error = Proxy::new(url).unwrap_err();
        assert_eq!(error.kind(), TransportErrorKind::InvalidRequest);
        let text = format!("{error} {error:?}");
        assert!(text.contains(part), "{url}: {text}");
        assert!(!text.contains("secret"), "{text}");
    }
}

#[test]
fn hosts_go_past_a_proxy_by_name_address_and_network() {
    let list = "example.com, .internal *.corp\t10.0.0.0/8 192.168.1.7,[fe80::1]:81,2001:db8::/32 host:443,bad:x";
    let bypass = Bypass::parse(list);
    let past = [
        ("example.com", 80),
        ("EXAMPLE.com.", 80),
        ("a.b.example.com", 443),
        ("internal", 80),
        ("a.internal", 80),
        ("10.255.0.1", 80),
        ("192.168.1.7", 9),
        ("fe80::1", 81),
        ("2001:db8:ffff::1", 80),
        ("host", 443),
        ("a.host", 443),
    ];
    for (host, port) in past {
        assert!(bypass.matches(host, port), "{host}:{port}");
    }
    let through = [
        ("badexample.com", 80),
        ("example.com.evil", 80),
        ("11.0.0.1", 80),
        ("192.168.1.70", 80),
        ("fe80::1", 80),
        ("2001:db9::1", 80),
        ("host", 80),
        ("bad", 80),
        ("::ffff:10.0.0.1", 80),
    ];
    for (host, port) in through {
        assert!(!bypass.matches(host, port), "{host}:{port}");
    }
    for list in ["127.0.0.1", "127.0.0.0/8", "::1", "localhost"] {
        assert!(Bypass::parse(list).matches("a.localhost", 1), "{list}");
    }
    assert!(!Bypass::parse("127.0.0.1").matches("localhost.a", 1));
    assert!(Bypass::parse("a, *").matches("anything", 1));
    assert!(!Bypass::parse("").matches("anything", 1));
    assert!(!Bypass::parse(".").matches("anything", 1));
    assert!(Bypass::parse("0.0.0.0/0").matches("1.2.3.4", 1));
    assert!(!Bypass::parse("10.0.0.0/33").matches("10.0.0.0", 1));
}

/// What the environment says for a URL: the proxy, `direct`, or the error.
fn said(variables: &[(&str, &str)], url: &str) -> String {
    let value = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let endpoint = Endpoint::of(&url.parse().unwrap()).unwrap();
    match Environment::read(value).route(&endpoint) {
        Ok(Route::Proxy(proxy)) if !proxy.passes_by(&endpoint.host, endpoint.port) => {
            proxy.to_string()
        }
        Ok(_) => "direct".to_owned(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_environment_names_proxies() {
    let (http, https) = ("http://news.example/", "https://news.example/");
    let one = "http://one:1";
    for (variables, url, expected) in [
        (&[][..], http, "direct"),
        (&[("http_proxy", "one:1")], http, one),
        (&[("http_proxy", "one:1")], https, "direct"),
        (&[("https_proxy", "one:1")], https, one),
        (&[("HTTPS_PROXY", "one:1")], https, one),
        (&[("all_proxy", "one:1")], http, one),
        (&[("ALL_PROXY", "one:1")], https, one),
        (
            &[("https_proxy", "one:1"), ("HTTPS_PROXY", "two:1")],
            https,
            one,
        ),
        (
            &[("https_proxy", "one:1"), ("all_proxy", "two:1")],
            https,
            one,
        ),
        (&[("http_proxy", " "), ("all_proxy", "one:1")], http, one),
        (
            &[("all_proxy", "one:1"), ("no_proxy", "example")],
            http,
            "direct",
        ),
        (&[("all_proxy", "one:1"), ("NO_PROXY", "*")], http, "direct"),
        (
            &[("all_proxy", "one:1"), ("no_proxy", "news.example:443")],
            http,
            one,
        ),
    ] {
        assert_eq!(said(variables, url), expected, "{variables:?} {url}");
    }
}

/// A CGI server makes a variable of this name of a client's header.
#[test]
fn http_proxy_in_upper_case_is_never_looked_at() {
    let variables = [("HTTP_PROXY", "evil:1")];
    assert_eq!(said(&variables, "http://news.example/"), "direct");
}

#[test]
fn loopback_is_not_reached_through_the_environments_proxies() {
    let variables = [("all_proxy", "one:1")];
    for host in [
        "localhost",
        "a.localhost",
        "127.0.0.1",
        "127.8.8.8",
        "[::1]",
    ] {
        let url = format!("http://{host}:80/");
        assert_eq!(said(&variables, &url), "direct", "{host}");
    }
}

#[test]
fn a_bad_variable_is_named_and_not_repeated() {
    let text = said(
        &[("https_proxy", "gopher://me:secret@x")],
        "https://a.example/",
    );
    assert!(
        text.contains("the environment variable https_proxy"),
        "{text}"
    );
    assert!(!text.contains("secret"), "{text}");
    let text = said(&[("ALL_PROXY", "gopher://x")], "http://a.example/");
    assert!(
        text.contains("the environment variable all_proxy"),
        "{text}"
    );
}
