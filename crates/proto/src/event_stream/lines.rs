//! Bytes to lines (HTML Standard 9.2.5, `end-of-line`). In: chunks. Out: pieces of lines, each
//! saying whether its line ends there. A line ends at LF, CR or CRLF, and at nothing else.
//!
//! A line that is cut by the end of a chunk comes in two pieces or more, so nothing has to be held back here. A CR
//! at the end of a chunk ends its line at once; if the next chunk begins with LF, that one is skipped. So an event
//! is complete with its last CR, without a wait for what follows.
//!
//! Next: `fields.rs`.

/// Where the first look for a line end stops.
const NEAR: usize = 16;
/// Bytes looked at together after that.
const STRIDE: usize = 64;
/// After so many strides a call to the widest search the processor has is worth it.
const STRIDES: usize = 4;

/// A stretch of one line, without its line end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    /// May be empty: a blank line.
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

    /// Says that the byte just taken by the caller was, or was not, a CR.
    #[inline]
    pub(crate) fn set_after_cr(&mut self, after_cr: bool) {
        self.after_cr = after_cr;
    }
}

/// Where the first LF or CR stands.
#[inline(always)]
pub(crate) fn find_line_end(bytes: &[u8]) -> Option<usize> {
    let Some(near) = bytes.first_chunk::<NEAR>() else {
        return find_inline(bytes);
    };
    if let Some(found) = find_inline(near) {
        return Some(found);
    }
    let mut at = NEAR;
    for turn in 0..STRIDES {
        let Some(stride) = bytes[at..].first_chunk::<STRIDE>() else {
            return find_inline(&bytes[at..]).map(|found| at + found);
        };
        // So many lines end in the first stride that to ask beforehand would be one guess more.
        if turn == 0 || has_line_end(stride) {
            let found = find_in_stride(stride);
            if found < STRIDE {
                return Some(at + found);
            }
        }
        at += STRIDE;
    }
    let found = memchr::memchr2(b'\n', b'\r', &bytes[at..])?;
    Some(at + found)
}

/// Whether a line ends in these bytes. Compiles to vector instructions.
#[inline(always)]
fn has_line_end(stride: &[u8; STRIDE]) -> bool {
    let mut any = 0;
    for &byte in stride {
        any |= u8::from(byte == b'\n') | u8::from(byte == b'\r');
    }
    any != 0
}

/// Where the first LF or CR stands, or the length. Lines end at random places, so the answer is
/// computed without a branch that the processor would have to guess: the minimum of the places.
#[inline(always)]
fn find_in_stride(stride: &[u8; STRIDE]) -> usize {
    let mut left = 0;
    for (place, &byte) in (0..STRIDE as u8).zip(stride) {
        let ends = u8::from(byte == b'\n') | u8::from(byte == b'\r');
        left = left.max((STRIDE as u8 - place) & ends.wrapping_neg());
    }
    STRIDE - usize::from(left)
}

/// The vector instructions that every processor of the architecture has need no dispatch at run
/// time, so that the search is inlined.
#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[inline(always)]
fn find_inline(bytes: &[u8]) -> Option<usize> {
    memchr::arch::x86_64::sse2::memchr::Two::new(b'\n', b'\r')?.find(bytes)
}

#[cfg(all(target_arch = "aarch64", target_endian = "little"))]
#[inline(always)]
fn find_inline(bytes: &[u8]) -> Option<usize> {
    memchr::arch::aarch64::neon::memchr::Two::new(b'\n', b'\r')?.find(bytes)
}

#[cfg(not(any(
    all(target_arch = "x86_64", target_feature = "sse2"),
    all(target_arch = "aarch64", target_endian = "little")
)))]
#[inline(always)]
fn find_inline(bytes: &[u8]) -> Option<usize> {
    memchr::arch::all::memchr::Two::new(b'\n', b'\r').find(bytes)
}
