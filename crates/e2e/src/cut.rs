//! A connection that stops at a byte. In: a socket, and how many bytes may be written. Out: exactly
//! those bytes, and where in the response that was.
//!
//! Next: `bin/kill-server.rs`, which lets itself be killed there.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// How much of what was written is remembered: more than any head or event here.
const REMEMBERED: usize = 4096;

/// Where a response was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// Before the body.
    Head,
    /// In the body, between two events or in what is no event.
    Body,
    /// In the middle of an event.
    Event,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Head => "head",
            Self::Body => "body",
            Self::Event => "event",
        })
    }
}

impl Place {
    /// The place by its name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let all = [Self::Head, Self::Body, Self::Event];
        all.into_iter().find(|place| place.to_string() == name)
    }
}

/// The bytes that all connections together may write, and what happens after the last of them.
pub struct Budget {
    left: AtomicUsize,
    spent: Box<dyn Fn(Place) + Send + Sync>,
}

impl Budget {
    /// `spent` is called when `bytes` have been written, before anything else can be.
    #[must_use]
    pub fn new(bytes: usize, spent: impl Fn(Place) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            left: AtomicUsize::new(bytes),
            spent: Box::new(spent),
        })
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Budget").field(&self.left).finish()
    }
}

/// Whether a connection counts against the budget, and the last of what it has written.
#[derive(Debug)]
pub struct Meter {
    budget: Arc<Budget>,
    counts: AtomicBool,
    written: Mutex<Written>,
}

#[derive(Debug, Default)]
struct Written {
    in_body: bool,
    tail: Vec<u8>,
}

impl Meter {
    /// A meter that does not count yet.
    #[must_use]
    pub fn new(budget: &Arc<Budget>) -> Arc<Self> {
        Arc::new(Self {
            budget: Arc::clone(budget),
            counts: AtomicBool::new(false),
            written: Mutex::default(),
        })
    }

    /// From now on what is written counts.
    pub fn start(&self) {
        self.counts.store(true, Ordering::SeqCst);
    }

    /// How many of `wanted` bytes may be written.
    fn allowance(&self, wanted: usize) -> usize {
        if self.counts.load(Ordering::SeqCst) {
            wanted.min(self.budget.left.load(Ordering::SeqCst))
        } else {
            wanted
        }
    }

    fn note(&self, bytes: &[u8]) {
        if !self.counts.load(Ordering::SeqCst) || bytes.is_empty() {
            return;
        }
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.note(bytes);
        let before = self.budget.left.fetch_sub(bytes.len(), Ordering::SeqCst);
        if before == bytes.len() {
            (self.budget.spent)(written.place());
        }
    }
}

impl Written {
    fn note(&mut self, bytes: &[u8]) {
        self.tail.extend_from_slice(bytes);
        if !self.in_body
            && let Some(end) = last_position(&self.tail, b"\r\n\r\n")
        {
            self.in_body = true;
            self.tail.drain(..end);
        }
        let surplus = self.tail.len().saturating_sub(REMEMBERED);
        self.tail.drain(..surplus);
    }

    /// Events begin with `id` or `event`, the frames around them with a hexadecimal number.
    fn place(&self) -> Place {
        if !self.in_body {
            return Place::Head;
        }
        let Some(end) = last_position(&self.tail, b"\n\n") else {
            return Place::Body;
        };
        let framing = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b'\r' | b'\n');
        if self.tail[end..].iter().all(framing) {
            Place::Body
        } else {
            Place::Event
        }
    }
}

/// The end of the last occurrence.
fn last_position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut windows = bytes.windows(wanted.len());
    windows
        .rposition(|window| window == wanted)
        .map(|start| start + wanted.len())
}

/// A socket with a meter.
#[derive(Debug)]
pub struct Metered<T> {
    socket: T,
    meter: Arc<Meter>,
}

impl<T> Metered<T> {
    /// Puts the meter onto the socket.
    #[must_use]
    pub fn new(socket: T, meter: Arc<Meter>) -> Self {
        Self { socket, meter }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Metered<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(cx, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Metered<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let allowed = &bytes[..self.meter.allowance(bytes.len())];
        let polled = Pin::new(&mut self.socket).poll_write(cx, allowed);
        if let Poll::Ready(Ok(written)) = polled {
            self.meter.note(&allowed[..written]);
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests;
