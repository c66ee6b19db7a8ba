//! Bytes to lines (HTML Standard 9.2.5, `end-of-line`). In: chunks. Out: pieces of lines, each
//! saying whether its line ends there. A line ends at LF, CR or CRLF, and at nothing else.
//!
//! Next: `fields.rs`.

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

    /// Says that the byte just taken by the caller was, or was not, a CR.
    #[inline]
    pub(crate) fn set_after_cr(&mut self, after_cr: bool) {
        self.after_cr = after_cr;
    }
}

/// Where the first LF or CR stands.
#[inline]
pub(crate) fn find_line_end(bytes: &[u8]) -> Option<usize> {
    memchr::memchr2(b'\n', b'\r', bytes)
}
