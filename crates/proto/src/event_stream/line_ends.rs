//! Line ends, one after the other. In: bytes, and where to start. Out: where each line ends: at its LF, or at
//! the CR of its CR or CRLF.
//!
//! Next: `window.rs`.

use super::masks::{BLOCK, is_in_block, of_block, of_short};

/// Blocks without a line end, after which a search by memchr is worth the call.
const EMPTY_BLOCKS: usize = 6;

/// Looks at each byte once, however many lines there are.
pub(super) struct LineEnds<'a> {
    bytes: &'a [u8],
    /// Where the bytes start that `ends` speaks of.
    base: usize,
    /// The line ends in them that have not been taken.
    ends: u64,
    /// 1 when the byte in front of the next block is a CR.
    after_cr: u64,
}

impl<'a> LineEnds<'a> {
    /// From `at` on; an LF there belongs to a CR in front of it, if there is one.
    #[inline(always)]
    pub(super) fn new(bytes: &'a [u8], at: usize, after_cr: bool) -> Self {
        let mut ends = Self {
            bytes,
            base: at,
            ends: 0,
            after_cr: u64::from(after_cr),
        };
        ends.look();
        ends
    }

    /// Starts anew at `at`, which is the start of a line.
    #[inline]
    pub(super) fn seek(&mut self, at: usize) {
        self.base = at;
        self.after_cr = 0;
        self.look();
    }

    /// Whether another line may end, which is looked up one block at a time.
    #[inline(always)]
    pub(super) fn may_have_more(&self) -> bool {
        self.ends != 0 || self.bytes.len() - self.base > BLOCK
    }

    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<usize> {
        if self.ends == 0 && !self.advance() {
            return None;
        }
        let place = self.ends.trailing_zeros();
        self.ends &= self.ends - 1;
        Some(self.base + place as usize)
    }

    /// To the next block that has a line end.
    #[inline(always)]
    fn advance(&mut self) -> bool {
        for _ in 0..EMPTY_BLOCKS {
            if self.bytes.len() - self.base <= BLOCK {
                return false;
            }
            self.base += BLOCK;
            self.look();
            if self.ends != 0 {
                return true;
            }
        }
        self.leap()
    }

    /// Over a long line.
    #[inline(never)]
    fn leap(&mut self) -> bool {
        let rest = self.bytes.get(self.base + BLOCK..).unwrap_or(&[]);
        let Some(length) = memchr::memchr2(b'\n', b'\r', rest) else {
            return false;
        };
        self.base += BLOCK + length;
        self.after_cr = 0;
        self.look();
        true
    }

    #[inline(always)]
    fn look(&mut self) {
        let rest = &self.bytes[self.base..];
        let (lf, cr) = match rest.first_chunk() {
            // Most streams have none.
            Some(block) if !is_in_block(block, b'\r') => (of_block(block, b'\n'), 0),
            Some(block) => (of_block(block, b'\n'), of_block(block, b'\r')),
            None => (of_short(rest, b'\n'), of_short(rest, b'\r')),
        };
        self.ends = cr | lf & !(cr << 1 | self.after_cr);
        self.after_cr = cr >> (BLOCK - 1);
    }
}
