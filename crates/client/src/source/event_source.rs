//! The event source. In: a URL. Out: events: as a stream, one by one, as signals, or to handlers.
//!
//! Next: `event_source/control.rs` for what handles have too, `event_source/views.rs` for what is lent and yielded, `event_source/dispatch.rs` for the
//! standard's face, `blocking.rs` for programs without a runtime, and the examples.

mod control;
mod dispatch;
pub(crate) mod views;

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::{FusedStream, Stream};
use wellspring_proto::{Event, EventRef, Item};

use crate::driver::config::Config;
use crate::driver::connection::Notice;
use crate::driver::shared::Shared;
use crate::driver::{Driver, Turn};
use crate::outcome::error::Error;
use crate::outcome::opened::Opened;
use crate::outcome::reconnecting::Reconnecting;
use crate::source::handle::Handle;
use crate::source::signal::Signal;

/// A connection to a server that sends events, and every connection after it: it reconnects by
/// itself, and resumes with the last event ID (HTML Standard 9.2).
///
/// It works while it is polled and has no task of its own. Dropping it closes it.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let mut source = wellspring::EventSource::new("https://example.com/stream")?;
/// while let Some(event) = source.next().await {
///     println!("{}", event?.data);
/// }
/// # Ok(())
/// # }
/// ```
///
/// The standard's face, with handlers:
///
/// ```no_run
/// # async fn example() -> Result<(), wellspring::BuildError> {
/// use wellspring::{DomEvent, EventSource};
///
/// let source = EventSource::new("https://example.com/stream")?;
/// source.onmessage(|event| {
///     if let DomEvent::Message(message) = event {
///         println!("message: {}", message.data);
///     }
/// });
/// source.onerror(|event| eprintln!("{event:?}"));
/// source.run().await;
/// # Ok(())
/// # }
/// ```
pub struct EventSource {
    driver: Box<Driver>,
    handle: Handle,
    /// What a signal or a handler is lent.
    lost: Option<Box<Reconnecting>>,
}

impl EventSource {
    pub(crate) fn with_config(config: Config) -> Self {
        let mut shared = Shared::new(&config.url, config.with_credentials);
        shared.reset.clone_from(&config.reset);
        let shared = Arc::new(shared);
        Self {
            driver: Box::new(Driver::new(config, Arc::clone(&shared))),
            handle: Handle { shared },
            lost: None,
        }
    }

    /// Returns the last event ID string as of the last event taken: a source that is built with it gets the
    /// events after that one.
    #[must_use]
    pub fn last_event_id(&self) -> &str {
        self.driver.items.last_event_id()
    }

    /// Returns the reconnection time in force: what the server set last, within the clamp of the policy.
    #[must_use]
    pub fn reconnection_time(&self) -> Duration {
        self.driver.reconnection_time()
    }

    /// Returns the response that opened the connection last.
    #[must_use]
    pub fn opened(&self) -> Option<&Opened> {
        let opened = self.driver.opened.as_deref();
        opened.map(|opened| &**opened.opened())
    }

