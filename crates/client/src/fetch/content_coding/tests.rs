use http::HeaderValue;

use super::*;

fn headers(values: &[&'static str]) -> HeaderMap {
    let values = values.iter().map(|value| HeaderValue::from_static(value));
    let mut headers = HeaderMap::new();
    for value in values {
        headers.append(CONTENT_ENCODING, value);
    }
    headers
}

#[test]
fn anything_but_identity_is_named() {
    let (gzip, br) = (cfg!(feature = "gzip"), cfg!(feature = "br"));
    let unless = |known: bool, name| (!known).then_some(name);
    let table: &[(&[&'static str], Option<&str>)] = &[
        (&[], None),
        (&[""], None),
        (&["identity"], None),
        (&["Identity, identity"], None),
        (&["compress"], Some("compress")),
        (&["deflate"], Some("deflate")),
        (&["zstd"], Some("zstd")),
        (&["identity", " ZSTD "], Some("zstd")),
        (&["GZIP"], unless(gzip, "gzip")),
        (&["x-gzip"], unless(gzip, "x-gzip")),
        (&["Br"], unless(br, "br")),
        (&["zstd, gzip"], Some("zstd")),
        (&["gzip, zstd"], Some(if gzip { "zstd" } else { "gzip" })),
        (&["gzip", "gzip"], unless(gzip, "gzip")),
        (&["gzip, gzip, gzip"], Some("gzip")),
    ];
    for (values, expected) in table {
        let named = content_coding(&headers(values));
        assert_eq!(named.as_deref(), *expected, "{values:?}");
    }
}

#[test]
fn what_is_built_in_is_what_is_asked_for() {
    for name in ["gzip", "br"] {
        let asked_for = ACCEPTED.split(", ").any(|accepted| accepted == name);
        assert_eq!(is_known(name), asked_for, "{name}");
    }
}
