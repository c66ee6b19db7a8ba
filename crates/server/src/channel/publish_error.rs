//! Why an event was not published. In: what `publish` found. Out: [`PublishError`].
//!
//! Next: `channel.rs` returns it.

use std::fmt;

/// Why an event was not published. Nobody has received any of it.
///
/// ```
/// use wellspring_server::{Channel, PublishError};
///
/// let channel = Channel::builder().publish_limit(20).build();
/// let error = channel.publish("much too long").unwrap_err();
/// assert_eq!(error, PublishError::TooLarge { length: 21, limit: 20 });
/// assert_eq!(
///     error.to_string(),
///     "an event of 21 encoded bytes is over the channel's publish limit of 20: send a link to the data, or raise the limit"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublishError {
    /// The channel is closed.
    Closed,
    /// The encoded event is larger than the publish limit.
    TooLarge {
        /// Its length in bytes, encoded; of an enormous one the length of its texts.
        length: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The event brings an id of the form the channel gives to its own events in this epoch.
    ReservedId,
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the channel is closed"),
            Self::TooLarge { length, limit } => write!(
                f,
                "an event of {length} encoded bytes is over the channel's publish limit of {limit}: \
                 send a link to the data, or raise the limit"
            ),
            Self::ReservedId => f.write_str(
                "the event's id has the form and the epoch of the channel's own ids: \
                 leave it out, or choose another",
            ),
        }
    }
}

impl std::error::Error for PublishError {}
