//! The buffer that the connections of a thread read into, one after the other. In: nothing. Out: [`Lent`] bytes, whose
//! drop gives the buffer back.
//!
//! A connection that waits for its server holds no buffer. One that is read while the buffer is lent, by a handler or on
//! another thread, makes a new one, and a thread keeps one of those that come back.
//!
//! Next: `http1/reader.rs`, which reads; `body.rs`, which hands on.

use std::cell::Cell;
use std::ops::{Deref, Range};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::SizeHint;

use super::TransportError;

/// How much one read may bring.
pub(super) const BUFFER: usize = 64 * 1024;

thread_local! {
    static SPARE: Cell<Option<Box<[u8]>>> = const { Cell::new(None) };
}

/// The thread's buffer, or a new one while that is lent.
#[derive(Debug)]
pub(super) struct Buffer(Box<[u8]>);

impl Buffer {
    pub(super) fn take() -> Self {
        // A thread that is about to end has none any more.
        let spare = SPARE.try_with(Cell::take).ok().flatten();
        Self(spare.unwrap_or_else(|| vec![0; BUFFER].into_boxed_slice()))
    }

    pub(super) fn bytes(&mut self) -> &mut [u8] {
        &mut self.0
    }

    pub(super) fn lend(self, range: Range<usize>) -> Lent {
        Lent {
            buffer: self,
            range,
        }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let buffer = std::mem::take(&mut self.0);
        let _ = SPARE.try_with(|spare| spare.set(Some(buffer)));
    }
}

/// Bytes in a buffer that goes back to its thread once they are read.
#[derive(Debug)]
pub(crate) struct Lent {
    buffer: Buffer,
    range: Range<usize>,
}

impl Deref for Lent {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.buffer.0[self.range.clone()]
    }
}

/// Bytes of a body, wherever they are.
#[derive(Debug)]
pub(crate) enum Piece {
    Owned(Bytes),
    Lent(Lent),
}

impl Deref for Piece {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Owned(bytes) => bytes,
            Self::Lent(lent) => lent,
        }
    }
}

/// A body that lends what it reads.
pub(crate) trait Lending: Send {
    /// The next bytes, never none; `None` at the clean end.
    fn poll_lent(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Lent, TransportError>>>;

    fn size_hint(&self) -> SizeHint;
}

#[cfg(test)]
mod tests;
