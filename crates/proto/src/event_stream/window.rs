//! What the fast path may read. In: a chunk, any bytes. Out: text that is known to be UTF-8 and
//! consists of whole blocks.
//!
//! A window is at most 64 KiB and ends behind a blank line. It is validated as a whole, which is several times
//! faster than value by value. Once one was not UTF-8, later windows of the chunk end in front of the bad bytes;
//! the layers read the block that holds them and repair it.
//!
//! Next: `blocks.rs`.

use super::Limits;

/// How much is validated at a time, so that it is still in the cache when it is read.
const SIZE: usize = 64 * 1024;

/// The part of a chunk that has been validated as UTF-8: whole blocks, as many as a window holds.
pub(super) struct Window<'a> {
    /// What the decoder was called with.
    chunk: &'a [u8],
    /// No longer than a limit, so that nothing in a window can exceed one.
    size: usize,
    /// Where the last whole block ends, as far as has been looked.
    end: usize,
    /// Where `text` begins in the chunk.
    start: usize,
    /// The window, up to its end or to bytes that are not UTF-8.
    text: &'a str,
    /// A window was not all UTF-8: look for the place from now on, which stops there.
    ill_formed: bool,
}

impl<'a> Window<'a> {
    /// Returns a window on a chunk; looks at nothing yet.
    #[inline]
    pub(super) fn new(chunk: &'a [u8], limits: &Limits) -> Self {
        Self {
            chunk,
            size: SIZE.min(limits.line).min(limits.event),
            end: 0,
            start: 0,
            text: "",
            ill_formed: false,
        }
    }

    /// The text from `at`, the start of a block, on; `None` when no block ends in it.
    #[inline]
    pub(super) fn text_from(&mut self, at: usize) -> Option<&'a str> {
        let rest = self.text.get(at - self.start..).unwrap_or("");
        if !rest.is_empty() {
            return Some(rest);
        }
        if at >= self.end {
            let limit = self.chunk.len().min(at.saturating_add(self.size));
            self.end = at + whole_blocks(&self.chunk[at..limit])?.len();
        }
        self.start = at;
        self.text = self.validate(&self.chunk[at..self.end]);
        Some(self.text)
    }

    /// The bytes as text, or those in front of the first that are not.
    fn validate(&mut self, bytes: &'a [u8]) -> &'a str {
        if !self.ill_formed {
            if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
                return text;
            }
            self.ill_formed = true;
        }
        match simdutf8::compat::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => core::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or(""),
        }
    }
}

/// Up to the last blank line: a block that is cut off would be read twice. Looks at the last bytes
/// first, as servers write whole events at a time.
#[inline]
fn whole_blocks(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.ends_with(b"\n\n") {
        return Some(bytes);
    }
    let mut line = bytes;
    loop {
        let last = memchr::memrchr2(b'\n', b'\r', line)?;
        line = &line[..last];
        if bytes[last] == b'\n' {
            line = line.strip_suffix(b"\r").unwrap_or(line);
        }
        if matches!(line.last(), None | Some(b'\n' | b'\r')) {
            return Some(&bytes[..=last]);
        }
    }
}
