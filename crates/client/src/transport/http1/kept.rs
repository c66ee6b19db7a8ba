//! The body of a response that hyper keeps: one that opens nothing, or whose request is not all written yet.
//! In: hyper's connection. Out: the body. The body alone drives the connection.
//!
//! Next: `reader.rs`.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use hyper::client::conn::http1::{Connection, SendRequest};
use hyper_util::rt::TokioIo;

use super::gate::{Gate, Sent};
use crate::pace::Pace;
use crate::transport::connect::Io;
use crate::transport::queue::Permit;
use crate::transport::wrapped::Wrapped;
use crate::transport::{TransportError, TransportErrorKind};

/// hyper's connection, read through the gate.
#[expect(clippy::type_complexity, reason = "one layer each, named once")]
pub(super) struct Parsed(
    pub(super) Connection<TokioIo<Wrapped<Wrapped<Box<dyn Io>, Pace>, Gate>>, Sent>,
);

/// The connection, polled by the request and by the body. How it ends shows in what it was polled for.
pub(super) struct Driver {
    pub(super) connection: Option<Parsed>,
}

impl Driver {
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) {
        if let Some(connection) = &mut self.connection
            && Pin::new(&mut connection.0).poll(cx).is_ready()
        {
            self.connection = None;
        }
    }

    fn is_over(&self) -> bool {
        self.connection.is_none()
    }
}

/// A response's body together with the connection it comes from.
pub(super) struct Kept {
    pub(super) incoming: Incoming,
    pub(super) connection: Driver,
    /// hyper winds the connection down when the last sender is gone.
    pub(super) _sender: SendRequest<Sent>,
    /// Given back when the socket is closed, not before.
    pub(super) _permit: Option<Permit>,
    pub(super) place: String,
}

impl http_body::Body for Kept {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let this = &mut *self;
        let mut frame = Pin::new(&mut this.incoming).poll_frame(cx);
        if frame.is_pending() {
            this.connection.poll(cx);
            frame = Pin::new(&mut this.incoming).poll_frame(cx);
        }
        if frame.is_pending() && this.connection.is_over() {
            let error = TransportError::new(
                TransportErrorKind::Body,
                &this.place,
                "the connection is gone",
            );
            return Poll::Ready(Some(Err(error)));
        }
        let frame = ready!(frame);
        Poll::Ready(frame.map(|frame| {
            frame.map_err(|error| {
                TransportError::caused_by(TransportErrorKind::Body, &this.place, error)
            })
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}
