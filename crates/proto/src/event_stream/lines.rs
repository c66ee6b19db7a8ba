//! Bytes to lines (HTML Standard 9.2.5, `end-of-line`). In: chunks. Out: pieces of lines, each
//! saying whether its line ends there. A line ends at LF, CR or CRLF, and at nothing else.
//!
//! Next: `fields.rs`.

const WORD: usize = 8;
const BLOCK: usize = 32;
/// Up to here an inlined search beats the call into `memchr`.
const SHORT: usize = 64;

/// A stretch of one line, without its line end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub(crate) bytes: &'a [u8],
    /// Where in the chunk they end, before any line end.
    pub(crate) end: usize,
    /// The line ends after these bytes.
    pub(crate) ended: bool,
}

/// Splits chunks into pieces of lines; all it remembers is whether the last byte was a CR.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// A CR has ended the line already; an LF right after it belongs to the same line end.
    after_cr: bool,
}

impl Lines {
    /// The next piece of `chunk` from `at` on, which moves past it and its line end.
    #[inline]
    pub(crate) fn next_piece<'a>(&mut self, chunk: &'a [u8], at: &mut usize) -> Option<Piece<'a>> {
        *at += self.skip_line_feed(chunk, *at);
        let rest = chunk.get(*at..).filter(|rest| !rest.is_empty())?;
        let Some(end) = find_line_end(rest) else {
            *at = chunk.len();
            return Some(Piece {
                bytes: rest,
                end: chunk.len(),
                ended: false,
            });
        };
        self.after_cr = rest[end] == b'\r';
        let bytes_end = *at + end;
        *at = bytes_end + 1;
        *at += self.skip_line_feed(chunk, *at);
        Some(Piece {
            bytes: &rest[..end],
            end: bytes_end,
            ended: true,
        })
    }

    /// 1 when the byte at `at` is the LF of a CRLF whose CR has been taken, else 0.
    #[inline]
    pub(crate) fn skip_line_feed(&mut self, chunk: &[u8], at: usize) -> usize {
        if !self.after_cr {
            return 0;
        }
        let Some(&byte) = chunk.get(at) else { return 0 };
        self.after_cr = false;
        usize::from(byte == b'\n')
    }

    /// Says that the byte just taken by somebody else was, or was not, a CR.
    #[inline]
    pub(crate) fn set_after_cr(&mut self, after_cr: bool) {
        self.after_cr = after_cr;
    }
}

/// Where the first LF or CR stands.
#[inline]
pub(crate) fn find_line_end(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while at < SHORT {
        let Some(block) = bytes.get(at..).and_then(<[u8]>::first_chunk::<BLOCK>) else {
            return find_in_tail(bytes, at);
        };
        if may_hold_line_end(block)
            && let Some(found) = find_in_block(block)
        {
            return Some(at + found);
        }
        at += BLOCK;
    }
    memchr::memchr2(b'\n', b'\r', &bytes[at..]).map(|found| at + found)
}

/// Whether any byte is small enough to be LF or CR. The loop compiles to a few vector
/// instructions, which exact equality with two bytes would double.
#[inline]
fn may_hold_line_end(block: &[u8; BLOCK]) -> bool {
    let mut any = 0;
    for &byte in block {
        any |= u8::from(byte <= b'\r');
    }
    any != 0
}

#[inline]
fn find_in_block(block: &[u8; BLOCK]) -> Option<usize> {
    let mut at = 0;
    while at < BLOCK {
        if let Some(word) = block[at..].first_chunk::<WORD>()
            && let Some(found) = find_in_word(*word)
        {
            return Some(at + found);
        }
        at += WORD;
    }
    None
}

#[inline]
fn find_in_tail(bytes: &[u8], mut at: usize) -> Option<usize> {
    while let Some(word) = bytes[at..].first_chunk::<WORD>() {
        if let Some(found) = find_in_word(*word) {
            return Some(at + found);
        }
        at += WORD;
    }
    let found = bytes[at..].iter().position(|&b| b == b'\n' || b == b'\r')?;
    Some(at + found)
}

/// Eight bytes at a time in a register: the lowest marked byte of [`zero_bytes`] is exact.
#[inline]
fn find_in_word(word: [u8; WORD]) -> Option<usize> {
    const LF: u64 = u64::from_ne_bytes([b'\n'; WORD]);
    const CR: u64 = u64::from_ne_bytes([b'\r'; WORD]);
    let word = u64::from_le_bytes(word);
    let marked = zero_bytes(word ^ LF) | zero_bytes(word ^ CR);
    (marked != 0).then(|| marked.trailing_zeros() as usize / 8)
}

/// Marks, by their highest bit, the bytes that are zero; bytes above a zero may be marked too.
#[inline]
const fn zero_bytes(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([0x01; WORD]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; WORD]);
    word.wrapping_sub(ONES) & !word & HIGHS
}
