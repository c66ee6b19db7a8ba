//! A source, seen as one thing. In: a source, lent. Out: its next event, or its signals.
//!
//! Next: `../signal.rs`.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::FusedFuture;
use wellspring_proto::EventRef;

use super::EventSource;
use crate::outcome::error::Error;
use crate::source::signal::Signal;

impl EventSource {
    /// Returns the next event, of whatever type, lent until the source is used again: no copy. `None` when
    /// the source is closed. May be dropped and called again without losing an event.
    ///
    /// # Errors
    /// The source has failed for good; `None` follows.
    #[inline]
    #[expect(
        clippy::should_implement_trait,
        reason = "what streams of futures call it, and it lends"
    )]
    pub fn next(&mut self) -> Next<'_> {
        Next { source: Some(self) }
    }

    /// Returns everything that happens, not events alone.
    pub fn signals(&mut self) -> Signals<'_> {
        Signals { source: self }
    }
}

/// The next event of a source; made by [`EventSource::next`]. Dropped before it is ready it has taken
/// nothing.
///
/// ```no_run
/// # async fn example(mut source: wellspring::EventSource) -> Result<(), wellspring::Error> {
/// let next = source.next();
/// if let Some(event) = next.await {
///     println!("{}", event?.data);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "futures do nothing unless they are awaited"]
pub struct Next<'a> {
    /// There until it is ready.
    pub(super) source: Option<&'a mut EventSource>,
}

impl<'a> Future for Next<'a> {
    type Output = Option<Result<EventRef<'a>, Error>>;

    // Inlined, and with one place that makes the event, which then stays in registers: to pass it
    // through memory from call to call takes a third of the time of decoding it.
    #[inline(always)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(source) = self.source.take() else {
            return Poll::Ready(None);
        };
        if !source.driver.has_event() {
            match source.poll_event_turn(cx) {
                Poll::Ready(Some(Ok(()))) => {}
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => {
                    self.source = Some(source);
                    return Poll::Pending;
                }
            }
        }
        match source.driver.items.take_event() {
            Some(event) => Poll::Ready(Some(Ok(event))),
            None => Poll::Ready(None),
        }
    }
}

impl FusedFuture for Next<'_> {
    fn is_terminated(&self) -> bool {
        self.source.is_none()
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
    /// Returns the next signal, lent until the next call; `None` when the source is closed. May be dropped
    /// and called again without losing a signal.
    ///
    /// # Errors
    /// The source has failed for good; `None` follows.
    pub async fn next(&mut self) -> Option<Result<Signal<'_>, Error>> {
        self.source.next_signal().await
    }
}
