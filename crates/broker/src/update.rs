//! An update to publish. In: topics, data, and what else an event may have. Out: an update that can be
//! sent as it is, or why it cannot.
//!
//! Next: `record.rs`, the form in which it is stored.

use std::fmt;
use std::time::Duration;

use wellspring_proto::{EventId, EventType, InvalidField};

use crate::cursor::Cursor;

/// How many topics an update may have.
pub const MAX_TOPICS: usize = 1_000;

/// The longest topic, in bytes: as long as a selector may be.
pub const MAX_TOPIC_LENGTH: usize = wellspring_matcher::MAX_LENGTH;

/// The longest id of a publisher, in bytes.
pub const MAX_ID_LENGTH: usize = 1_024;

/// Describes one event to publish, under one or more topics.
///
/// ```
/// use wellspring_broker::Update;
///
/// let update = Update::new("https://shop.example/books/7")?
///     .alternate("https://shop.example/books")?
///     .data("{\"stock\":3}")
///     .private(true)
///     .id("book-7-v2")?;
/// assert_eq!(update.topics().len(), 2);
/// assert!(Update::new("news")?.id("#latest").is_err(), "reserved");
/// # Ok::<(), wellspring_broker::UpdateError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    pub(crate) topics: Vec<String>,
    pub(crate) data: Option<String>,
    pub(crate) private: bool,
    pub(crate) id: Option<EventId<'static>>,
    pub(crate) event_type: Option<EventType<'static>>,
    pub(crate) retry: Option<Duration>,
}

impl Update {
    /// Returns a public update under its canonical topic, without data.
    ///
    /// # Errors
    /// The topic is longer than [`MAX_TOPIC_LENGTH`].
    pub fn new(topic: impl Into<String>) -> Result<Self, UpdateError> {
        let update = Self {
            topics: Vec::new(),
            data: None,
            private: false,
            id: None,
            event_type: None,
            retry: None,
        };
        update.alternate(topic)
    }

    /// Adds another topic for the same event.
    ///
    /// # Errors
    /// The topic is longer than [`MAX_TOPIC_LENGTH`], or there are [`MAX_TOPICS`] topics already.
    pub fn alternate(mut self, topic: impl Into<String>) -> Result<Self, UpdateError> {
        let topic = topic.into();
        if topic.len() > MAX_TOPIC_LENGTH {
            return Err(UpdateError::TopicTooLong);
        }
        if self.topics.len() == MAX_TOPICS {
            return Err(UpdateError::TooManyTopics);
        }
        self.topics.push(topic);
        Ok(self)
    }

    /// Sets the data; any text will do. Without data no client dispatches an event.
    #[must_use]
    pub fn data(mut self, data: impl Into<String>) -> Self {
        self.data = Some(data.into());
        self
    }

    /// Sets whether the event is private: only subscribers with a grant for one of its topics get it. Default no.
    #[must_use]
    pub fn private(mut self, private: bool) -> Self {
        self.private = private;
        self
    }

    /// Sets the publisher's own id; without one, the event's cursor is its id.
    ///
    /// # Errors
    /// The id begins with `#`, has the form of a [`Cursor`], is empty or longer than [`MAX_ID_LENGTH`], or
    /// contains CR, LF or NUL.
    pub fn id(mut self, id: &str) -> Result<Self, UpdateError> {
        if id.is_empty() || id.len() > MAX_ID_LENGTH {
            return Err(UpdateError::IdLength);
        }
        if id.starts_with('#') || id.parse::<Cursor>().is_ok() {
            return Err(UpdateError::ReservedId);
        }
        let id = EventId::try_from(id.to_owned());
        self.id = Some(id.map_err(UpdateError::Field)?);
        Ok(self)
    }

    /// Sets the type of the event.
    ///
    /// # Errors
    /// The type contains CR, LF or NUL.
    pub fn event_type(mut self, event_type: &str) -> Result<Self, UpdateError> {
        let event_type = EventType::try_from(event_type.to_owned());
        self.event_type = Some(event_type.map_err(UpdateError::Field)?);
        Ok(self)
    }

    /// Sets the reconnection time of the clients that receive it, in whole milliseconds.
    #[must_use]
    pub fn retry(mut self, reconnection_time: Duration) -> Self {
        self.retry = Some(reconnection_time);
        self
    }

    /// Returns its topics, the canonical one first.
    #[must_use]
    pub fn topics(&self) -> &[String] {
        &self.topics
    }
}

/// Reports an update that cannot be published as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpdateError {
    /// A topic has more than [`MAX_TOPIC_LENGTH`] bytes.
    TopicTooLong,
    /// There are more than [`MAX_TOPICS`] topics.
    TooManyTopics,
    /// The id is empty, or has more than [`MAX_ID_LENGTH`] bytes.
    IdLength,
    /// The id has a form that is reserved for the hub.
    ReservedId,
    /// The id or the type contains a character that would end its line, or NUL.
    Field(InvalidField),
}

impl fmt::Display for UpdateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TopicTooLong => write!(f, "a topic has more than {MAX_TOPIC_LENGTH} bytes"),
            Self::TooManyTopics => write!(f, "there are more than {MAX_TOPICS} topics"),
            Self::IdLength => write!(f, "the id has not 1 to {MAX_ID_LENGTH} bytes"),
            Self::ReservedId => f.write_str(
                "the id is reserved: it begins with # or has the form ~EPOCH.SEQUENCE.TAG",
            ),
            Self::Field(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for UpdateError {}
