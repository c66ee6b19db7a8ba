//! From hyper to us. In: a response, and what was asked. Out: whether it is an event stream that can leave
//! hyper; if so, it waits here until hyper has written all that came before.
//!
//! # How a response leaves hyper
//!
//! 1. The service answers. `framing` says whether the response is an event stream that can leave.
//! 2. `leave` puts it here, and clears the mark of the last flush. The future that hyper polls stays pending, so
//!    that hyper writes nothing of the response.
//! 3. hyper flushes what it has written before; the gate sets the mark.
//! 4. `take` gives out the response. The connection is taken apart: socket, unread bytes.
//!
//! A response stays with hyper if any of these holds: another MIME type; a known length; no body; HTTP/2; trailers,
//! upgrades or a transfer coding set by the service; a reason phrase of its own; a request whose body was not read
//! to its end.
//!
//! Next: `response_head.rs` writes its head, `stream.rs` its body.

use std::sync::{Arc, Mutex, PoisonError};

use http::header::{CONTENT_LENGTH, CONTENT_TYPE, TRAILER, TRANSFER_ENCODING, UPGRADE};
use http::{HeaderValue, Method, Response, StatusCode, Version};
use http_body::Body;
use hyper::ext::ReasonPhrase;

use super::gate::Flushed;
use super::request::Asked;

/// How the client learns where the body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// HTTP/1.1 (RFC 9112, section 7.1).
    Chunked,
    /// HTTP/1.0: it ends with the connection.
    UntilClose,
}

/// A response on its way, and how to write it.
#[derive(Debug)]
pub(super) struct Leaving<B> {
    pub(super) response: Response<B>,
    pub(super) framing: Framing,
}

/// A place for one response.
#[derive(Debug)]
pub(super) struct Handoff<B> {
    /// Empty, until an event stream is to leave.
    place: Arc<Mutex<Option<Leaving<B>>>>,
    flushed: Flushed,
}

impl<B> Clone for Handoff<B> {
    fn clone(&self) -> Self {
        let place = Arc::clone(&self.place);
        let flushed = self.flushed.clone();
        Self { place, flushed }
    }
}

impl<B> Handoff<B> {
    /// Returns an empty place, for one connection.
    pub(super) fn new() -> Self {
        Self {
            place: Arc::default(),
            flushed: Flushed::default(),
        }
    }

    /// Returns the mark, for the gate to set.
    pub(super) fn flushed(&self) -> Flushed {
        self.flushed.clone()
    }

    /// Leaves a response here. Called from within hyper, which tries to flush afterwards.
    pub(super) fn leave(&self, leaving: Leaving<B>) {
        self.flushed.forget();
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        *place = Some(leaving);
    }

    /// Takes the response, once hyper has nothing left to write.
    pub(super) fn take(&self) -> Option<Leaving<B>> {
        if !self.flushed.is_set() {
            return None;
        }
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner);
        place.take()
    }
}

/// How to write the response without hyper. `None` for what hyper does better: everything but an event stream
/// without a known end, and a request that has not come to its own.
pub(super) fn framing<B: Body>(asked: &Asked, response: &Response<B>) -> Option<Framing> {
    let framing = match asked.version {
        Version::HTTP_11 => Framing::Chunked,
        Version::HTTP_10 => Framing::UntilClose,
        _ => return None,
    };
    let headers = response.headers();
    let has_body = ![StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&response.status())
        && !response.status().is_informational()
        && ![Method::HEAD, Method::CONNECT].contains(&asked.method);
    let endless = !response.body().is_end_stream() && response.body().size_hint().exact().is_none();
    let shaped = [CONTENT_LENGTH, TRANSFER_ENCODING, TRAILER, UPGRADE];
    let plain = !shaped.iter().any(|name| headers.contains_key(name))
        && response.extensions().get::<ReasonPhrase>().is_none();
    let content_type = headers.get(CONTENT_TYPE);
    let ours = content_type.is_some_and(is_event_stream) && has_body && endless && plain;
    (ours && asked.is_read()).then_some(framing)
}

/// Whether the essence of a MIME type is `text/event-stream`.
fn is_event_stream(content_type: &HeaderValue) -> bool {
    let essence = content_type.as_bytes().split(|byte| *byte == b';').next();
    essence.is_some_and(|essence| {
        essence
            .trim_ascii()
            .eq_ignore_ascii_case(b"text/event-stream")
    })
}

#[cfg(test)]
mod tests;
