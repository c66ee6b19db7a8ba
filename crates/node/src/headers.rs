//! Values of headers as JavaScript has them. In: text with a character for each byte. Out: the bytes.
//!
//! Next: `options.rs` and `question.rs`, which send them.

/// `Headers` of JavaScript holds a byte a character.
pub(crate) fn header_bytes(value: &str) -> Vec<u8> {
    value
        .chars()
        .map(|ch| u8::try_from(ch).unwrap_or(b'?'))
        .collect()
}
