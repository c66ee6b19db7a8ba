use super::*;

#[test]
fn userinfo_becomes_basic_authorization() {
    let table = [
        ("http://example.com/", None),
        (
            "http://Aladdin:open%20sesame@example.com/",
            Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ),
        ("http://user@example.com/", Some("Basic dXNlcjo=")),
        ("http://:pass@example.com/", Some("Basic OnBhc3M=")),
        (
            "http://test:123%C2%A3@example.com/",
            Some("Basic dGVzdDoxMjPCow=="),
        ),
        ("http://a:%zz%@example.com/", Some("Basic YTolenol")),
        ("http://a:%00@example.com/", Some("Basic YToA")),
    ];
    for (url, expected) in table {
        let value = authorization(&url.parse().unwrap());
        assert_eq!(
            value.as_ref().map(|value| value.to_str().unwrap()),
            expected,
            "{url}"
        );
        assert!(value.is_none_or(|value| value.is_sensitive()));
    }
}
