//! The values of `event` and `id` fields. In: any text. Out: [`EventType`] and [`EventId`], which
//! cannot hold what the wire cannot carry, or an [`InvalidField`] that says which byte is wrong.
//!
//! Next: `encoder.rs` puts them into a block.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use core::convert::Infallible;
use core::fmt;

use memchr::memchr3;

/// The type of an event, as its `event` field carries it (HTML Standard 9.2.5).
///
/// Holds any text without LF, CR and NUL. The standard lets NUL through here, but not every
/// browser does, and it has no use. Empty and `message` both are the default type.
///
/// ```
/// use wellspring_proto::EventType;
///
/// let notice = EventType::new("notice")?;
/// assert_eq!(notice.as_str(), "notice");
/// assert!(EventType::new("notice\ndata: forged").is_err());
/// # Ok::<(), wellspring_proto::InvalidField>(())
/// ```
///
/// # Limits
///
/// There is none on the length here. A decoder counts the type and the data together against
/// [`Limits::event`](crate::Limits::event), 16 MiB unless set otherwise.
///
/// A browser dispatches an event of type `notice` to `addEventListener("notice", …)` only; `onmessage` gets those
/// of the default type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventType<'a>(Cow<'a, str>);

/// The id of an event, as its `id` field carries it (HTML Standard 9.2.5 and 9.2.6).
///
/// Holds any text without LF, CR and NUL: an id with NUL is ignored by the receiver. The empty id is
/// the reset: the client forgets its last event ID and sends no `Last-Event-ID` any more.
///
/// Ids with control characters, or with a space or tab at either end, are legal in the stream but do
/// not survive the way back in a header; [`is_header_safe`](Self::is_header_safe) tells.
///
/// ```
/// use wellspring_proto::EventId;
///
/// assert_eq!(EventId::new("42")?.as_str(), "42");
/// assert_eq!(EventId::from(42).as_str(), "42");
/// assert!(EventId::new("4\02").is_err());
/// # Ok::<(), wellspring_proto::InvalidField>(())
/// ```
///
/// # Limits
///
/// There is none on the length here. The id comes back in a request header, and many servers refuse headers of more
/// than 4 to 8 KiB; a decoder refuses ids of more than [`Limits::id`](crate::Limits::id), 64 KiB unless set
/// otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId<'a>(Cow<'a, str>);

macro_rules! field_value {
    ($name:ident, $field:literal) => {
        impl<'a> $name<'a> {
            /// Checks a text and takes it, borrowed or owned. Nothing is copied.
            ///
            /// # Errors
            /// [`InvalidField`] at the first LF, CR or NUL.
            #[inline]
            pub fn new(text: impl Into<Cow<'a, str>>) -> Result<Self, InvalidField> {
                let text = text.into();
                InvalidField::check($field, &text)?;
                Ok(Self(text))
            }

            /// Returns the text.
            #[must_use]
            #[inline]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Returns the same value, independent of what it was borrowed from. Copies borrowed text.
            #[must_use]
            pub fn into_owned(self) -> $name<'static> {
                $name(Cow::Owned(self.0.into_owned()))
            }
        }

        impl<'a> TryFrom<&'a str> for $name<'a> {
            type Error = InvalidField;
            fn try_from(text: &'a str) -> Result<Self, InvalidField> {
                Self::new(text)
            }
        }

        impl<'a> TryFrom<&'a String> for $name<'a> {
            type Error = InvalidField;
            fn try_from(text: &'a String) -> Result<Self, InvalidField> {
                Self::new(text.as_str())
            }
        }

        impl TryFrom<String> for $name<'_> {
            type Error = InvalidField;
            fn try_from(text: String) -> Result<Self, InvalidField> {
                Self::new(text)
            }
        }

        impl<'a> TryFrom<Cow<'a, str>> for $name<'a> {
            type Error = InvalidField;
            fn try_from(text: Cow<'a, str>) -> Result<Self, InvalidField> {
                Self::new(text)
            }
        }

        impl<'a> From<&'a $name<'_>> for $name<'a> {
            fn from(value: &'a $name<'_>) -> Self {
                Self(Cow::Borrowed(&value.0))
            }
        }

        impl AsRef<str> for $name<'_> {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

