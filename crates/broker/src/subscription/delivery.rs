//! What a subscriber gets.
//!
//! Next: `replay.rs`.

use bytes::Bytes;

use crate::cursor::Cursor;

/// Says what happens to a subscriber that is so slow that events it is owed are gone from the history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnLag {
    /// Its stream ends. It comes back with its last event ID, and then learns what it missed.
    #[default]
    Disconnect,
    /// It gets a [`Gap`] and goes on with the oldest event there is.
    Gap,
    /// The same as `Gap`, and after it the newest event of each canonical topic among those that are gone, as far
    /// as [`latest_topics`](crate::BrokerOptions::latest_topics) goes.
    Latest,
}

/// Is one item of a subscriber's stream.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// Bytes of the stream, at most [`SLICE_BYTES`](crate::SLICE_BYTES), shared by all subscribers of the event.
    /// A larger event comes in several frames; nothing may be put between them.
    Frame(Bytes),
    /// Events are missing here. Comes between events only.
    Gap(Gap),
}

/// Reports that a connected subscriber missed events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// Why they are missing.
    pub reason: GapReason,
    /// How many are missing, of all topics, if that is known.
    pub missed: Option<u64>,
    /// The position after which the stream goes on.
    pub after: Cursor,
}

/// Says why events are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GapReason {
    /// They left the history before the subscriber took them.
    Lagged,
    /// The history lost its newest events, some of which the subscriber may have had.
    Rewritten,
}
