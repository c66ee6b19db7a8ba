//! The events of the standard's face (HTML Standard 9.2.2). In: turns of the driver. Out:
//! [`DomEvent`], what handlers are called with.
//!
//! Next: `listeners.rs`, who is called.

use std::fmt;

use wellspring_proto::EventRef;

use crate::outcome::ended::Ended;
use crate::outcome::error::Error;
use crate::outcome::opened::Opened;
use crate::outcome::reconnecting::Reconnecting;

/// An event as a handler gets it. A server's `event: error`, `event: open` or
/// `event: comment` is a [`Message`](Self::Message), so it cannot be taken for the life of the connection.
///
/// ```
/// use wellspring::{DomEvent, EventSource};
///
/// let source = EventSource::new("https://example.com/stream")?;
/// source.add_event_listener("notice", |event| {
///     if let DomEvent::Message(message) = event {
///         println!("{} says {}", message.origin, message.data);
///     }
/// });
/// # Ok::<(), wellspring::BuildError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum DomEvent<'a> {
    /// `open`: the connection is open.
    Open(&'a Opened),
    /// `error`: the connection is lost or has failed.
    Error(ErrorEvent<'a>),
    /// `message`, or any type that the server named.
    Message(MessageEvent<'a>),
    /// `comment`, which the standard has not: a comment, if [comments](crate::EventSourceBuilder::comments) are asked for.
    Comment(&'a str),
}

impl<'a> DomEvent<'a> {
    /// Returns `type`: whose listeners are called.
    #[must_use]
    pub fn event_type(&self) -> &'a str {
        match self {
            Self::Open(_) => "open",
            Self::Error(_) => "error",
            Self::Message(message) => message.event_type,
            Self::Comment(_) => "comment",
        }
    }
}

/// The two meanings of the standard's `error` event. As text it says what happened and what is next.
///
/// ```
/// use wellspring::ErrorEvent;
///
/// fn report(error: ErrorEvent<'_>) -> String {
///     match error {
///         ErrorEvent::Reconnecting(lost) => format!("retrying: {}", lost.cause),
///         ErrorEvent::Failed(error) => format!("dead: {error}"),
///         _ => String::from("error"),
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ErrorEvent<'a> {
    /// The ready state is connecting.
    Reconnecting(&'a Reconnecting),
    /// The ready state is closed.
    Failed(&'a Error),
    /// The source has ended without an error; the ready state is closed.
    Ended(Ended),
}

impl fmt::Display for ErrorEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reconnecting(lost) => lost.fmt(f),
            Self::Failed(error) => error.fmt(f),
            Self::Ended(ended) => ended.fmt(f),
        }
    }
}

/// The standard's `MessageEvent`, as far as an event source fills it.
///
/// ```
/// use wellspring::MessageEvent;
///
/// let message = MessageEvent::new("notice", "hello", "7", "https://example.com");
/// assert_eq!(message.last_event_id, "7");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageEvent<'a> {
    /// `type`.
    pub event_type: &'a str,
    /// `data`.
    pub data: &'a str,
    /// `lastEventId`.
    pub last_event_id: &'a str,
    /// `origin`: that of the final URL, after redirects.
    pub origin: &'a str,
}

impl<'a> MessageEvent<'a> {
    /// Puts the four strings together; an empty `event_type` means `message`.
    #[must_use]
    pub fn new(
        event_type: &'a str,
        data: &'a str,
        last_event_id: &'a str,
        origin: &'a str,
    ) -> Self {
        Self::of(EventRef::new(event_type, data, last_event_id), origin)
    }

    pub(crate) fn of(event: EventRef<'a>, origin: &'a str) -> Self {
        Self {
            event_type: event.event_type,
            data: event.data,
            last_event_id: event.last_event_id,
            origin,
        }
    }
}
