//! A body without its coding. In: compressed chunks. Out: what they decode to, all of it before the next is read, a
//! buffer at a time.
//! Next: `gzip.rs`, `brotli.rs`.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http_body::Frame;

use crate::transport::{Body, TransportError, TransportErrorKind};

/// How much is decoded before it is handed on.
const BUFFER: usize = 16 * 1024;
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
    received: u64,
    written: u64,
    max_expansion: u32,
}

impl<C: Coding> Decoded<C> {
    pub(super) fn new(body: Body, coding: C, max_expansion: u32) -> Self {
        Self {
            body,
            coding,
            input: Bytes::new(),
            output: vec![0; BUFFER].into_boxed_slice(),
            received: 0,
            written: 0,
            max_expansion,
        }
    }

    /// What is there to hand on without reading more; empty when nothing is.
    fn step(&mut self) -> Result<Bytes, TransportError> {
        loop {
            let step = self.coding.decode(&self.input, &mut self.output);
            let (read, written) =
                step.map_err(|reason| error(TransportErrorKind::ContentCoding, C::NAME, reason))?;
            self.input.advance(read);
            self.written += written as u64;
            let allowed = self.received.saturating_mul(self.max_expansion.into());
            if self.written > allowed.saturating_add(FREE) {
                let times = self.max_expansion;
                let reason = format!("the body decodes to more than {times} times its size");
                return Err(error(TransportErrorKind::Expansion, C::NAME, &reason));
            }
            if written > 0 {
                return Ok(Bytes::copy_from_slice(&self.output[..written]));
            }
            if read == 0 {
                return Ok(Bytes::new());
            }
        }
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
            match self.step() {
                Ok(bytes) if bytes.is_empty() && self.input.is_empty() => {}
                Ok(bytes) if bytes.is_empty() => {
                    let reason = "the compressed data does not go on";
                    let error = error(TransportErrorKind::ContentCoding, C::NAME, reason);
                    return Poll::Ready(Some(Err(error)));
                }
                Ok(bytes) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
            match ready!(self.body.poll_chunk(cx)) {
                Some(Ok(chunk)) => {
                    self.received += chunk.len() as u64;
                    self.input = chunk;
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None if self.coding.may_end() || self.received == 0 => return Poll::Ready(None),
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
