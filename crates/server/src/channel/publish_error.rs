//! Why an event was not published. In: what `publish` found. Out: [`PublishError`].
//!
//! Next: `channel.rs` returns it.

use std::fmt;

/// Says why an event was not published. No subscriber has received any of it.
///
/// ```
/// use wellspring_server::{Channel, PublishError};
///
/// let channel = Channel::builder().publish_limit(20).build();
/// let error = channel.publish("much too long").unwrap_err();
/// assert_eq!(error, PublishError::TooLarge { length: 21, limit: 20 });
/// assert_eq!(
///     error.to_string(),
///     "the event has 21 bytes encoded, the channel's publish limit is 20"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublishError {
    /// The channel is closed.
    Closed,
    /// The encoded event is larger than the publish limit. Send a link to the data, or raise the limit.
    TooLarge {
        /// The length in bytes, encoded; if the texts alone are over the limit, their length.
        length: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The event's id has the form and the epoch of the channel's own ids. Leave it out, or set another.
    ReservedId,
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the channel is closed"),
            Self::TooLarge { length, limit } => write!(
                f,
                "the event has {length} bytes encoded, the channel's publish limit is {limit}"
            ),
            Self::ReservedId => f.write_str("the event's id has the form of the channel's own ids"),
        }
    }
}

impl std::error::Error for PublishError {}
