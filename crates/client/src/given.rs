//! A source over a body that is already there. In: bytes, or a stream of them. Out: an
//! [`EventSource`] that asks nobody.
//!
//! Next: `options.rs`, which hands the body on.

use std::error::Error;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Response};
use http_body::Frame;
use url::Url;

use crate::event_source::EventSource;
use crate::fetch::{FetchResponse, Taint};
use crate::options::Options;
use crate::policy::{EndOfBody, Policy, Repeat};
use crate::transport::Body;

/// The URL of such a source.
const ABOUT: &str = "about:event-stream";

impl EventSource {
    /// A source whose event stream is this body: it opens, gives the events, and ends with the body.
    /// It never reconnects; a body that breaks off is an error. Its URL is `about:event-stream`, and
    /// the origin of its events is `null`.
    ///
    /// ```
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let mut source = wellspring::EventSource::from_body("data: hello\n\n");
    /// let event = source.next().await.unwrap().unwrap();
    /// assert_eq!(event.data, "hello");
    /// assert!(source.next().await.is_none());
    /// # });
    /// ```
    #[must_use]
    pub fn from_body(body: impl Into<Body>) -> Self {
        let url = Url::parse(ABOUT).expect("a URL without anything to it parses");
        let mut options = Options::new(url);
        options.policy = Policy::standard()
            .with_end_of_body(EndOfBody::End)
            .with_repeat(Repeat::Never);
        options.given = Some(Given(Mutex::new(body.into())));
        Self::with_options(options)
    }
}

/// The body, until it is read.
pub(crate) struct Given(Mutex<Body>);

impl Given {
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

impl Body {
    /// The bytes of a stream. An error of the stream breaks the body off.
    ///
    /// ```
    /// use wellspring::transport::Body;
    /// use wellspring::EventSource;
    ///
    /// fn events_in<S>(stream: S) -> EventSource
    /// where
    ///     S: futures_core::Stream<Item = Result<Vec<u8>, std::io::Error>> + Send + 'static,
    /// {
    ///     EventSource::from_body(Body::from_stream(stream))
    /// }
    /// ```
    #[must_use]
    pub fn from_stream<S, B, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<Box<dyn Error + Send + Sync>> + 'static,
    {
        Self::new(Streamed(Box::pin(stream)))
    }
}

struct Streamed<S>(Pin<Box<S>>);

impl<S, B, E> http_body::Body for Streamed<S>
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Bytes>,
{
    type Data = Bytes;
    type Error = E;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, E>>> {
        let chunk = self.0.as_mut().poll_next(cx);
        chunk.map(|chunk| chunk.map(|chunk| chunk.map(|bytes| Frame::data(bytes.into()))))
    }
}