field_value!(EventType, "event");
field_value!(EventId, "id");

impl EventId<'_> {
    /// Returns true if the id comes back unchanged in a `Last-Event-ID` header: it has no control characters, and
    /// no space or tab at either end.
    ///
    /// An id that is not safe can still be sent. The client will then reconnect with another id, or without one, so
    /// the server cannot resume after this event.
    ///
    /// ```
    /// use wellspring_proto::EventId;
    ///
    /// assert!(EventId::new("2024-05-01/17")?.is_header_safe());
    /// assert!(!EventId::new(" 17")?.is_header_safe());
    /// # Ok::<(), wellspring_proto::InvalidField>(())
    /// ```
    #[must_use]
    pub fn is_header_safe(&self) -> bool {
        let bytes = self.0.as_bytes();
        let edge = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
        let control = |byte: &u8| (*byte < 0x20 && *byte != b'\t') || *byte == 0x7F;
        !edge(bytes.first()) && !edge(bytes.last()) && !bytes.iter().any(control)
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl From<$number> for EventId<'_> {
            fn from(number: $number) -> Self {
                Self(Cow::Owned(number.to_string()))
            }
        }
    )*};
}

numbers!(u64 u32 usize i64 i32);

/// Reports a text that cannot be the value of a field, and the byte that is wrong.
///
/// The values that users of a program choose, such as names of topics, are the usual source: refuse them, or
/// replace line ends before they become an event type or an id. Data needs no such care.
///
/// ```
/// use wellspring_proto::{EventId, InvalidReason};
///
/// let error = EventId::new("4\n2").unwrap_err();
/// assert_eq!((error.field, error.reason, error.offset), ("id", InvalidReason::LineFeed, 1));
/// assert_eq!(
///     error.to_string(),
///     "the value of the `id` field has a line feed at byte 1: remove it, a field value is one line"
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct InvalidField {
    /// The field's name on the wire: `event` or `id`.
    pub field: &'static str,
    /// What is wrong with the text.
    pub reason: InvalidReason,
    /// The index of that byte in the text, from 0.
    pub offset: usize,
}

/// Says which character a field value must not have.
///
/// A line end would end the field, and what follows it would be read as another field: an attacker could forge
/// events. NUL makes receivers ignore an id.
///
/// ```
/// use wellspring_proto::InvalidReason;
///
/// assert_eq!(InvalidReason::Nul.to_string(), "a NUL character");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InvalidReason {
    /// U+000A, which ends a line.
    LineFeed,
    /// U+000D, which ends a line as well.
    CarriageReturn,
    /// U+0000, which makes receivers ignore an id.
    Nul,
}

impl InvalidField {
    /// Finds the first of the three.
    #[inline]
    fn check(field: &'static str, text: &str) -> Result<(), Self> {
        let Some(offset) = memchr3(b'\n', b'\r', 0, text.as_bytes()) else {
            return Ok(());
        };
        let reason = match text.as_bytes().get(offset) {
            Some(b'\n') => InvalidReason::LineFeed,
            Some(b'\r') => InvalidReason::CarriageReturn,
            _ => InvalidReason::Nul,
        };
        Err(Self {
            field,
            reason,
            offset,
        })
    }
}

impl fmt::Display for InvalidReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LineFeed => "a line feed",
            Self::CarriageReturn => "a carriage return",
            Self::Nul => "a NUL character",
        })
    }
}

impl fmt::Display for InvalidField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            field,
            reason,
            offset,
        } = self;
        let advice = match reason {
            InvalidReason::Nul => "receivers ignore or mangle such a value",
            _ => "a field value is one line",
        };
        write!(
            f,
            "the value of the `{field}` field has {reason} at byte {offset}: remove it, {advice}"
        )
    }
}

impl core::error::Error for InvalidField {}

/// For setters that take a value already validated: it cannot fail.
impl From<Infallible> for InvalidField {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
