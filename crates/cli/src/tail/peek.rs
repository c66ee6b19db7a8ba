//! The beginning of a body, seen on its way. In: a transport. Out: the same; and the first bytes of the
//! last body that it handed on, which say what a body without an event is.
//!
//! Next: `connection.rs` asks for them.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use wellspring::transport::{Body, Transport, TransportError};

use crate::looks::HEAD;

/// What is seen of the last body.
#[derive(Clone, Default)]
pub(super) struct Glimpse(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    /// At most [`HEAD`] bytes.
    head: Vec<u8>,
}

impl Glimpse {
    /// The first bytes of the body.
    pub(super) fn head(&self) -> Vec<u8> {
        self.seen().head.clone()
    }

    fn read(&self, bytes: &[u8]) {
        let mut seen = self.seen();
        let left = HEAD - seen.head.len();
        seen.head.extend_from_slice(&bytes[..bytes.len().min(left)]);
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Looks at every body of the transport it wraps.
pub(super) struct Peek<T> {
    transport: T,
    glimpse: Glimpse,
}

impl<T: Transport> Peek<T> {
    pub(super) fn new(transport: T, glimpse: Glimpse) -> Self {
        Self { transport, glimpse }
    }
}

impl<T: Transport> Transport for Peek<T> {
    fn send(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let sent = self.transport.send(request);
        let glimpse = self.glimpse.clone();
        Box::pin(async move {
            let response = sent.await?;
            *glimpse.seen() = Seen::default();
            Ok(response.map(|body| Body::new(Watched { body, glimpse })))
        })
    }

    fn honors_route(&self) -> bool {
        self.transport.honors_route()
    }
}

struct Watched {
    body: Body,
    glimpse: Glimpse,
}

impl http_body::Body for Watched {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            self.glimpse.read(data);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
