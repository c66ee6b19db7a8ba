//! What a body without an event looks like. In: its first bytes. Out: the name of a format, and what to
//! do about it.
//!
//! Next: `decode.rs` and `tail/connection.rs` say it.

use serde_json::value::RawValue;

/// As much of a body is looked at, in bytes.
pub(crate) const HEAD: usize = 1024;

/// What the body is, if it is none of an event stream's doing.
pub(crate) fn like(head: &[u8]) -> Option<&'static str> {
    let magic: [(&[u8], &str); 5] = [
        (b"\xFF\xFE", UTF_16),
        (b"\xFE\xFF", UTF_16),
        (b"\x1F\x8B", "gzip: decompress it first"),
        (b"\x28\xB5\x2F\xFD", "zstd: decompress it first"),
        (
            b"HTTP/",
            "an HTTP response with its head: leave that out (curl without -i)",
        ),
    ];
    let begins = |(bytes, what): (&[u8], _)| head.starts_with(bytes).then_some(what);
    if let Some(what) = magic.into_iter().find_map(begins) {
        return Some(what);
    }
    let zeros = head.iter().filter(|byte| **byte == 0).count();
    if head.len() >= 4 && zeros * 3 > head.len() {
        return Some(UTF_16);
    }
    let text = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii();
    match text.first()? {
        b'{' | b'[' => Some(json(text)),
        b'<' => Some("HTML or XML, no event stream"),
        _ => None,
    }
}

const UTF_16: &str = "UTF-16, and event streams are UTF-8: convert it (iconv -f UTF-16 -t UTF-8)";

fn json(text: &[u8]) -> &'static str {
    let mut lines = text.split(|byte| *byte == b'\n');
    let first = lines.next().unwrap_or_default();
    let is_whole = serde_json::from_slice::<&RawValue>(first).is_ok();
    match is_whole && lines.any(|line| !line.trim_ascii().is_empty()) {
        true => "JSON lines (NDJSON), no event stream: jq reads them",
        false => "JSON, no event stream: jq reads it",
    }
}

#[cfg(test)]
mod tests;
