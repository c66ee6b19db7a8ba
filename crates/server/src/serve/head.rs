//! The head of a connection's first request. In: reads of any size. Out: all that has come once the head is
//! whole, in a buffer of its size; what is wrong with it is hyper's to say.
//!
//! Why not hyper: a connection costs it 11 KiB from the first byte on, this costs what has come. What counts as
//! whole is kept simple: a blank line behind a first line. What hyper would refuse without waiting for more is
//! handed over at once: a first byte that begins no method, and a first line that ends in no known version.
//!
//! Next: `connection.rs` gives it to hyper, `http1.rs` in one piece.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

/// What a client of HTTP/2 sends first (RFC 9113, section 3.4): it looks like a head with a blank line behind
/// a line of its own.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// How far it looks like a head.
const PREFACE_HEAD: usize = 18;

/// What one read may bring. It is on the stack.
const READ: usize = 4096;

/// What has come, and whether it is whole.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// All that has come, the bytes behind the head included.
    bytes: Vec<u8>,
    /// How far `bytes` have been looked at.
    lines: Lines,
}

/// Where in the head it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Lines {
    /// In front of the first line: blank lines are skipped there (RFC 9112, section 2.2).
    #[default]
    Before,
    /// In the request line.
    First,
    /// At the beginning of a line, or behind a CR there.
    Beginning,
    /// Inside a header line.
    Inside,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A whole head, or something that is none.
    Http1,
    /// The preface of HTTP/2.
    Http2,
    /// More than the limit without a whole head.
    TooLong,
    /// The client went away before.
    Gone,
}

impl Head {
    /// Whether anything has come. Silence is not answered.
    pub(super) fn has_begun(&self) -> bool {
        !self.bytes.is_empty()
    }

    /// Returns what has come, for hyper.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Reads until the head is whole.
    pub(super) fn poll(
        &mut self,
        io: &mut (impl AsyncRead + Unpin),
        most: usize,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<Found>> {
        let mut room = [0; READ];
        loop {
            let mut read = ReadBuf::new(&mut room);
            ready!(Pin::new(&mut *io).poll_read(cx, &mut read))?;
            if read.filled().is_empty() {
                return Poll::Ready(Ok(Found::Gone));
            }
            if let Some(found) = self.take(read.filled(), most) {
                return Poll::Ready(Ok(found));
            }
        }
    }

    /// What comes behind the head in the same read is kept: it is hyper's too.
    fn take(&mut self, read: &[u8], most: usize) -> Option<Found> {
        self.bytes.reserve_exact(read.len());
        self.bytes.extend_from_slice(read);
        let before = self.bytes.len() - read.len();
        for (at, byte) in read.iter().enumerate() {
            self.lines = match (self.lines, byte) {
                (Lines::Before, b'\n') | (_, b'\r') => self.lines,
                (Lines::Before, byte) if !begins_method(*byte) => return Some(Found::Http1),
                (Lines::Before, _) => Lines::First,
                (Lines::First, b'\n') if !is_request_line(&self.bytes[..before + at]) => {
                    return Some(Found::Http1);
                }
                // There is no deadline for the rest of it behind this one.
                (Lines::Beginning, b'\n')
                    if self.bytes[..=before + at] == PREFACE[..PREFACE_HEAD] =>
                {
                    Lines::Beginning
                }
                (Lines::Beginning, b'\n') => return Some(self.whole(before + at + 1, most)),
                (_, b'\n') => Lines::Beginning,
                (Lines::First, _) => Lines::First,
                _ => Lines::Inside,
            };
        }
        (self.bytes.len() >= most).then_some(Found::TooLong)
    }

    /// What a head of this length is, now that its blank line is there.
    fn whole(&self, length: usize, most: usize) -> Found {
        match () {
            () if self.bytes.starts_with(PREFACE) => Found::Http2,
            () if length > most => Found::TooLong,
            () => Found::Http1,
        }
    }
}

/// Whether hyper would wait for more behind it (RFC 9110, sections 5.6.2 and 9.1).
fn begins_method(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Whether it ends as one must. hyper refuses all others, and need not wait for more.
fn is_request_line(line: &[u8]) -> bool {
    const VERSIONS: [&[u8]; 3] = [b" HTTP/1.1", b" HTTP/1.0", b" HTTP/2.0"];
    let line = line.trim_ascii_end();
    VERSIONS.iter().any(|version| line.ends_with(version))
}

#[cfg(test)]
mod tests;
