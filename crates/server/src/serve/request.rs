//! Requests. In: what hyper has parsed. Out: the same for the service, with a body that tells when all of it
//! was read, and what has to be known of a request when its response is there.
//!
//! Next: `handoff.rs` decides by it.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{Extensions, Method, Request, Version};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

/// Adds what is known of a client to its requests.
pub(super) struct Tell<A> {
    tell: Arc<dyn Telling<A>>,
}

trait Telling<A>: Fn(&A, &mut Extensions) + Send + Sync {}

impl<A, F: Fn(&A, &mut Extensions) + Send + Sync> Telling<A> for F {}

impl<A> Tell<A> {
    pub(super) fn new(tell: impl Fn(&A, &mut Extensions) + Send + Sync + 'static) -> Self {
        let tell = Arc::new(tell);
        Self { tell }
    }
}

impl<A> Clone for Tell<A> {
    fn clone(&self) -> Self {
        let tell = Arc::clone(&self.tell);
        Self { tell }
    }
}

/// Reads the body of a request as it comes.
pub struct RequestBody {
    body: Incoming,
    read: Arc<AtomicBool>,
}

/// Reports that the body of a request broke off, or made no sense.
#[derive(Debug)]
pub struct RequestBodyError(hyper::Error);

/// What a response is judged by.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) version: Version,
    read: Arc<AtomicBool>,
}

impl Asked {
    #[cfg(test)]
    pub(super) fn new(method: Method, version: Version, is_read: bool) -> Self {
        let read = Arc::new(AtomicBool::new(is_read));
        Self {
            method,
            version,
            read,
        }
    }

    /// Whether all of the request's body has been read, so that what comes next is none of it.
    pub(super) fn is_read(&self) -> bool {
        self.read.load(Ordering::Relaxed)
    }
}

/// The request for the service.
pub(super) fn received<A>(
    request: Request<Incoming>,
    address: &A,
    tell: Option<&Tell<A>>,
) -> (Request<RequestBody>, Asked) {
    let read = Arc::new(AtomicBool::new(request.body().is_end_stream()));
    let asked = Asked {
        method: request.method().clone(),
        version: request.version(),
        read: Arc::clone(&read),
    };
    let mut request = request.map(|body| RequestBody { body, read });
    if let Some(tell) = tell {
        (tell.tell)(address, request.extensions_mut());
    }
    (request, asked)
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = RequestBodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, RequestBodyError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if frame.is_none() || self.body.is_end_stream() {
            self.read.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame.map(|frame| frame.map_err(RequestBodyError)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBody").finish_non_exhaustive()
    }
}

impl fmt::Display for RequestBodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the body of the request broke off: {}", self.0)
    }
}

impl Error for RequestBodyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
