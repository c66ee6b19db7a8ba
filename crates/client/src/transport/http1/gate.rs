//! Holds a connection to one head at a time. In: the bytes of a connection. Out: to hyper, those of the next head and
//! none behind them, until the connection leaves hyper or is left to it.
//!
//! hyper would read on into the body, and moves the first piece of it where it cannot be had back. What it says while it
//! waits is seen here too: it has all of the head and wants more, so it was an interim response; and the request is
//! written to its end.
//!
//! Next: `reader.rs`.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as _, Frame, SizeHint};
use tokio::io::{AsyncRead, ReadBuf};

use super::head_end::HeadEnd;
use crate::transport::wrapped::Reader;
use crate::transport::{Body, TransportError};

/// What hyper's side and ours know of each other. All of it happens in one task.
#[derive(Debug, Default)]
struct Known {
    /// hyper has a whole head, and asked for more.
    starved: AtomicBool,
    /// hyper may have the next head.
    next: AtomicBool,
    /// How many it got beside the first.
    more: AtomicUsize,
    /// hyper keeps the connection.
    left: AtomicBool,
    /// hyper has got all of the request's body.
    given: AtomicBool,
    /// The system has, too.
    written: AtomicBool,
}

/// Our side.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch(Arc<Known>);

impl Watch {
    pub(super) fn gate(&self) -> Gate {
        Gate {
            known: Arc::clone(&self.0),
            end: HeadEnd::default(),
            behind: Vec::new(),
        }
    }

    pub(super) fn request(&self, body: Body) -> Sent {
        let sent = Sent {
            body,
            known: Arc::clone(&self.0),
        };
        sent.note();
        sent
    }

    /// Whether hyper waits for more than the head it has; then it gets the next one.
    pub(super) fn gives_next_head(&self) -> bool {
        let starved = self.0.starved.swap(false, Ordering::Relaxed);
        if starved {
            self.0.next.store(true, Ordering::Relaxed);
            self.0.more.fetch_add(1, Ordering::Relaxed);
        }
        starved
    }

    /// How many heads hyper got before the last one. More than there were interim responses, and hyper does not see the
    /// ends of heads where the gate does: it may have got some of the body.
    pub(super) fn heads_before(&self) -> usize {
        self.0.more.load(Ordering::Relaxed)
    }

    /// From here on hyper reads as it likes.
    pub(super) fn leave_to_hyper(&self) {
        self.0.left.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_written(&self) -> bool {
        self.0.written.load(Ordering::Relaxed)
    }
}

/// hyper's side of the connection.
#[derive(Debug)]
pub(super) struct Gate {
    known: Arc<Known>,
    end: HeadEnd,
    /// Read, and behind the head; never more than hyper makes room for at once, 64 KiB.
    behind: Vec<u8>,
}

impl Gate {
    pub(super) fn into_behind(self) -> Vec<u8> {
        self.behind
    }

    /// Once at the end of a head.
    fn may_read(&mut self) -> bool {
        if !self.end.is_reached() || self.known.left.load(Ordering::Relaxed) {
            return true;
        }
        if self.known.next.swap(false, Ordering::Relaxed) {
            self.end = HeadEnd::default();
            return true;
        }
        self.known.starved.store(true, Ordering::Relaxed);
        false
    }

    /// Keeps back what is behind the head.
    fn hold(&mut self, buffer: &mut ReadBuf<'_>, before: usize) {
        if self.known.left.load(Ordering::Relaxed) {
            return;
        }
        let read = &buffer.filled()[before..];
        let head = self.end.find(read);
        if head < read.len() {
            // What was behind before is in the buffer, or comes after it.
            let behind = read[head..].to_vec();
            self.behind.splice(..0, behind);
            buffer.set_filled(before + head);
        }
    }
}

impl Reader for Gate {
    fn poll_read<I: AsyncRead + Unpin>(
        &mut self,
        io: &mut I,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.may_read() {
            return Poll::Pending;
        }
        let before = buffer.filled().len();
        if self.behind.is_empty() {
            ready!(Pin::new(io).poll_read(cx, buffer))?;
        } else {
            let length = self.behind.len().min(buffer.remaining());
            buffer.put_slice(&self.behind[..length]);
            self.behind.drain(..length);
        }
        self.hold(buffer, before);
        Poll::Ready(Ok(()))
    }

    fn flushed(&mut self) {
        if self.known.given.load(Ordering::Relaxed) {
            self.known.written.store(true, Ordering::Relaxed);
        }
    }
}

/// The request's body; says when hyper has got all of it.
#[derive(Debug)]
pub(super) struct Sent {
    body: Body,
    known: Arc<Known>,
}

impl Sent {
    fn note(&self) {
        if self.body.is_end_stream() {
            self.known.given.store(true, Ordering::Relaxed);
        }
    }
}

impl http_body::Body for Sent {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        self.note();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
