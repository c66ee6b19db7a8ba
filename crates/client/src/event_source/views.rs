//! A source, seen as one thing. In: a source, lent. Out: its messages as a stream, or its signals.
//!
//! Next: `../signal.rs`.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use wellspring_proto::Event;

use super::EventSource;
use crate::error::Error;
use crate::signal::Signal;

/// The events of a source as a stream; made by [`EventSource::messages`].
///
/// ```no_run
/// # async fn example(mut source: wellspring::EventSource) {
/// let messages = source.messages();
/// # let _ = messages;
/// # }
/// ```
#[derive(Debug)]
pub struct Messages<'a> {
    pub(super) source: &'a mut EventSource,
}

#[cfg(feature = "json")]
impl<'a> Messages<'a> {
    pub(crate) fn into_source(self) -> &'a mut EventSource {
        self.source
    }
}

impl Stream for Messages<'_> {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.source.poll_event(cx)
    }
}

/// Everything that happens to a source; made by [`EventSource::signals`].
///
/// ```no_run
/// # async fn example(mut source: wellspring::EventSource) {
/// while let Some(signal) = source.signals().next().await {
///     println!("{signal:?}");
/// }
/// # }
/// ```
#[derive(Debug)]
pub struct Signals<'a> {
    pub(super) source: &'a mut EventSource,
}

impl Signals<'_> {
    /// The next signal, lent until the next call; `None` when the source is closed. May be dropped
    /// and called again without losing a signal.
    ///
    /// # Errors
    /// The source has failed for good; `None` follows.
    pub async fn next(&mut self) -> Option<Result<Signal<'_>, Error>> {
        self.source.next_signal().await
    }
}
