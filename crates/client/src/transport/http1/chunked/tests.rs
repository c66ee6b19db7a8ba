use super::*;

/// Decodes the pieces one after the other: the data, and what is wrong.
fn decode(pieces: &[&[u8]]) -> (Vec<u8>, Chunked) {
    let mut chunked = Chunked::default();
    let mut data = Vec::new();
    for piece in pieces {
        let mut bytes = piece.to_vec();
        let length = chunked.decode(&mut bytes);
        data.extend_from_slice(&bytes[..length]);
    }
    (data, chunked)
}

const BODY: &[u8] =
    b"5\r\nhello\r\n006;a=\"b\"; c\r\n world\r\nA \t\r\n0123456789\r\n0\r\nX: y\r\nZ: \r\n\r\nmore";
const DATA: &[u8] = b"hello world0123456789";

#[test]
fn it_may_be_cut_anywhere() {
    for first in 0..=BODY.len() {
        for second in first..=BODY.len() {
            let pieces = [&BODY[..first], &BODY[first..second], &BODY[second..]];
            let (data, chunked) = decode(&pieces);
            assert_eq!(data, DATA, "cut at {first} and {second}");
            assert!(chunked.is_over(), "cut at {first} and {second}");
        }
    }
    let bytes: Vec<&[u8]> = BODY.chunks(1).collect();
    assert_eq!(decode(&bytes).0, DATA);
}

#[test]
fn it_is_over_at_the_last_byte_and_not_before() {
    let end = BODY.len() - b"more".len();
    for cut in 0..end {
        assert!(!decode(&[&BODY[..cut]]).1.is_over(), "at {cut}");
    }
    assert!(decode(&[&BODY[..end]]).1.is_over());
}

#[test]
fn what_is_wrong_is_said_behind_the_data_before_it() {
    let table: &[(&[u8], &[u8], Wrong)] = &[
        (b"1\r\na\r\n\r\n", b"a", Wrong::Size),
        (b"1\r\na\r\nzz\r\n", b"a", Wrong::Size),
        (b"1\r\na\r\n-1\r\n", b"a", Wrong::Size),
        (b"1\r\na\r\n 1\r\n", b"a", Wrong::Size),
        (b"0x1\r\na", b"", Wrong::Size),
        (b"1 1\r\na", b"", Wrong::Size),
        (b"1\na\r\n", b"", Wrong::Size),
        (b"1\ra\r\n", b"", Wrong::LineEnd),
        (b"1;a\n", b"", Wrong::LineEnd),
        (b"1;a\r\r", b"", Wrong::LineEnd),
        (b"1\r\nab\r\n", b"a", Wrong::DataEnd),
        (b"1\r\na\n", b"a", Wrong::DataEnd),
        (b"1\r\na\rx", b"a", Wrong::DataEnd),
        (b"0\r\nX: y\n", b"", Wrong::TrailersEnd),
        (b"0\r\n\n", b"", Wrong::TrailersEnd),
        (b"0\r\nX: y\rz", b"", Wrong::TrailersEnd),
        (b"0\r\n\rz", b"", Wrong::TrailersEnd),
        // 2^64, the same with zeros, and more than a machine word.
        (b"10000000000000000\r\n", b"", Wrong::TooLarge),
        (b"0010000000000000000\r\n", b"", Wrong::TooLarge),
        (b"fffffffffffffffff\r\n", b"", Wrong::TooLarge),
    ];
    for (bytes, expected, why) in table {
        for pieces in [vec![*bytes], bytes.chunks(1).collect()] {
            let (data, chunked) = decode(&pieces);
            let shown = String::from_utf8_lossy(bytes);
            assert_eq!(data, *expected, "{shown:?}");
            assert_eq!(chunked.broken(), Some(why.what()), "{shown:?}");
            assert!(!chunked.is_over(), "{shown:?}");
        }
    }
}

#[test]
fn the_largest_chunk_is_read_on() {
    let (data, chunked) = decode(&[b"ffffffffffffffff;x\r\n", b"abc"]);
    assert_eq!(data, b"abc");
    assert_eq!(chunked.broken(), None);
}

#[test]
fn what_is_skipped_has_an_end() {
    let extension = vec![b'x'; CHUNK_LINE.into()];
    let zeros = vec![b'0'; CHUNK_LINE.into()];
    let spaces = vec![b' '; CHUNK_LINE.into()];
    let trailers = b"A: b\r\n".repeat(usize::from(TRAILERS / 4));
    let table: [(&[u8], &[u8], Wrong); 4] = [
        (b"1;", &extension, Wrong::LineTooLong),
        (b"0", &zeros, Wrong::LineTooLong),
        (b"1", &spaces, Wrong::LineTooLong),
        (b"0\r\n", &trailers, Wrong::TrailersTooLong),
    ];
    for (first, then, why) in table {
        let (_, chunked) = decode(&[first, &then[..then.len() / 2]]);
        assert_eq!(chunked.broken(), None);
        let (_, chunked) = decode(&[first, then, b"xx"]);
        assert_eq!(chunked.broken(), Some(why.what()));
    }
}

/// A stream that does not end may have extensions without end, though no line is long.
#[test]
fn every_line_has_the_whole_limit() {
    let chunk = [
        b"1;".as_slice(),
        &[b'x'; CHUNK_LINE as usize / 2],
        b"\r\na\r\n",
    ]
    .concat();
    let (data, chunked) = decode(&vec![chunk.as_slice(); 100]);
    assert_eq!(data, [b'a'; 100]);
    assert_eq!(chunked.broken(), None);
}
