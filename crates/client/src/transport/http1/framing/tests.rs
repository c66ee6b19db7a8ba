use http::HeaderName;

use super::*;

fn framing(fields: &[(&str, &str)]) -> Option<Framing> {
    let fields = fields.iter().map(|(name, value)| {
        let name: HeaderName = name.parse().unwrap();
        (name, value.parse().unwrap())
    });
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(name, value);
    }
    Framing::of(&headers)
}

#[test]
fn the_head_says_where_the_body_ends() {
    let chunked = |framing| matches!(framing, Some(Framing::Chunked(_)));
    assert!(chunked(framing(&[("transfer-encoding", "chunked")])));
    assert!(chunked(framing(&[(
        "transfer-encoding",
        "gzip , Chunked "
    )])));
    assert!(chunked(framing(&[
        ("transfer-encoding", "gzip"),
        ("transfer-encoding", "chunked")
    ])));
    assert!(chunked(framing(&[
        ("content-length", "5"),
        ("transfer-encoding", "chunked")
    ])));
    let close = |framing| matches!(framing, Some(Framing::Close));
    assert!(close(framing(&[])));
    assert!(close(framing(&[("transfer-encoding", "chunked, gzip")])));
    assert!(close(framing(&[
        ("transfer-encoding", "identity"),
        ("content-length", "5")
    ])));
    let length = |framing| match framing {
        Some(Framing::Length(length)) => Some(length),
        _ => None,
    };
    assert_eq!(length(framing(&[("content-length", "5")])), Some(5));
    assert_eq!(length(framing(&[("content-length", "5, 5")])), Some(5));
    let most = u64::MAX.to_string();
    assert_eq!(
        length(framing(&[("content-length", &most)])),
        Some(u64::MAX)
    );
    for wrong in ["", "+5", "5x", "18446744073709551616"] {
        assert!(framing(&[("content-length", wrong)]).is_none(), "{wrong:?}");
    }
}

#[test]
fn a_length_is_kept_to() {
    let mut framing = Framing::Length(5);
    let mut bytes = *b"hel";
    assert_eq!(framing.decode(&mut bytes), 3);
    assert!(!framing.may_end());
    let mut bytes = *b"lo, world";
    assert_eq!(framing.decode(&mut bytes), 2);
    assert!(framing.is_over() && framing.may_end());
    assert_eq!(framing.decode(&mut bytes), 0);
}
