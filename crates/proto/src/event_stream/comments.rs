//! Runs of comments. In: bytes from the start of a comment on. Out: a place behind most of them.
//!
//! Next: back to `blocks.rs`.

/// Bytes looked at together in a run of comments.
const STRIDE: usize = 64;

/// From the start of a comment to a place further on, in or right behind a comment, that is reached
/// over comments and blank lines only.
#[inline]
pub(super) fn skip_comments(bytes: &[u8], mut at: usize) -> usize {
    while let Some(stride) = bytes[at..].first_chunk::<{ STRIDE + 1 }>()
        && !starts_field(stride)
    {
        at += STRIDE;
    }
    at
}

/// Whether a line starts behind one of the first bytes, that is neither a comment nor blank. A
/// search for the place would compile to a loop over bytes, the question alone to vectors.
#[inline]
fn starts_field(stride: &[u8; STRIDE + 1]) -> bool {
    let mut any = 0;
    for (&byte, &next) in stride.iter().zip(&stride[1..]) {
        let line_ends = u8::from(byte == b'\n') | u8::from(byte == b'\r');
        let idle = u8::from(next == b':') | u8::from(next == b'\n') | u8::from(next == b'\r');
        any |= line_ends & !idle & 1;
    }
    any != 0
}
