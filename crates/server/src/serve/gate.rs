//! The socket as hyper sees it. In: bytes that have been read already, and the connection. Out: those bytes
//! first; and a mark when everything hyper has written is out.
//!
//! Why: the head is read before hyper is made, into a buffer of its size, so that clients that never finish a head
//! do not cost one of hyper's buffers each. And a response can only leave hyper when all earlier responses on the
//! connection, and interim ones such as 100, are with the kernel.
//!
//! Next: `handoff.rs` reads the mark.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Set when hyper flushes, which it does when nothing is left in its own buffer.
#[derive(Clone, Debug, Default)]
pub(super) struct Flushed(Arc<AtomicBool>);

impl Flushed {
    /// From now on, only a flush that is still to come counts.
    pub(super) fn forget(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// Whether all that hyper has written so far is with the connection.
    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A connection of which something has been read.
#[derive(Debug)]
pub(super) struct Gate<T> {
    /// What was read before hyper, and hyper has not yet taken.
    ahead: Bytes,
    io: T,
    flushed: Flushed,
}

impl<T> Gate<T> {
    /// Returns a connection that gives `ahead` first.
    pub(super) fn new(ahead: Vec<u8>, io: T, flushed: Flushed) -> Self {
        let ahead = ahead.into();
        Self { ahead, io, flushed }
    }

    /// The connection, and how many bytes of those read before hyper has not taken.
    pub(super) fn into_parts(self) -> (T, usize) {
        (self.io, self.ahead.len())
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Gate<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.ahead.is_empty() {
            return Pin::new(&mut self.io).poll_read(cx, buffer);
        }
        let count = self.ahead.len().min(buffer.remaining());
        buffer.put_slice(&self.ahead[..count]);
        self.ahead.advance(count);
        if self.ahead.is_empty() {
            self.ahead = Bytes::new();
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Gate<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.io).poll_flush(cx))?;
        self.flushed.0.store(true, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