    /// Returns the next event if it is here already: what one read has brought can be taken without waiting.
    ///
    /// ```no_run
    /// # async fn example(mut source: wellspring::EventSource) -> Result<(), wellspring::Error> {
    /// let mut lines = String::new();
    /// while let Some(event) = source.next().await {
    ///     lines.push_str(event?.data);
    ///     while let Some(event) = source.next_ready() {
    ///         lines.push_str(event.data);
    ///     }
    ///     print!("{lines}"); // once a read, not once an event
    ///     lines.clear();
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn next_ready(&mut self) -> Option<EventRef<'_>> {
        if !self.has_ready() {
            return None;
        }
        self.take_ready()
    }

    /// Returns the next of the [`signals`](Self::signals), lent until the source is used again; `None` when the
    /// source is closed. May be dropped and called again without losing a signal.
    ///
    /// # Errors
    /// The source has failed for good; `None` follows.
    pub async fn next_signal(&mut self) -> Option<Result<Signal<'_>, Error>> {
        match poll_fn(|cx| self.poll_turn_kind(cx)).await? {
            Ok(kind) => self.lend(kind).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// Whether [`next_ready`](Self::next_ready) has an event.
    pub(crate) fn has_ready(&self) -> bool {
        self.driver.has_event()
    }

    /// That event, whatever another thread has said since.
    #[inline]
    pub(crate) fn take_ready(&mut self) -> Option<EventRef<'_>> {
        self.driver.items.take_event()
    }

    /// Turns until the batch has an event in front.
    #[inline(never)]
    fn poll_event_turn(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<(), Error>>> {
        loop {
            match ready!(self.driver.poll_turn(cx)) {
                None | Some(Turn::Ended(_)) => return Poll::Ready(None),
                Some(Turn::Failed(error)) => return Poll::Ready(Some(Err(error))),
                Some(Turn::Open | Turn::Reconnecting(_) | Turn::Notice(_)) => {}
                Some(Turn::Item) => {
                    if self.driver.items.has_event() {
                        return Poll::Ready(Some(Ok(())));
                    }
                    self.driver.items.take();
                }
            }
        }
    }

    #[inline]
    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Event, Error>>> {
        if !self.driver.has_event() {
            match ready!(self.poll_event_turn(cx)) {
                Some(Ok(())) => {}
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        let event = self.driver.items.take_event();
        Poll::Ready(event.map(|event| Ok(event.to_event())))
    }

    /// The next turn, kept where a signal can be lent from.
    pub(crate) fn poll_turn_kind(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<TurnKind, Error>>> {
        if self.driver.has_event() {
            return Poll::Ready(Some(Ok(TurnKind::Item)));
        }
        let turn = ready!(self.driver.poll_turn(cx));
        Poll::Ready(match turn {
            None | Some(Turn::Ended(_)) => None,
            Some(Turn::Item) => Some(Ok(TurnKind::Item)),
            Some(Turn::Open) => Some(Ok(TurnKind::Open)),
            Some(Turn::Reconnecting(lost)) => {
                self.lost = Some(Box::new(lost));
                Some(Ok(TurnKind::Lost))
            }
            Some(Turn::Notice(notice)) => Some(Ok(TurnKind::Notice(notice))),
            Some(Turn::Failed(error)) => Some(Err(error)),
        })
    }

    /// What [`lend`](Self::lend) will lend of an item.
    pub(crate) fn peek(&self) -> Option<Item<'_>> {
        self.driver.items.peek()
    }

    pub(crate) fn lend(&mut self, kind: TurnKind) -> Option<Signal<'_>> {
        match kind {
            TurnKind::Open => self.opened().map(Signal::Open),
            TurnKind::Lost => self.lost.as_deref().map(Signal::Reconnecting),
            TurnKind::Notice(Notice::Queued(place)) => Some(Signal::Queued(place)),
            TurnKind::Notice(Notice::LastEventIdNotSent(reason)) => {
                Some(Signal::LastEventIdNotSent(reason))
            }
            TurnKind::Item => Some(match self.driver.items.take()? {
                Item::Event(event) => Signal::Message(event),
                Item::Comment(text) => Signal::Comment(text),
                Item::Retry(time) => Signal::ReconnectionTime(time),
                Item::LastEventId(id) => Signal::LastEventId(id),
                Item::Skipped(limit) => Signal::Skipped(limit),
                _ => return None,
            }),
        }
    }
}

/// Which turn it was, when what it brought is kept elsewhere.
#[derive(Clone, Copy)]
pub(crate) enum TurnKind {
    Item,
    Open,
    Lost,
    Notice(Notice),
}

/// Events that own their text, of whatever type; `Err` once, as the last item.
impl Stream for EventSource {
    type Item = Result<Event, Error>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_event(cx)
    }
}

impl FusedStream for EventSource {
    fn is_terminated(&self) -> bool {
        self.handle.shared.is_closed()
    }
}

impl fmt::Debug for EventSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventSource")
            .field("url", &self.handle.shared.shown_url())
            .field("ready_state", &self.ready_state())
            .field("last_event_id", &self.last_event_id())
            .finish_non_exhaustive()
    }
}
