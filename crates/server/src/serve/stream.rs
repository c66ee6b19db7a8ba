//! An event stream on a connection of its own. In: a body, and the connection. Out: its frames, each written
//! before the next is asked for, until the body ends or the client goes. While it waits it holds the two and
//! nothing else.
//!
//! # What ends it
//!
//! | event | on the wire |
//! |---|---|
//! | the body ends | the last chunk, then the connection is shut down |
//! | the body fails | no last chunk, the connection is dropped: the client sees a truncated stream |
//! | the client closes, or a write fails | nothing more |
//! | the client sends more than 64 KiB behind its request | nothing more |
//!
//! There is no timeout for a client that does not read: it costs one frame and what the kernel holds, and the body
//! is not polled meanwhile. A `Channel` decides by its history when such a subscriber has missed events.
//!
//! Next: `chunk.rs` writes a frame.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http_body::{Body, Frame};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::chunk::{Around, Chunk};
use super::connections::Ticket;
use super::handoff::{Framing, Leaving};
use super::response_head;

/// How much of what a client sends behind its request is read and dropped, in bytes: its end comes behind it.
/// A client that sends more is disconnected.
const DROPPED: u32 = 64 << 10;

/// How many frames are written before others have a turn.
const TURN: usize = 64;

/// A response that has left hyper.
#[derive(Debug)]
pub(super) struct Taken<T, B> {
    /// The socket, or what a handshake made of it.
    pub(super) io: T,
    /// The response, and how its end is marked.
    pub(super) leaving: Leaving<B>,
    /// How many bytes behind the request have been dropped.
    pub(super) dropped: usize,
}

/// A connection and how far its response has come.
struct Stream<T> {
    io: T,
    /// What the socket does not take.
    stuck: Option<Box<Chunk>>,
    /// How many bytes the client may still send.
    left_to_drop: u32,
    /// How the client learns of the end.
    framing: Framing,
    /// Whether the body was asked for its first frame.
    has_begun: bool,
    /// Whether the body has nothing more.
    ended: bool,
    /// Whether it ended by an error.
    failed: bool,
    _ticket: Ticket,
}

/// Sends the response. The ticket is given back when the connection is closed.
///
/// No `async fn`: that would keep room for its arguments as long as it runs.
pub(super) fn send<T, B>(taken: Taken<T, B>, ticket: Ticket) -> impl Future<Output = ()>
where
    T: AsyncRead + AsyncWrite + Unpin,
    B: Body,
{
    let Leaving { response, framing } = taken.leaving;
    let (parts, body) = response.into_parts();
    let head = response_head::encode(&parts, framing);
    let head = Chunk::head(head.as_slice().into());
    let dropped = u32::try_from(taken.dropped).unwrap_or(u32::MAX);
    let mut stream = Stream {
        io: taken.io,
        stuck: Some(Box::new(head)),
        left_to_drop: DROPPED.saturating_sub(dropped),
        framing,
        has_begun: false,
        ended: false,
        failed: false,
        _ticket: ticket,
    };
    async move {
        let mut body = pin!(body);
        poll_fn(|cx| stream.poll(body.as_mut(), cx)).await;
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> Stream<T> {
    /// Ready when the connection is to be closed.
    fn poll<B: Body>(&mut self, body: Pin<&mut B>, cx: &mut Context<'_>) -> Poll<()> {
        let written = self.poll_write(body, cx);
        // Also at the end: a socket that is closed with bytes unread takes back what it has sent.
        let gone = self.poll_read(cx);
        match (written, gone) {
            (Poll::Pending, Poll::Pending) => Poll::Pending,
            _ => Poll::Ready(()),
        }
    }

    /// The head leaves together with the first frame, if there is one.
    fn begin<B: Body>(&mut self, body: Pin<&mut B>, cx: &mut Context<'_>) {
        if let Poll::Ready(mut first) = self.poll_chunk(body, cx) {
            if let Some(head) = self.stuck.take() {
                first.before = head.before;
            }
            self.stuck = Some(Box::new(first));
        }
    }

    /// Writes what is stuck, then frames as the body has them, at most [`TURN`] in a poll. Ready at the end.
    fn poll_write<B: Body>(&mut self, mut body: Pin<&mut B>, cx: &mut Context<'_>) -> Poll<()> {
        if !self.has_begun {
            self.has_begun = true;
            self.begin(body.as_mut(), cx);
        }
        for _ in 0..TURN {
            if let Some(mut chunk) = self.stuck.take() {
                match chunk.poll_write(&mut self.io, cx) {
                    Poll::Pending => self.stuck = Some(chunk),
                    Poll::Ready(Ok(())) => {}
                    Poll::Ready(Err(_)) => return Poll::Ready(()),
                }
                if self.stuck.is_some() {
                    return Poll::Pending;
                }
            }
            if self.failed {
                return Pin::new(&mut self.io).poll_flush(cx).map(drop);
            }
            if self.ended {
                return Pin::new(&mut self.io).poll_shutdown(cx).map(drop);
            }
            let Poll::Ready(mut chunk) = self.poll_chunk(body.as_mut(), cx) else {
                return match Pin::new(&mut self.io).poll_flush(cx) {
                    Poll::Ready(Err(_)) => Poll::Ready(()),
                    _ => Poll::Pending,
                };
            };
            match chunk.poll_write(&mut self.io, cx) {
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(_)) => return Poll::Ready(()),
                Poll::Pending => {
                    self.stuck = Some(Box::new(chunk));
                    return Poll::Pending;
                }
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// The next frame as it is to be written: nothing at all where it is empty. Trailers end the body and are
    /// not sent. A body that fails ends without its last chunk, and TLS without its farewell, so that the client
    /// sees it.
    fn poll_chunk<B: Body>(&mut self, mut body: Pin<&mut B>, cx: &mut Context<'_>) -> Poll<Chunk> {
        let frame = ready!(body.as_mut().poll_frame(cx));
        let bytes = match frame.map(|frame| frame.map(Frame::into_data)) {
            Some(Ok(Ok(mut data))) => {
                self.ended = body.is_end_stream();
                data.copy_to_bytes(data.remaining())
            }
            other => {
                self.ended = true;
                self.failed = matches!(other, Some(Err(_)));
                Bytes::new()
            }
        };
        let around = match self.framing {
            _ if self.failed => Around::Nothing,
            Framing::Chunked if self.ended => Around::LastChunk,
            Framing::Chunked if !bytes.is_empty() => Around::Chunk,
            _ => Around::Nothing,
        };
        Poll::Ready(Chunk::new(bytes, around))
    }

    /// Ready when the client has gone.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut room = [0; 256];
        loop {
            let mut read = ReadBuf::new(&mut room);
            match Pin::new(&mut self.io).poll_read(cx, &mut read) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) if !read.filled().is_empty() => {}
                Poll::Ready(_) => return Poll::Ready(()),
            }
            let read = u32::try_from(read.filled().len()).unwrap_or(u32::MAX);
            match self.left_to_drop.checked_sub(read) {
                Some(left) => self.left_to_drop = left,
                None => return Poll::Ready(()),
            }
        }
    }
}
