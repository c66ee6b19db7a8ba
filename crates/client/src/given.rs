//! A source over a body that is already there. In: bytes, a stream of them, or a stream of bodies. Out:
//! an [`EventSource`] that asks nobody.
//!
//! Next: `given/streamed.rs`; `options.rs`, which hands the body on.

mod streamed;

use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_core::Stream;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Response};
use url::Url;

use self::streamed::{Bodies, Streamed};
use crate::builder::EventSourceBuilder;
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
        Self::with_options(options(body.into(), Arc::default()))
    }
}

impl EventSourceBuilder {
    /// Wishes for a source [over a body](EventSource::from_body): its limits, the last event ID to begin with, comments, the
    /// terminal event. What is about requests has no effect.
    ///
    /// ```
    /// use wellspring::EventSourceBuilder;
    ///
    /// let source = EventSourceBuilder::from_body("data: hello\n\n").last_event_id("7").build()?;
    /// assert_eq!(source.last_event_id(), "7");
    /// # Ok::<(), wellspring::BuildError>(())
    /// ```
    pub fn from_body(body: impl Into<Body>) -> Self {
        Self::with_options(options(body.into(), Arc::default()))
    }

    /// The same over several bodies, one after the other, as of connections that the program makes itself. The source stays
    /// open between them, and the last event ID and the reconnection time go over from each to the next; an event that a
    /// body has left unfinished is dropped. The source ends after the last body, and with the first error.
    ///
    /// ```
    /// use wellspring::transport::Body;
    /// use wellspring::{BuildError, EventSource, EventSourceBuilder};
    ///
    /// fn events_of<S>(connections: S) -> Result<EventSource, BuildError>
    /// where
    ///     S: futures_core::Stream<Item = Result<Body, std::io::Error>> + Send + 'static,
    /// {
    ///     EventSourceBuilder::from_bodies(connections).build()
    /// }
    /// ```
    pub fn from_bodies<S, B, E>(bodies: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Body>,
        E: Into<Box<dyn Error + Send + Sync>> + 'static,
    {
        let reset = Arc::new(Reset::default());
        let body = Bodies::new(bodies, Arc::clone(&reset));
        Self::with_options(options(Body::new(body), reset))
    }
}

fn options(body: Body, reset: Arc<Reset>) -> Options {
    let url = Url::parse(ABOUT).expect("a URL without anything to it parses");
    let mut options = Options::new(url);
    let policy = Policy::standard().with_end_of_body(EndOfBody::End);
    options.policy = Arc::new(policy.with_repeat(Repeat::Never));
    options.given = Some(Box::new(Given(Mutex::new(body))));
    options.reset = Some(reset);
    options
}

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
