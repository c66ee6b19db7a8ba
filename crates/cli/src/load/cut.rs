//! Connections that break. In: a transport. Out: the same transport; a body that is to break does so within
//! the next bytes that come, at a random place among them.
//!
//! Next: `cutter.rs` says when.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use http::{Request, Response};
use hyper::body::{Frame, SizeHint};
use wellspring::transport::{Body, Transport, TransportError, TransportErrorKind};

/// Has one subscriber's connection break.
#[derive(Debug, Default)]
pub(super) struct Blade {
    is_due: AtomicBool,
    /// It broke, and this was not looked at yet.
    has_cut: AtomicBool,
}

impl Blade {
    /// With the next bytes.
    pub(super) fn cut(&self) {
        self.is_due.store(true, Ordering::Relaxed);
    }

    /// Whether the connection was lost by this, and not by the server; says so once.
    pub(super) fn take_cut(&self) -> bool {
        self.has_cut.swap(false, Ordering::Relaxed)
    }
}

/// What a subscriber connects with.
pub(super) struct Cutting {
    transport: Arc<dyn Transport>,
    blade: Arc<Blade>,
}

impl Cutting {
    pub(super) fn new(transport: Arc<dyn Transport>, blade: Arc<Blade>) -> Self {
        Self { transport, blade }
    }
}

impl Transport for Cutting {
    fn send(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let sent = self.transport.send(request);
        let blade = Arc::clone(&self.blade);
        Box::pin(async move {
            let response = sent.await?;
            blade.is_due.store(false, Ordering::Relaxed);
            Ok(response.map(|body| {
                let is_broken = false;
                Body::new(Brittle {
                    body,
                    blade,
                    is_broken,
                })
            }))
        })
    }

    fn honors_route(&self) -> bool {
        self.transport.honors_route()
    }
}

struct Brittle {
    body: Body,
    blade: Arc<Blade>,
    is_broken: bool,
}

impl hyper::body::Body for Brittle {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        if self.is_broken {
            self.body = Body::empty();
            self.blade.has_cut.store(true, Ordering::Relaxed);
            let error = TransportError::new(TransportErrorKind::Body, "here", "cut on purpose");
            return Poll::Ready(Some(Err(error)));
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        let Some(Ok(frame)) = frame else {
            return Poll::Ready(frame);
        };
        let frame = frame.map_data(|mut data| {
            if self.blade.is_due.swap(false, Ordering::Relaxed) {
                self.is_broken = true;
                data.truncate(fastrand::usize(0..=data.len()));
            }
            data
        });
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        !self.is_broken && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

#[cfg(test)]
mod tests;
