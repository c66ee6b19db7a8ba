use super::*;

#[test]
fn serialization_leaves_the_default_port_out_and_is_ascii() {
    let table = [
        ("https://example.com:8443/a?b#c", "https://example.com:8443"),
        ("https://example.com:443/", "https://example.com"),
        ("http://example.com:80/", "http://example.com"),
        ("http://example.com:443/", "http://example.com:443"),
        ("http://user:pass@EXAMPLE.com/", "http://example.com"),
        ("http://bücher.example/", "http://xn--bcher-kva.example"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://127.1/", "http://127.0.0.1"),
        ("data:text/event-stream,x", "null"),
        ("file:///etc/hosts", "null"),
    ];
    for (url, expected) in table {
        assert_eq!(serialize_origin(&url.parse().unwrap()), expected, "{url}");
    }
}

#[test]
fn an_origin_is_scheme_host_and_port() {
    let table = [
        ("http://a/x", "http://a:80/y", true),
        ("http://a/", "http://u:p@a/", true),
        ("http://a/", "https://a/", false),
        ("http://a/", "http://a:81/", false),
        ("http://a/", "http://b/", false),
        ("http://a/", "http://a./", false),
        ("data:,x", "data:,x", false),
    ];
    for (one, other, expected) in table {
        let (one, other) = (one.parse().unwrap(), other.parse().unwrap());
        assert_eq!(same_origin(&one, &other), expected, "{one} {other}");
    }
}

#[test]
fn a_text_is_an_origin_and_nothing_more() {
    let good = [
        ("https://app.example", "https://app.example"),
        ("https://app.example:443/", "https://app.example"),
        ("HTTP://APP.example:8080", "http://app.example:8080"),
        ("http://bücher.example", "http://xn--bcher-kva.example"),
        ("null", "null"),
    ];
    for (text, expected) in good {
        let origin = parse_origin(text).unwrap();
        assert_eq!(origin.ascii_serialization(), expected);
    }
    let bad = [
        ("", "relative URL without a base"),
        ("app.example", "relative URL without a base"),
        ("https://app.example/page", "give 'https://app.example'"),
        ("https://app.example?", "give 'https://app.example'"),
        ("https://app.example#", "give 'https://app.example'"),
        ("https://user@app.example", "give 'https://app.example'"),
        ("file:///index.html", "give 'null'"),
        ("data:,x", "give 'null'"),
        ("Null", "relative URL without a base"),
    ];
    for (text, expected) in bad {
        let reason = parse_origin(text).unwrap_err();
        assert!(reason.contains(expected), "{text}: {reason}");
    }
}

#[test]
fn an_opaque_origin_is_only_the_same_as_itself() {
    let origin = parse_origin("null").unwrap();
    assert_eq!(origin, origin.clone());
    assert_ne!(origin, parse_origin("null").unwrap());
}
