//! A body that is already there, in place of a fetch. In: the body. Out: the response it would be the
//! body of.
//!
//! Next: `given/bodies.rs`, several of them as one.

pub(crate) mod bodies;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Response};
use url::Url;

use crate::fetch::{FetchResponse, Taint};
use crate::transport::Body;

/// Asks for another stream to begin.
#[derive(Default)]
pub(crate) struct Reset(AtomicBool);

impl Reset {
    pub(crate) fn ask(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether it was asked since it was last looked at.
    pub(crate) fn take(&self) -> bool {
        self.0.swap(false, Ordering::SeqCst)
    }
}

/// The body, until it is read.
pub(crate) struct Given(Mutex<Body>);

impl From<Body> for Given {
    fn from(body: Body) -> Self {
        Self(Mutex::new(body))
    }
}

impl Given {
    /// The same body again, if it is in memory.
    pub(crate) fn try_clone(&self) -> Option<Self> {
        let body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        body.try_clone().map(Self::from)
    }

    /// The response that it would be the body of.
    pub(crate) fn into_response(self, url: Url) -> FetchResponse {
        let body = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut response = Response::new(body);
        let event_stream = HeaderValue::from_static("text/event-stream");
        response.headers_mut().insert(CONTENT_TYPE, event_stream);
        FetchResponse {
            response,
            url,
            method: Method::GET,
            became_get: false,
            last_event_id_not_sent: None,
            hops: Vec::new(),
            taint: Taint::default(),
        }
    }
}
