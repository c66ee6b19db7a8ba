//! One dispatched event. In: the three strings the standard dispatches. Out: [`EventRef`], which
//! borrows them, and [`Event`], which owns them in a single allocation.
//!
//! Next: `event_stream/decoder.rs` makes them out of bytes, `encoder.rs` makes bytes out of them.

use alloc::string::String;
use core::fmt;

/// The event type of an event whose block named none (HTML Standard 9.2.6, "dispatch the event").
pub const DEFAULT_EVENT_TYPE: &str = "message";

/// Lends a server-sent event for as long as one visit lasts.
///
/// Copy what has to live longer by [`to_event`](Self::to_event), or by the field: `event.data.to_owned()`.
///
/// ```
/// use wellspring_proto::EventRef;
///
/// let event = EventRef::new("notice", "disk is full", "42");
/// assert_eq!((event.event_type, event.event_type()), ("notice", "notice"));
/// assert_eq!(event.to_event().data(), "disk is full");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct EventRef<'a> {
    /// The `event` field, or `message` when the block had none or an empty one.
    pub event_type: &'a str,
    /// The `data` fields, joined by LF.
    pub data: &'a str,
    /// The last event ID string when the event was dispatched; it stays until a block changes it.
    pub last_event_id: &'a str,
}

impl<'a> EventRef<'a> {
    /// Returns an event of the three strings; an empty `event_type` means `message`.
    #[must_use]
    #[inline]
    pub const fn new(event_type: &'a str, data: &'a str, last_event_id: &'a str) -> Self {
        let event_type = if event_type.is_empty() {
            DEFAULT_EVENT_TYPE
        } else {
            event_type
        };
        Self {
            event_type,
            data,
            last_event_id,
        }
    }

    /// Returns the event type, as [`Event::event_type`] does.
    #[must_use]
    #[inline]
    pub const fn event_type(&self) -> &'a str {
        self.event_type
    }

    /// Returns the data, as [`Event::data`] does.
    #[must_use]
    #[inline]
    pub const fn data(&self) -> &'a str {
        self.data
    }

    /// Returns the last event ID string, as [`Event::last_event_id`] does.
    #[must_use]
    #[inline]
    pub const fn last_event_id(&self) -> &'a str {
        self.last_event_id
    }

    /// Copies the event into one allocation of its own.
    #[must_use]
    #[inline]
    pub fn to_event(&self) -> Event {
        Event::new(self.event_type, self.data, self.last_event_id)
    }
}

/// Holds a server-sent event that owns its text, in one allocation.
///
/// It is never changed after it was made. [`EventRef`] is the same without the allocation; [`Block`](crate::Block)
/// is an event that can be sent.
///
/// ```
/// use wellspring_proto::Event;
///
/// let event = Event::new("", "hello", "7");
/// assert_eq!(event.event_type(), "message");
/// assert_eq!(event.data(), "hello");
/// assert_eq!(event.last_event_id(), "7");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Event {
    /// data, then last event ID, then event type.
    text: String,
    /// Where the last event ID begins.
    data_end: usize,
    /// Where the event type begins.
    last_event_id_end: usize,
}

impl Event {
    /// Copies the three strings; an empty `event_type` means `message`.
    #[must_use]
    #[inline]
    pub fn new(event_type: &str, data: &str, last_event_id: &str) -> Self {
        let event_type = EventRef::new(event_type, data, last_event_id).event_type;
        let length = data.len() + last_event_id.len() + event_type.len();
        let mut text = String::with_capacity(length);
        text.push_str(data);
        text.push_str(last_event_id);
        text.push_str(event_type);
        Self {
            text,
            data_end: data.len(),
            last_event_id_end: data.len() + last_event_id.len(),
        }
    }

    /// Returns the `event` field, or `message` if the block had none or an empty one.
    #[must_use]
    #[inline]
    pub fn event_type(&self) -> &str {
        &self.text[self.last_event_id_end..]
    }

    /// Returns the `data` fields, joined by LF.
    #[must_use]
    #[inline]
    pub fn data(&self) -> &str {
        &self.text[..self.data_end]
    }

    /// Returns the last event ID string when the event was dispatched.
    #[must_use]
    #[inline]
    pub fn last_event_id(&self) -> &str {
        &self.text[self.data_end..self.last_event_id_end]
    }

    /// Lends the three strings.
    #[must_use]
    #[inline]
    pub fn as_event_ref(&self) -> EventRef<'_> {
        EventRef::new(self.event_type(), self.data(), self.last_event_id())
    }

    /// Returns the data without a copy: the allocation is kept and cut.
    ///
    /// ```
    /// use wellspring_proto::Event;
    ///
    /// assert_eq!(Event::new("notice", "disk is full", "42").into_data(), "disk is full");
    /// ```
    #[must_use]
    pub fn into_data(mut self) -> String {
        self.text.truncate(self.data_end);
        self.text
    }
}

impl From<EventRef<'_>> for Event {
    fn from(event: EventRef<'_>) -> Self {
        event.to_event()
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("event_type", &self.event_type())
            .field("data", &self.data())
            .field("last_event_id", &self.last_event_id())
            .finish()
    }
}
