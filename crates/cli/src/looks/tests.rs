use super::*;

fn is(head: &[u8], begins: &str) {
    let looks = like(head).unwrap();
    assert!(looks.starts_with(begins), "{looks}");
}

#[test]
fn formats_are_told_by_their_first_bytes() {
    is(b"{\"a\":1}\n{\"a\":2}\n", "JSON lines");
    is(b"{\"a\":1}\r\n{\"a\":2", "JSON lines");
    is(b"\xEF\xBB\xBF {\"a\":1}\n", "JSON,");
    is(b"[\n1,\n2\n]", "JSON,");
    is(b"{\"cut o", "JSON,");
    is(
        "data: x\n\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<_>>()
            .as_slice(),
        "UTF-16",
    );
    is(b"\xFE\xFF\0d\0a", "UTF-16");
    is(b"<!doctype html>", "HTML");
    is(b"\x1F\x8B\x08", "gzip");
    is(b"HTTP/1.1 200 OK\r\n", "an HTTP response");
}

#[test]
fn what_may_be_an_event_stream_is_left() {
    for head in [
        &b""[..],
        b": comment\n",
        b"id: 1\n",
        b"text",
        b"\n\n",
        b"d\0",
    ] {
        assert_eq!(like(head), None, "{head:?}");
    }
}
