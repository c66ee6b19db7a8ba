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
fn what_changes_bytes_and_is_not_decoded_is_named() {
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
        (&["none"], None),
        (&["utf-8", "None"], None),
        (&["gzip-ish, \"x\""], None),
        (&["none, ZSTD"], Some("zstd")),
        (&["deflate, none"], Some("deflate")),
        (&["gzip, none"], unless(gzip, "gzip")),
        (&["none, gzip, none, gzip"], unless(gzip, "gzip")),
    ];
    for (values, expected) in table {
        let named = content_coding(&headers(values));
        assert_eq!(named.as_deref(), *expected, "{values:?}");
    }
}

#[test]
fn every_registered_coding_counts_anywhere_in_the_list() {
    let decoded = ["gzip", "x-gzip", "br"];
    for name in REGISTERED {
        let named = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_ENCODING, HeaderValue::from_str(value).unwrap());
            (content_coding(&headers), unknown_content_coding(&headers))
        };
        let expected = (!decoded.contains(&name) || !is_decoded(name)).then(|| name.to_owned());
        assert_eq!(named(&name.to_uppercase()), (expected.clone(), None));
        let none = Some("none".to_owned());
        assert_eq!(
            named(&format!("identity,{name},None")),
            (expected.clone(), none.clone())
        );
        assert_eq!(named(&format!("none , {name}")), (expected, none));
    }
}

#[test]
fn words_that_name_no_coding_are_told() {
    let table: &[(&[&'static str], Option<&str>)] = &[
        (&[], None),
        (&["", "identity, gzip"], None),
        (&["NONE"], Some("none")),
        (&["identity", "br, utf-8, none"], Some("utf-8")),
    ];
    for (values, expected) in table {
        let told = unknown_content_coding(&headers(values));
        assert_eq!(told.as_deref(), *expected, "{values:?}");
    }
}

#[test]
fn what_is_built_in_is_what_is_asked_for() {
    for name in ["gzip", "br"] {
        let asked_for = ACCEPTED.split(", ").any(|accepted| accepted == name);
        assert_eq!(is_decoded(name), asked_for, "{name}");
    }
}
