//! Messages, there and back, and bytes of anybody.

use super::{FIXED, LONGEST_ID, decode, encode, stored};
use bytes::Bytes;
use wellspring_broker::Append;

fn append(record: &'static [u8]) -> Append {
    Append::new(7 << 60, u64::MAX, Bytes::from_static(record))
}

#[test]
fn what_goes_in_comes_out() {
    let ids = [None, Some(String::new()), Some("ü".repeat(LONGEST_ID / 2))];
    for id in ids {
        for record in [&b""[..], b"a record"] {
            let mut append = append(record);
            append.id = id.as_deref().map(Box::from);
            let framed = decode(&encode(&append).unwrap()).unwrap();
            let decoded = (framed.tag, framed.fingerprint);
            assert_eq!(decoded, (append.tag, append.fingerprint));
            let expected = id.as_deref().map(str::as_bytes);
            assert_eq!(framed.id.as_deref(), expected);
            assert_eq!(framed.record, append.record);
        }
    }
    let long = append(b"").with_id("x".repeat(LONGEST_ID + 1));
    assert_eq!(encode(&long), None);
}

#[test]
fn no_bytes_make_a_panic() {
    let whole = encode(&append(b"record").with_id("id")).unwrap();
    for end in 0..whole.len() {
        let cut = decode(&whole.slice(..end));
        assert_eq!(cut.is_some(), end >= FIXED + 2, "{end}");
    }
    let mut rng = fastrand::Rng::with_seed(16);
    for _ in 0..20_000 {
        let length = rng.usize(0..64);
        let mut bytes: Vec<u8> = std::iter::repeat_with(|| rng.u8(..)).take(length).collect();
        if rng.bool() && !bytes.is_empty() {
            bytes[0] = 1;
        }
        let bytes = Bytes::from(bytes);
        let foreign = decode(&bytes).is_none();
        let stored = stored(3, &bytes);
        assert_eq!(stored.sequence, 3);
        assert!(!foreign || (stored.tag, stored.record.len()) == (0, 0));
    }
}
