use super::*;
use http::HeaderValue;

#[test]
fn what_compresses_is_told_from_words_that_do_not() {
    for (value, coding, word) in [
        ("", None, None),
        ("identity", None, None),
        ("none", None, Some("none")),
        ("UTF-8", None, Some("utf-8")),
        ("GZIP", Some("gzip"), None),
        (
            "none, br ,identity, x-gzip",
            Some("br, x-gzip"),
            Some("none"),
        ),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(value));
        assert_eq!(compressed(&headers).as_deref(), coding, "{value}");
        assert_eq!(unknown(&headers).as_deref(), word, "{value}");
    }
}
