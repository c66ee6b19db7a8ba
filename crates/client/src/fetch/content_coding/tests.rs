use http::{HeaderMap, HeaderValue};

use super::*;

#[test]
fn anything_but_identity_is_named() {
    let table: &[(&[&str], Option<&str>)] = &[
        (&[], None),
        (&[""], None),
        (&[" , "], None),
        (&["identity"], None),
        (&["Identity"], None),
        (&["identity, identity", "identity"], None),
        (&["gzip"], Some("gzip")),
        (&[" GZip "], Some("gzip")),
        (&["identity, br"], Some("br")),
        (&["identity", "zstd, gzip"], Some("zstd")),
        (&["x-own"], Some("x-own")),
    ];
    for (values, expected) in table {
        let mut headers = HeaderMap::new();
        for value in *values {
            headers.append(CONTENT_ENCODING, HeaderValue::from_static(value));
        }
        assert_eq!(content_coding(&headers).as_deref(), *expected, "{values:?}");
    }
}
