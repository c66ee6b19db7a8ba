//! Events to bytes. In: the fields of one event, validated. Out: its block as it goes on the wire,
//! blank line included; the decoder makes the same event of it.
//!
//! Next: `server/log.rs` keeps encoded blocks for those who read later.

mod fields;
mod lines;
mod write;

pub use fields::{EventId, EventType, InvalidField, InvalidReason};

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::time::Duration;

use lines::lines;
use memchr::{memchr, memchr2};
use write::{Digits, line_len, push_line, text_len};

use crate::{DEFAULT_EVENT_TYPE, Event, EventRef};

/// The fields of one event as they go on the wire: a block (HTML Standard 9.2.5).
///
/// A block that exists can be sent: whatever its fields hold, it encodes to exactly one block, and no
/// field or event can be injected. Made by [`Block::data`] or [`Block::empty`]; a setter called twice
/// keeps the later value.
///
/// ```
/// use std::time::Duration;
/// use wellspring_proto::Block;
///
/// let block = Block::data("disk is full\nsend help")
///     .event_type("notice")?
///     .id(42)?
///     .retry(Duration::from_secs(2));
/// assert_eq!(
///     block.encode(),
///     b"event: notice\nid: 42\nretry: 2000\ndata: disk is full\ndata: send help\n\n"
/// );
/// # Ok::<(), wellspring_proto::InvalidField>(())
/// ```
///
/// # What is written
///
/// | part | lines | order |
/// |---|---|---|
/// | comment | `: text`, one for each of its lines | first |
/// | event type | `event: type`, unless it is the default | |
/// | id | `id: id`; `id:` for the reset | |
/// | reconnection time | `retry: milliseconds` | |
/// | data | `data: text`, one for each of its lines | last |
/// | end | a blank line | |
///
/// Lines end by LF. There is no limit on the length; a server sets one before it encodes, by
/// [`text_len`](Self::text_len) and [`encoded_len`](Self::encoded_len).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Block<'a> {
    comment: Option<Cow<'a, str>>,
    event_type: Option<EventType<'a>>,
    id: Option<EventId<'a>>,
    retry: Option<u64>,
    data: Option<Cow<'a, str>>,
}

impl<'a> Block<'a> {
    /// Returns a block that dispatches an event with this data; any text will do.
    ///
    /// Every LF, CR and CRLF begins another `data` line, and the receiver joins the lines by LF: what arrives is
    /// the text with LF for each of its line ends.
    #[must_use]
    pub fn data(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            data: Some(text.into()),
            ..Self::default()
        }
    }

    /// Returns a block without data, which dispatches no event. With an [`id`](Self::id) it commits a position
    /// (Firefox and Safari want data for that), with a [`retry`](Self::retry) it sets the reconnection time, with a
    /// [`comment`](Self::comment) it shows that the connection lives.
    ///
    /// ```
    /// use wellspring_proto::Block;
    ///
    /// assert_eq!(Block::empty().comment("still here").encode(), b": still here\n\n");
    /// assert_eq!(Block::empty().id("42")?.encode(), b"id: 42\n\n");
    /// # Ok::<(), wellspring_proto::InvalidField>(())
    /// ```
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Names the type of the event. Empty and `message` are the default type and are not written.
    ///
    /// # Errors
    /// [`InvalidField`] when a text has LF, CR or NUL; never for an [`EventType`].
    pub fn event_type<T>(mut self, event_type: T) -> Result<Self, InvalidField>
    where
        T: TryInto<EventType<'a>>,
        InvalidField: From<T::Error>,
    {
        self.event_type = Some(event_type.try_into()?);
        Ok(self)
    }

    /// Sets the last event ID of the receiver, from this block on. The empty id is the reset.
    ///
    /// # Errors
    /// [`InvalidField`] when a text has LF, CR or NUL; never for an [`EventId`] or a number.
    pub fn id<T>(mut self, id: T) -> Result<Self, InvalidField>
    where
        T: TryInto<EventId<'a>>,
        InvalidField: From<T::Error>,
    {
        self.id = Some(id.try_into()?);
        Ok(self)
    }

    /// Sets the reconnection time of the receiver. Goes out in whole milliseconds, rounded up so that
    /// no client reconnects sooner than asked, at most `u64::MAX` of them.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wellspring_proto::Block;
    ///
    /// let block = Block::empty().retry(Duration::from_micros(2_000_001));
    /// assert_eq!(block.encode(), b"retry: 2001\n\n");
    /// ```
    #[must_use]
    pub fn retry(mut self, reconnection_time: Duration) -> Self {
        let milliseconds = reconnection_time.as_nanos().div_ceil(1_000_000);
        self.retry = Some(u64::try_from(milliseconds).unwrap_or(u64::MAX));
        self
    }

    /// Adds a comment, which receivers ignore; any text will do. Each of its lines becomes a comment
    /// line, and NUL goes out as U+FFFD.
    ///
    /// ```
    /// use wellspring_proto::Block;
    ///
    /// assert_eq!(Block::data("x").comment("two\nlines").encode(), b": two\n: lines\ndata: x\n\n");
    /// ```
    #[must_use]
    pub fn comment(mut self, text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        self.comment = Some(match memchr(0, text.as_bytes()) {
            Some(_) => Cow::Owned(text.replace('\0', "\u{FFFD}")),
            None => text,
        });
        self
    }

    /// Returns true if the block has data, so that it dispatches an event. Empty data counts.
    #[must_use]
    pub fn has_data(&self) -> bool {
        self.data.is_some()
    }

    /// Returns the id, if the block has one; the empty one is the reset.
    #[must_use]
    pub fn event_id(&self) -> Option<&EventId<'a>> {
        self.id.as_ref()
    }

    /// Returns how many bytes the texts of the block have before encoding, which can only add to them. Costs
    /// nothing, however long they are.
    #[must_use]
    pub fn text_len(&self) -> usize {
        [
            self.comment.as_deref(),
            self.event_type.as_ref().map(EventType::as_str),
            self.id.as_ref().map(EventId::as_str),
            self.data.as_deref(),
        ]
        .into_iter()
        .flatten()
        .map(str::len)
        .sum()
    }

    /// Returns the same block, independent of what it was borrowed from.
    #[must_use]
    pub fn into_owned(self) -> Block<'static> {
        let own = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        Block {
            comment: self.comment.map(own),
            event_type: self.event_type.map(EventType::into_owned),
            id: self.id.map(EventId::into_owned),
            retry: self.retry,
            data: self.data.map(own),
        }
    }
}

