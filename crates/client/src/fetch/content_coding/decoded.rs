//! A body without its coding. In: compressed chunks. Out: what they decode to, all of it before the next is read, a
//! buffer at a time.
//! Next: `gzip.rs`, `brotli.rs`.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http_body::Frame;

use crate::pace::Pace;
use crate::transport::{Body, TransportError, TransportErrorKind};

/// How much is decoded before it is handed on.
const BUFFER: usize = 16 * 1024;
/// How much is decoded at once.
const INPUT: usize = 8 * 1024;
/// Bytes that decode to nothing are heads of members and blocks: so many times the work of others.
const HEADS: usize = 16;
/// What a body may decode to however small it is, in bytes.
const FREE: u64 = 1024 * 1024;

/// A content coding that is being undone.
pub(super) trait Coding: Send {
    const NAME: &'static str;

    /// Decodes some of `input`, and says how much was read and written. Nothing of both: more input is needed, or there
    /// is no end to come.
    ///
    /// # Errors
    /// What is wrong with the compressed bytes.
    fn decode(&mut self, input: &[u8], output: &mut [u8]) -> Result<(usize, usize), &'static str>;

    /// Whether the body may end here.
    fn may_end(&self) -> bool;
}

pub(super) struct Decoded<C> {
    body: Body,
    coding: C,
    /// Received, not decoded.
    input: Bytes,
    output: Box<[u8]>,
    /// Something has come.
    begun: bool,
    expansion: Expansion,
    pace: Pace,
}

/// How much a body may decode to. What came in counts on the wire, under all codings, so that several of them on top of
/// one another reach no more than one.
pub(super) struct Expansion {
    /// How many bytes came in on the wire.
    received: Arc<AtomicU64>,
    written: u64,
    times: u32,
}

impl Expansion {
    pub(super) fn new(received: Arc<AtomicU64>, times: u32) -> Self {
        Self {
            received,
            written: 0,
            times,
        }
    }

    /// Whether so much more is too much.
    fn exceeds(&mut self, written: usize) -> bool {
        self.written += written as u64;
        let received = self.received.load(Ordering::Relaxed);
        let allowed = received.saturating_mul(self.times.into());
        self.written > allowed.saturating_add(FREE)
    }
}

/// A body that counts what comes in.
pub(super) struct Counted {
    body: Body,
    received: Arc<AtomicU64>,
}

impl Counted {
    pub(super) fn count(body: Body) -> (Body, Arc<AtomicU64>) {
        let received = Arc::<AtomicU64>::default();
        let counted = Self {
            body,
            received: received.clone(),
        };
        (Body::new(counted), received)
    }
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let chunk = ready!(self.body.poll_chunk(cx));
        Poll::Ready(chunk.map(|chunk| {
            chunk.map(|bytes| {
                self.received
                    .fetch_add(bytes.len() as u64, Ordering::Relaxed);
                Frame::data(bytes)
            })
        }))
    }
}

impl<C: Coding> Decoded<C> {
    pub(super) fn new(body: Body, coding: C, expansion: Expansion) -> Self {
        Self {
            body,
            coding,
            input: Bytes::new(),
            output: vec![0; BUFFER].into_boxed_slice(),
            begun: false,
            expansion,
            pace: Pace::default(),
        }
    }

    /// How much was read of what is there, and what it decodes to.
    fn step(&mut self) -> Result<(usize, Bytes), TransportError> {
        let input = &self.input[..self.input.len().min(INPUT)];
        let step = self.coding.decode(input, &mut self.output);
        let (read, written) =
            step.map_err(|reason| error(TransportErrorKind::ContentCoding, C::NAME, reason))?;
        self.input.advance(read);
        let heads = if written == 0 { HEADS } else { 1 };
        self.pace.spend_bytes(read * heads);
        if self.expansion.exceeds(written) {
            let times = self.expansion.times;
            let reason = format!("the body decodes to more than {times} times its size");
            return Err(error(TransportErrorKind::Expansion, C::NAME, &reason));
        }
        Ok((read, Bytes::copy_from_slice(&self.output[..written])))
    }
}

impl<C: Coding + Unpin> http_body::Body for Decoded<C> {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        loop {
            // What is decoded is counted where it goes; here, what decodes to nothing.
            ready!(self.pace.poll_proceed(cx));
            match self.step() {
                Ok((_, bytes)) if !bytes.is_empty() => {
                    return Poll::Ready(Some(Ok(Frame::data(bytes))));
                }
                Ok((1.., _)) => continue,
                Ok(_) if self.input.is_empty() => {}
                Ok(_) => {
                    let reason = "the compressed data does not go on";
                    let error = error(TransportErrorKind::ContentCoding, C::NAME, reason);
                    return Poll::Ready(Some(Err(error)));
                }
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
            match ready!(self.body.poll_chunk(cx)) {
                Some(Ok(chunk)) => {
                    self.begun = true;
                    self.input = chunk;
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None if self.coding.may_end() || !self.begun => return Poll::Ready(None),
                None => {
                    let reason = "the body ended in the middle of the compressed data";
                    let error = error(TransportErrorKind::Body, C::NAME, reason);
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

fn error(kind: TransportErrorKind, coding: &str, reason: &str) -> TransportError {
    TransportError::new(kind, coding, reason)
}

#[cfg(test)]
mod tests;
