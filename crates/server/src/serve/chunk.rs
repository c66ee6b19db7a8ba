//! One frame on its way to a socket. In: a shared slice. Out: writes: what stands before and behind it on
//! the wire is made anew each time, so that nothing but the slice and a number is held.
//!
//! # On the wire
//!
//! | [`Around`] | in front | behind |
//! |---|---|---|
//! | `Nothing` | | |
//! | `Chunk` | the length in hexadecimal digits, CR LF | CR LF |
//! | `LastChunk` | the same | CR LF `0` CR LF CR LF |
//! | `LastChunk`, no bytes | | `0` CR LF CR LF |
//!
//! Up to 4 KiB in all are copied to a buffer of the thread's and written by one `write`; more go out by `writev`,
//! without a copy. A connection that takes only some of it is asked again: `written` counts across all parts, so
//! nothing is sent twice.
//!
//! Next: `stream.rs` holds one at most.

use std::cell::RefCell;
use std::io::{self, ErrorKind, IoSlice, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use tokio::io::AsyncWrite;

/// Up to here a copy and `write` cost less than a list and `writev`.
const SMALL: usize = 4 << 10;

/// The longest size line: sixteen digits and a line end.
const SIZE_LINE: usize = 18;

const LINE_END: &[u8] = b"\r\n";
const LAST: &[u8] = b"0\r\n\r\n";
const END_AND_LAST: &[u8] = b"\r\n0\r\n\r\n";

/// What stands around the bytes on the wire.
///
/// How a frame is enclosed (RFC 9112, section 7.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    /// The bytes alone: HTTP/1.0, or a body that failed.
    Nothing,
    /// One chunk, with others to follow.
    Chunk,
    /// One chunk and the end of the body. Without bytes, the end alone.
    LastChunk,
}

/// A frame, and how much of it has been written.
#[derive(Debug)]
pub(super) struct Chunk {
    /// Leaves first: the head of the response, before its first frame.
    pub(super) before: Box<[u8]>,
    /// Shared with other connections.
    bytes: Bytes,
    around: Around,
    /// Of all of it, in the order of the wire.
    written: usize,
}

impl Chunk {
    /// Returns a frame of which nothing has been written.
    pub(super) fn new(bytes: Bytes, around: Around) -> Self {
        Self {
            before: Box::default(),
            bytes,
            around,
            written: 0,
        }
    }

    /// The head of a response, without a frame.
    pub(super) fn head(head: Box<[u8]>) -> Self {
        Self {
            before: head,
            ..Self::new(Bytes::new(), Around::Nothing)
        }
    }

    /// In the order of the wire.
    fn parts<'a>(&'a self, room: &'a mut [u8; SIZE_LINE]) -> [&'a [u8]; 4] {
        let size = self.bytes.len();
        let (line, behind): (&[u8], &[u8]) = match self.around {
            Around::Nothing => (&[], &[]),
            Around::LastChunk if size == 0 => (&[], LAST),
            Around::Chunk => (size_line(size, room), LINE_END),
            Around::LastChunk => (size_line(size, room), END_AND_LAST),
        };
        [&self.before, line, &self.bytes, behind]
    }

    /// Writes until all of it is with the connection.
    pub(super) fn poll_write(
        &mut self,
        io: &mut (impl AsyncWrite + Unpin),
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        let mut room = [0; SIZE_LINE];
        let mut written = self.written;
        let result = loop {
            let parts = after(self.parts(&mut room), written);
            let left: usize = parts.iter().map(|part| part.len()).sum();
            if left == 0 {
                return Poll::Ready(Ok(()));
            }
            match poll_some(io, cx, parts, left) {
                Poll::Ready(Ok(0)) => break Poll::Ready(Err(ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(count)) => written += count,
                Poll::Ready(Err(error)) => break Poll::Ready(Err(error)),
                Poll::Pending => break Poll::Pending,
            }
        };
        self.written = written;
        result
    }
}

/// Writes the line in front of a chunk. `room` is on the caller's stack.
fn size_line(size: usize, room: &mut [u8; SIZE_LINE]) -> &[u8] {
    let mut left = room.as_mut_slice();
    // There is room for the largest.
    let _ = write!(left, "{size:x}\r\n");
    let unused = left.len();
    &room[..SIZE_LINE - unused]
}

/// What is left of the parts.
fn after(mut parts: [&[u8]; 4], mut written: usize) -> [&[u8]; 4] {
    for part in &mut parts {
        let gone = written.min(part.len());
        *part = &part[gone..];
        written -= gone;
    }
    parts
}

/// Writes some of the parts: `left` bytes are in them.
fn poll_some(
    io: &mut (impl AsyncWrite + Unpin),
    cx: &mut Context<'_>,
    parts: [&[u8]; 4],
    left: usize,
) -> Poll<io::Result<usize>> {
    let io = Pin::new(io);
    let mut lone = parts.iter().filter(|part| !part.is_empty());
    if let (Some(part), None) = (lone.next(), lone.next()) {
        return io.poll_write(cx, part);
    }
    if left > SMALL {
        return io.poll_write_vectored(cx, &parts.map(IoSlice::new));
    }
    thread_local! {
        static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    let mut buffer = BUFFER.take();
    buffer.clear();
    parts.iter().for_each(|part| buffer.extend_from_slice(part));
    let written = io.poll_write(cx, &buffer);
    BUFFER.set(buffer);
    written
}

#[cfg(test)]
mod tests;
