//! Requests. In: what hyper has parsed. Out: the same for the service, with a body that tells when all of it
//! was read, and what has to be known of a request when its response is there.
//!
//! `RequestBody` sets a flag when the body has been read to its end. A response whose request was not read stays
//! with hyper: what follows on the socket would be the rest of that body, and only hyper can tell where it ends.
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
    /// Wraps the program's function.
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

/// Reads the body of a request from the connection, as it is polled.
///
/// A service that drops it unread is fine; hyper then reads the rest or closes the connection. An event stream that
/// answers such a request is sent by hyper, at hyper's cost in memory. It has no limit of its own: wrap it in
/// `http_body_util::Limited`, or the like, to bound what a client may send.
pub struct RequestBody {
    body: Incoming,
    read: Arc<AtomicBool>,
}

/// Reports that the body of a request broke off, or that it was not valid HTTP.
///
/// The connection is closed after it; a response can still be sent if the client reads. Its `source` is the error
/// of the system, if there was one.
#[derive(Debug)]
pub struct RequestBodyError(hyper::Error);

/// What a response is judged by.
#[derive(Debug)]
pub(super) struct Asked {
    /// A response to `HEAD` has no body.
    pub(super) method: Method,
    /// Decides how the end of a body is marked.
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
