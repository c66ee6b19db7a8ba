//! A block that a chunk has cut off. In: bytes from the start of a block on, as they come. Out: the whole block.
//!
//! Next: `decoder/carrying.rs`, which fills it.

use super::short::push_short;
use alloc::vec::Vec;

/// The most bytes of a block that are kept until it is whole; the layers take a longer one.
pub(super) const SIZE: usize = 4 * 1024;

/// The bytes of a block without its end. No line in it means anything before the block ends.
#[derive(Debug)]
pub(super) struct Carry {
    bytes: Vec<u8>,
    /// Where the last line starts, which has no end.
    line: usize,
    /// No longer than a limit, so that nothing in it can exceed one.
    size: usize,
}

impl Carry {
    pub(super) const fn new(size: usize) -> Self {
        Self {
            bytes: Vec::new(),
            line: 0,
            size,
        }
    }

    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    #[inline]
    pub(super) fn has_room(&self, bytes: usize) -> bool {
        self.bytes.len() + bytes <= self.size
    }

    #[inline]
    pub(super) fn after_cr(&self) -> bool {
        self.bytes.last() == Some(&b'\r')
    }

    /// The first byte of the last line, if any of it is here.
    #[inline]
    pub(super) fn line_first(&self) -> Option<u8> {
        self.bytes.get(self.line).copied()
    }

    /// Adds bytes; a line starts in them at `line`, or not.
    #[inline]
    pub(super) fn push(&mut self, bytes: &[u8], line: Option<usize>) {
        if let Some(line) = line {
            self.line = self.bytes.len() + line;
        }
        push_short(&mut self.bytes, bytes);
    }

    /// Adds a few bytes, in which no line ends.
    #[inline]
    pub(super) fn push_short(&mut self, bytes: &[u8]) {
        push_short(&mut self.bytes, bytes);
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.line = 0;
    }

    /// The bytes, which leaves it empty.
    #[inline]
    pub(super) fn take(&mut self) -> Vec<u8> {
        self.line = 0;
        core::mem::take(&mut self.bytes)
    }

    /// Gives the room back.
    #[inline]
    pub(super) fn give_back(&mut self, mut bytes: Vec<u8>) {
        bytes.clear();
        self.bytes = bytes;
    }

    /// Whether a line in it is one of data.
    pub(super) fn has_data(&self) -> bool {
        let mut lines = self.bytes.split(|byte| matches!(byte, b'\n' | b'\r'));
        lines.any(|line| line.starts_with(b"data:") || line == b"data")
    }
}
