//! What may be lent. In: a chunk, any bytes, and blocks in it. Out: text around them that is known to be UTF-8.
//!
//! Next: `blocks.rs`.

use core::ops::Range;

/// How much is validated at a time, so that it is still in the cache when it is lent.
pub(super) const SIZE: usize = 64 * 1024;
/// The part of a chunk that has been validated as UTF-8, once and not once a field: short values are dominated
/// by the call.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) chunk: &'a [u8],
    pub(super) start: usize,
    end: usize,
    pub(super) text: &'a str,
    /// A window was not all UTF-8: look for the place from now on, which stops there.
    ill_formed: bool,
}

impl<'a> Window<'a> {
    #[inline(always)]
    pub(super) fn new(chunk: &'a [u8]) -> Self {
        Self {
            chunk,
            start: 0,
            end: 0,
            text: "",
            ill_formed: false,
        }
    }

    #[inline(always)]
    pub(super) fn reaches(&self, end: usize) -> bool {
        end <= self.end
    }

    /// Moves to a block that it does not reach, and as far as it can behind it; `None` when the block is not UTF-8.
    #[inline]
    pub(super) fn move_to(&mut self, block: Range<usize>) -> Option<&'a str> {
        let limit = block.end.max(block.start.saturating_add(SIZE));
        let limit = limit.min(self.chunk.len());
        let bytes = whole_characters(&self.chunk[block.start..limit]);
        self.text = self.validate(bytes);
        self.start = block.start;
        self.end = block.start + self.text.len();
        self.reaches(block.end).then_some(self.text)
    }

    #[inline]
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

/// Without a character that the end cuts off.
#[inline]
fn whole_characters(bytes: &[u8]) -> &[u8] {
    for (length, byte) in (1..=3).zip(bytes.iter().rev()) {
        let needed = match byte {
            0x80..=0xBF => continue,
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0.. => 4,
            _ => 1,
        };
        if needed > length {
            return &bytes[..bytes.len() - length];
        }
        break;
    }
    bytes
}
