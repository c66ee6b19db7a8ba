//! A source over a body that is already there. In: bytes, a stream of them, or a stream of bodies. Out:
//! an [`EventSource`] that sends no request.
//!
//! Next: `../../driver/given.rs`.

use std::error::Error;
use std::sync::Arc;

use futures_core::Stream;
use url::Url;

use super::EventSourceBuilder;
use crate::driver::config::Config;
use crate::driver::given::Reset;
use crate::driver::given::bodies::Bodies;
use crate::policy::{EndOfBody, IncompleteEvent, Policy, Repeat};
use crate::source::event_source::EventSource;
use crate::transport::Body;

/// The URL of such a source.
const ABOUT: &str = "about:event-stream";

impl EventSource {
    /// Creates a source whose event stream is this body: it opens, gives the events, and ends with the body.
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
        Self::with_config(config(body.into(), Arc::default()))
    }
}

impl EventSourceBuilder {
    /// Returns a builder for a source [over a body](EventSource::from_body): its limits, the last event ID to begin with, comments, the
    /// terminal event. Settings of requests have no effect.
    ///
    /// ```
    /// use wellspring::EventSourceBuilder;
    ///
    /// let source = EventSourceBuilder::from_body("data: hello\n\n").last_event_id("7").build()?;
    /// assert_eq!(source.last_event_id(), "7");
    /// # Ok::<(), wellspring::BuildError>(())
    /// ```
    pub fn from_body(body: impl Into<Body>) -> Self {
        Self::with_config(config(body.into(), Arc::default()))
    }

    /// Returns the same over several bodies, one after the other, as of connections that the program makes itself. The source stays
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
        Self::with_config(config(Body::new(body), reset))
    }
}

fn config(body: Body, reset: Arc<Reset>) -> Config {
    let url = Url::parse(ABOUT).expect("a URL without anything to it parses");
    let mut config = Config::new(url);
    let policy = Policy::standard()
        .with_end_of_body(EndOfBody::End)
        .with_incomplete_event(IncompleteEvent::Discard);
    config.policy = Arc::new(policy.with_repeat(Repeat::Never));
    config.given = Some(Box::new(body.into()));
    config.reset = Some(reset);
    config
}
