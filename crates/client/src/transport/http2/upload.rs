//! In: a request body that streams. Out: its bytes on an HTTP/2 stream, as fast as the peer's window allows.
//! Polled by the task that waits for the response; there is no task of its own.
//! Next: back to `../http2.rs`.

use std::task::{Context, Poll, ready};

use bytes::Bytes;
use h2::{Reason, SendStream};

use crate::transport::{Body, TransportError};

pub(super) struct Upload {
    body: Body,
    stream: SendStream<Bytes>,
    unsent: Bytes,
}

impl Upload {
    pub(super) fn new(body: Body, stream: SendStream<Bytes>) -> Self {
        Self {
            body,
            stream,
            unsent: Bytes::new(),
        }
    }

    /// Moves what can be moved; empties the slot when all is sent or the peer wants no more.
    ///
    /// # Errors
    /// The body failed; the stream is reset.
    pub(super) fn poll_slot(
        slot: &mut Option<Box<Self>>,
        cx: &mut Context<'_>,
    ) -> Result<(), TransportError> {
        let Some(upload) = slot else { return Ok(()) };
        match upload.poll(cx) {
            Poll::Pending => Ok(()),
            Poll::Ready(result) => {
                // A peer that stopped the upload says in its response, or its reset, why.
                if result.is_err() || upload.unsent.is_empty() {
                    *slot = None;
                }
                result
            }
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        loop {
            while !self.unsent.is_empty() {
                self.stream.reserve_capacity(self.unsent.len());
                let Some(Ok(capacity)) = ready!(self.stream.poll_capacity(cx)) else {
                    return Poll::Ready(Ok(()));
                };
                let part = self.unsent.split_to(capacity.min(self.unsent.len()));
                if self.stream.send_data(part, false).is_err() {
                    return Poll::Ready(Ok(()));
                }
            }
            match ready!(self.body.poll_chunk(cx)) {
                Some(Ok(bytes)) => self.unsent = bytes,
                Some(Err(error)) => {
                    self.stream.send_reset(Reason::CANCEL);
                    return Poll::Ready(Err(error));
                }
                None => {
                    // Fails only when the peer has closed the stream, which its response tells.
                    let _ = self.stream.send_data(Bytes::new(), true);
                    return Poll::Ready(Ok(()));
                }
            }
        }
    }
}
