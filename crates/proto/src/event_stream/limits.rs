//! How much the decoder buffers at most, and the error that says it was not enough.
//!
//! Next: `decoder.rs`, which holds to them.

use core::error::Error;
use core::fmt;

const MIB: usize = 1024 * 1024;

/// Sets how much a decoder buffers at most, in bytes as received. Comments and unknown fields are skipped
/// unbuffered and never count.
///
/// | limit | default | what exceeds it |
/// |---|---|---|
/// | [`line`](Self::line) | 16 MiB | the value of one line |
/// | [`event`](Self::event) | 16 MiB | the data of an event, with its type |
/// | [`id`](Self::id) | 64 KiB | the value of an `id` line |
/// | [`comment`](Self::comment) | 4 KiB | nothing: a comment is cut |
///
/// What happens then is [`OnLimit`]'s to say: an error by default.
///
/// ```
/// use wellspring_proto::Limits;
///
/// let limits = Limits::default().with_event(64 * 1024);
/// assert_eq!(limits.line, 16 * 1024 * 1024);
/// assert_eq!(limits.event, 64 * 1024);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of the value on one line. 16 MiB by default.
    pub line: usize,
    /// Bytes of the data buffer and the event type buffer together. 16 MiB by default.
    pub event: usize,
    /// Bytes of an id. Each event carries the last one, so that a long id would make small events
    /// expensive. 64 KiB by default; ids over about 4 KiB do not fit in a request header.
    pub id: usize,
    /// Bytes of a comment that are kept if comments are asked for; the rest of the comment is cut off. 4 KiB by
    /// default.
    pub comment: usize,
}

impl Limits {
    /// Sets the limit of a line, in bytes.
    #[must_use]
    pub const fn with_line(mut self, bytes: usize) -> Self {
        self.line = bytes;
        self
    }

    /// Sets the limit of an event, in bytes.
    #[must_use]
    pub const fn with_event(mut self, bytes: usize) -> Self {
        self.event = bytes;
        self
    }

    /// Sets the limit of an id, in bytes.
    #[must_use]
    pub const fn with_id(mut self, bytes: usize) -> Self {
        self.id = bytes;
        self
    }

    /// Sets how much of a comment is kept, in bytes.
    #[must_use]
    pub const fn with_comment(mut self, bytes: usize) -> Self {
        self.comment = bytes;
        self
    }

    /// Returns the limit of this kind.
    #[inline]
    pub(crate) const fn of(&self, kind: LimitKind) -> usize {
        match kind {
            LimitKind::Line => self.line,
            LimitKind::Event => self.event,
            LimitKind::Id => self.id,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            line: 16 * MIB,
            event: 16 * MIB,
            id: 64 * 1024,
            comment: 4 * 1024,
        }
    }
}

/// Says what the decoder does with a line, an event or an id that exceeds one of the [`Limits`].
///
/// ```
/// use wellspring_proto::{Batch, Decoder, Item, Limits, OnLimit};
///
/// let limits = Limits::default().with_line(4);
/// let mut decoder = Decoder::with_limits(limits).on_limit(OnLimit::Skip);
/// let mut batch = Batch::new();
/// decoder.decode_into(b"data: too long\n\ndata: fits\n\n", &mut batch)?;
/// assert!(matches!(batch.next_item(), Some(Item::Skipped(limit)) if limit.offset == 10));
/// assert!(matches!(batch.next_item(), Some(Item::Event(event)) if event.data == "fits"));
/// # Ok::<(), wellspring_proto::LimitExceeded>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnLimit {
    /// The decoder stops there.
    #[default]
    Fail,
    /// The event that the line belongs to is left out, and the decoder goes on.
    /// [`Item::Skipped`](crate::Item::Skipped) reports it, once for each event.
    ///
    /// | what is too long | what is left out | the last event ID |
    /// |---|---|---|
    /// | a line of data, an event type, the event | the event | moves to the `id` of its block, so that the event is not asked for again |
    /// | an `id` | the event | stays what it was, unless another `id` follows in the block |
    /// | a `retry` | the `retry` alone | is not affected |
    Skip,
}

/// Says which of the [`Limits`] was exceeded.
///
/// ```
/// assert_eq!(wellspring_proto::LimitKind::Event.to_string(), "event");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LimitKind {
    /// [`Limits::line`].
    Line,
    /// [`Limits::event`].
    Event,
    /// [`Limits::id`].
    Id,
}

impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Line => "line",
            Self::Event => "event",
            Self::Id => "id",
        })
    }
}

/// Reports that the stream holds a line, an event or an id larger than the limit; the decoder stops there.
///
/// It answers every later call with the same error, until [`Decoder::start_stream`](crate::Decoder::start_stream).
/// Events before it have been handed on. A server that repeats the event on each resume makes a client fail each
/// time: raise the limit, or use [`OnLimit::Skip`].
///
/// ```
/// use wellspring_proto::{Batch, Decoder, Limits};
///
/// let mut decoder = Decoder::with_limits(Limits::default().with_line(8));
/// let error = decoder.decode_into(b"data: four and more\n\n", &mut Batch::new()).unwrap_err();
/// assert_eq!(error.offset, 14);
/// assert_eq!(
///     error.to_string(),
///     "a line exceeds the limit of 8 bytes at byte 14 of the stream; raise Limits::line to accept it"
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct LimitExceeded {
    /// Which limit.
    pub kind: LimitKind,
    /// Its value, in bytes.
    pub limit: usize,
    /// Where in the stream the first byte too many stands, in bytes from the start of the body.
    pub offset: u64,
}

impl fmt::Display for LimitExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            limit,
            offset,
        } = self;
        let article = match kind {
            LimitKind::Line => "a",
            LimitKind::Event | LimitKind::Id => "an",
        };
        write!(
            f,
            "{article} {kind} exceeds the limit of {limit} bytes at byte {offset} of the stream; \
             raise Limits::{kind} to accept it"
        )
    }
}

impl Error for LimitExceeded {}
