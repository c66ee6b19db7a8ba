use super::{decode, encode};

/// RFC 4648, section 10, without padding.
const VECTORS: [(&[u8], &str); 7] = [
    (b"", ""),
    (b"f", "Zg"),
    (b"fo", "Zm8"),
    (b"foo", "Zm9v"),
    (b"foob", "Zm9vYg"),
    (b"fooba", "Zm9vYmE"),
    (b"foobar", "Zm9vYmFy"),
];

#[test]
fn it_is_what_the_rfc_says() {
    for (bytes, text) in VECTORS {
        assert_eq!(encode(bytes), text);
        assert_eq!(decode(text.as_bytes()).as_deref(), Some(bytes), "{text}");
    }
    assert_eq!(encode(&[0xfb, 0xff]), "-_8");
}

#[test]
fn every_value_has_one_text() {
    for bad in [
        "Z",
        "Zg==",
        "Zm8=",
        "Zh",
        "Zm9",
        "Zm9vY",
        "Zm 9v",
        "Zm9v\n",
        "+_8",
        "-/8",
        "Zm9v\u{e9}",
    ] {
        assert_eq!(decode(bad.as_bytes()), None, "{bad}");
    }
}

#[test]
fn what_is_decoded_encodes_to_the_same_text() {
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..20_000 {
        let length = random.usize(..9);
        let text: Vec<u8> = (0..length).map(|_| random.alphanumeric() as u8).collect();
        if let Some(bytes) = decode(&text) {
            assert_eq!(encode(&bytes).as_bytes(), text);
        }
    }
}