/// Encoding.
impl Block<'_> {
    /// Returns the exact number of bytes that [`encode_into`](Self::encode_into) appends. Looks through the data
    /// for line ends.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        let data = self.data.as_deref();
        self.head_len() + data.map_or(0, |data| text_len("data", data)) + 1
    }

    /// Appends the block and the blank line that ends it. Grows `out` once, by what is needed.
    pub fn encode_into(&self, out: &mut Vec<u8>) {
        match self.data.as_deref() {
            None => {
                out.reserve(self.head_len() + 1);
                self.encode_head(out);
            }
            Some(data) if memchr2(b'\n', b'\r', data.as_bytes()).is_none() => {
                out.reserve(self.head_len() + line_len("data", data) + 1);
                self.encode_head(out);
                push_line(out, "data", data);
            }
            Some(data) => {
                out.reserve(self.head_len() + text_len("data", data) + 1);
                self.encode_head(out);
                lines(data).for_each(|line| push_line(out, "data", line));
            }
        }
        out.push(b'\n');
    }

    /// Returns the block and the blank line that ends it, as bytes of its own.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.encode_into(&mut out);
        out
    }

    /// The bytes of all fields but data.
    fn head_len(&self) -> usize {
        let retry = |ms| line_len("retry", Digits::new(ms).as_str());
        let comment = self.comment.as_deref();
        comment.map_or(0, |comment| text_len("", comment))
            + self
                .written_type()
                .map_or(0, |kind| line_len("event", kind))
            + self.id.as_ref().map_or(0, |id| line_len("id", id.as_str()))
            + self.retry.map_or(0, retry)
    }

    /// Appends all fields but data.
    fn encode_head(&self, out: &mut Vec<u8>) {
        if let Some(comment) = &self.comment {
            lines(comment).for_each(|line| push_line(out, "", line));
        }
        if let Some(event_type) = self.written_type() {
            push_line(out, "event", event_type);
        }
        if let Some(id) = &self.id {
            push_line(out, "id", id.as_str());
        }
        if let Some(milliseconds) = self.retry {
            push_line(out, "retry", Digits::new(milliseconds).as_str());
        }
    }

    /// The type, unless it is the default, which goes without saying.
    fn written_type(&self) -> Option<&str> {
        let event_type = self.event_type.as_ref()?.as_str();
        (!event_type.is_empty() && event_type != DEFAULT_EVENT_TYPE).then_some(event_type)
    }
}

impl<'a> From<&'a str> for Block<'a> {
    fn from(data: &'a str) -> Self {
        Self::data(data)
    }
}

impl<'a> From<alloc::string::String> for Block<'a> {
    fn from(data: alloc::string::String) -> Self {
        Self::data(data)
    }
}

/// The block that makes this event again, wherever in a stream it stands: the last event ID is always
/// written, also when it is empty. Fails only for an event that no block can carry; CR in data comes
/// back as LF, but data that came from a decoder has none.
///
/// ```
/// use wellspring_proto::{Block, EventRef};
///
/// let block = Block::try_from(EventRef::new("notice", "disk is full", "42"))?;
/// assert_eq!(block.encode(), b"event: notice\nid: 42\ndata: disk is full\n\n");
/// # Ok::<(), wellspring_proto::InvalidField>(())
/// ```
impl<'a> TryFrom<EventRef<'a>> for Block<'a> {
    type Error = InvalidField;

    fn try_from(event: EventRef<'a>) -> Result<Self, InvalidField> {
        Block::data(event.data)
            .event_type(event.event_type)?
            .id(event.last_event_id)
    }
}

impl<'a> TryFrom<&'a Event> for Block<'a> {
    type Error = InvalidField;

    fn try_from(event: &'a Event) -> Result<Self, InvalidField> {
        Self::try_from(event.as_event_ref())
    }
}

#[cfg(test)]
mod tests;
