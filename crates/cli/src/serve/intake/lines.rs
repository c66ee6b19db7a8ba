//! Lines. In: chunks. Out: each line without its end, numbered; of one that is too long, that it is.
//!
//! Next: back to `intake.rs`.

use memchr::memchr;

use super::unusable::Unusable;

/// Lines end at LF or CRLF. Keeps one line at most, and of that no more than the limit.
#[derive(Debug)]
pub(super) struct Lines {
    limit: usize,
    /// Of the line that is being read.
    number: u64,
    begun: Vec<u8>,
    too_long: bool,
}

impl Lines {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            number: 1,
            begun: Vec::new(),
            too_long: false,
        }
    }

    pub(super) fn read(
        &mut self,
        mut chunk: &[u8],
        mut take: impl FnMut(u64, Result<&[u8], Unusable>),
    ) {
        while let Some(end) = memchr(b'\n', chunk) {
            let (line, rest) = (&chunk[..end], &chunk[end + 1..]);
            chunk = rest;
            if self.begun.is_empty() && !self.too_long && line.len() <= self.limit {
                take(self.number, Ok(without_cr(line)));
                self.number += 1;
            } else {
                self.keep(line);
                self.finish(&mut take);
            }
        }
        self.keep(chunk);
    }

    /// A last line without an end is a line.
    pub(super) fn end(&mut self, take: impl FnMut(u64, Result<&[u8], Unusable>)) {
        if self.too_long || !self.begun.is_empty() {
            self.finish(take);
        }
    }

    fn keep(&mut self, part: &[u8]) {
        if self.too_long || part.len() > self.limit - self.begun.len() {
            self.too_long = true;
            self.begun = Vec::new();
        } else {
            self.begun.extend_from_slice(part);
        }
    }

    fn finish(&mut self, mut take: impl FnMut(u64, Result<&[u8], Unusable>)) {
        let limit = self.limit;
        match self.too_long {
            true => take(self.number, Err(Unusable::TooLong { limit })),
            false => take(self.number, Ok(without_cr(&self.begun))),
        }
        self.number += 1;
        self.begun.clear();
        self.too_long = false;
    }
}

fn without_cr(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}
