//! Short pieces. In: a chunk of less than 64 bytes, or a line. Out: where the chunk's lines end; or it is appended.
//!
//! Next: `decoder/short.rs`.

use super::masks::of_short;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// Where the lines of a short chunk end.
pub(super) struct Ends {
    pub(super) lf: u64,
    pub(super) cr: u64,
}

impl Ends {
    #[inline(always)]
    pub(super) fn of(chunk: &[u8]) -> Self {
        Self {
            lf: of_short(chunk, b'\n'),
            cr: of_short(chunk, b'\r'),
        }
    }

    #[inline(always)]
    pub(super) fn any(&self) -> u64 {
        self.lf | self.cr
    }
}

/// Bytes of a short chunk copied at once.
const PIECE: usize = 16;

/// Appends bytes, a few of them as two copies of a fixed length that overlap: one of any length is a call.
#[inline(always)]
pub(super) fn push_short(to: &mut Vec<u8>, bytes: &[u8]) {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<PIECE>(), bytes.last_chunk::<PIECE>())
        && bytes.len() <= 2 * PIECE
    {
        let length = to.len() + bytes.len();
        to.extend_from_slice(first);
        to.truncate(length - PIECE);
        to.extend_from_slice(last);
    } else {
        to.extend_from_slice(bytes);
    }
}

/// Bytes of a short line copied at once.
const GULP: usize = 96;

/// Appends a line. A short one takes what follows it along and is cut: a copy of a fixed length is
/// a few instructions, one of a random length is a call and a guess.
#[inline(always)]
pub(super) fn push_line(joined: &mut String, text: &str, line: Range<usize>) {
    let length = joined.len() + line.len();
    if line.len() <= GULP
        && let Some(gulp) = text.get(line.start..line.start + GULP)
    {
        joined.push_str(gulp);
        joined.truncate(length);
    } else {
        joined.push_str(&text[line]);
    }
}
