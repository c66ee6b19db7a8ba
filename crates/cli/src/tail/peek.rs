//! The beginning of a body, seen on its way. In: a transport. Out: the same; and the first bytes of the
//! last body that it handed on, which say what a body without an event is.
//!
//! Next: `connection.rs` asks for them.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{Request, Response};
use hyper::body::{Frame, SizeHint};
use wellspring::transport::{Body, Transport, TransportError};

use crate::looks::HEAD;

/// At most [`HEAD`] bytes of a body.
#[derive(Clone, Default)]
pub(super) struct Head(Arc<Mutex<Vec<u8>>>);

impl Head {
    pub(super) fn bytes(&self) -> Vec<u8> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn add(&self, bytes: &[u8]) {
        let mut head = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = HEAD - head.len();
        head.extend_from_slice(&bytes[..bytes.len().min(left)]);
    }

    fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

/// Keeps the head of every body of the transport it wraps.
pub(super) struct Peek<T> {
    transport: T,
    head: Head,
}

impl<T: Transport> Peek<T> {
    pub(super) fn new(transport: T, head: Head) -> Self {
        Self { transport, head }
    }
}

impl<T: Transport> Transport for Peek<T> {
    fn send(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let sent = self.transport.send(request);
        let head = self.head.clone();
        Box::pin(async move {
            let response = sent.await?;
            head.clear();
            Ok(response.map(|body| {
                Body::new(Seen {
                    body,
                    head,
                    left: HEAD,
                })
            }))
        })
    }

    fn follows_via(&self) -> bool {
        self.transport.follows_via()
    }
}

struct Seen {
    body: Body,
    head: Head,
    left: usize,
}

impl hyper::body::Body for Seen {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if self.left > 0
            && let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            self.head.add(data);
            self.left = self.left.saturating_sub(data.len());
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
