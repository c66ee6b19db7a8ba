//! The event stream format (HTML Standard 9.2.5 and 9.2.6). In: bytes of a `text/event-stream`
//! body in any chunking. Out: the [`Item`]s they mean.
//!
//! Next: `lines.rs` (bytes to lines), `fields.rs` (line to field), `interpret.rs` (fields to
//! events), `decoder.rs` (the layers composed), `blocks.rs` (the fast path beside them).

mod batch;
mod blocks;
mod decoder;
mod fields;
mod interpret;
mod limits;
mod lines;
mod sink;
#[cfg(test)]
mod tests;
mod window;

pub use batch::Batch;
pub(crate) use batch::Filler;
pub use decoder::Decoder;
pub use limits::{LimitExceeded, LimitKind, Limits, OnLimit};
pub(crate) use sink::{Borrowed, Sink};

use crate::event::EventRef;
use core::time::Duration;

/// Says what the decoder found, in the order of the stream.
///
/// A program that wants events only matches [`Item::Event`] and ignores the rest.
///
/// ```
/// use core::ops::ControlFlow;
/// use wellspring_proto::{Decoder, Item};
///
/// let mut retries = Vec::new();
/// Decoder::new().decode(b"retry: 250\n\n", |item| {
///     if let Item::Retry(time) = item {
///         retries.push(time.as_millis());
///     }
///     ControlFlow::Continue(())
/// })?;
/// assert_eq!(retries, [250]);
/// # Ok::<(), wellspring_proto::LimitExceeded>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Item<'a> {
    /// A dispatched event (9.2.6, "dispatch the event").
    Event(EventRef<'a>),
    /// The text of a comment line, all that follows its colon. Only from a decoder that was asked
    /// for comments; cut at [`Limits::comment`].
    Comment(&'a str),
    /// A `retry` field: the new reconnection time. In force at once, not at the end of its block.
    Retry(Duration),
    /// A block without data changed the last event ID string to this.
    LastEventId(&'a str),
    /// An event, its id, or a `retry` field exceeded this limit and is left out. Only from a decoder that
    /// [skips](OnLimit::Skip); at the first byte too many, not at the end of the block.
    Skipped(LimitExceeded),
}
