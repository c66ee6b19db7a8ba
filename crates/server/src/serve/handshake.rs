//! Handshakes. In: a listener, and what turns its connections into encrypted ones. Out: a listener whose
//! connections shake hands when they are first read, so that accepting never waits for a client.
//!
//! A failed handshake is a failed read: the connection ends without an answer. What comes before it ends is the
//! handshake's, so the [limits](crate::ServeLimits) of the head bound it: 30 s unless set otherwise. A connection
//! that is closed before the handshake is done is not shut down, only dropped.
//!
//! Next: `head.rs` reads first; its limits are those of the handshake too.

use std::fmt;
use std::future::Future;
use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::listener::Listener;

/// Accepts connections that begin with a handshake. Made by
/// [`Serve::with_handshake`](crate::Serve::with_handshake).
///
/// It is a [`Listener`](crate::Listener) itself: addresses and the errors of accepting are those of the listener
/// inside.
#[derive(Debug)]
pub struct WithHandshake<L, F> {
    pub(super) listener: L,
    pub(super) shake: F,
}

impl<L, F, Fut, T> Listener for WithHandshake<L, F>
where
    L: Listener,
    F: FnMut(L::Io) -> Fut + Send + 'static,
    Fut: Future<Output = io::Result<T>> + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    type Io = Handshake<T>;
    type Addr = L::Addr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (io, address) = self.listener.accept().await;
        let shaking = Box::pin((self.shake)(io));
        let state = State::Shaking(shaking);
        (Handshake { state }, address)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// Represents a connection that begins with a handshake.
///
/// Accepting one returns at once. The handshake runs when the connection is first read or written, in the
/// connection's own task, so a client that stalls in it keeps no other from being accepted. If it fails, that read
/// or write returns its error, and each later one [`NotConnected`](std::io::ErrorKind::NotConnected).
pub struct Handshake<T> {
    state: State<T>,
}

/// How far the handshake has come.
enum State<T> {
    /// It is running.
    Shaking(Pin<Box<dyn Future<Output = io::Result<T>> + Send>>),
    /// It has succeeded; this is the connection it made.
    Done(T),
    /// It has failed, or panicked.
    Failed,
}

impl<T: Unpin> Handshake<T> {
    /// Returns the connection once the handshake has succeeded.
    fn poll_done(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Pin<&mut T>>> {
        if let State::Shaking(shaking) = &mut self.state {
            let shaken = ready!(shaking.as_mut().poll(cx));
            self.state = State::Failed;
            self.state = State::Done(shaken?);
        }
        Poll::Ready(match &mut self.state {
            State::Done(io) => Ok(Pin::new(io)),
            _ => Err(ErrorKind::NotConnected.into()),
        })
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Handshake<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_done(cx))?.poll_read(cx, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Handshake<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_done(cx))?.poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_done(cx))?.poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        matches!(&self.state, State::Done(io) if io.is_write_vectored())
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_done(cx))?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.state {
            State::Done(io) => Pin::new(io).poll_shutdown(cx),
            _ => Poll::Ready(Ok(())),
        }
    }
}

impl<T> fmt::Debug for Handshake<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            State::Shaking(_) => "shaking hands",
            State::Done(_) => "done",
            State::Failed => "failed",
        };
        f.debug_struct("Handshake").field("state", &state).finish()
    }
}
