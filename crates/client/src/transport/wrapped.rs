//! A connection with a way of its own to be read. In: a connection, and who reads it. Out: a connection; what is
//! written goes through as it is.
//!
//! Next: `paced.rs`, `http1/gate.rs`, `http2/activity.rs`, who read.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Reads a connection for another.
pub(super) trait Reader: Unpin {
    fn poll_read<I: AsyncRead + Unpin>(
        &mut self,
        io: &mut I,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>>;

    /// All that was written so far is with the system.
    fn flushed(&mut self) {}
}

pub(super) struct Wrapped<I, R> {
    pub(super) io: I,
    pub(super) reader: R,
}

impl<I, R> Wrapped<I, R> {
    pub(super) fn new(io: I, reader: R) -> Self {
        Self { io, reader }
    }
}

impl<I: AsyncRead + Unpin, R: Reader> AsyncRead for Wrapped<I, R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.reader.poll_read(&mut this.io, cx, buffer)
    }
}

impl<I: AsyncWrite + Unpin, R: Reader> AsyncWrite for Wrapped<I, R> {
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
        self.reader.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
