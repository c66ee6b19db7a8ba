//! How much history is kept. In: a program's settings. Out: [`HistoryLimits`], [`LatestLimits`].
//!
//! Next: `log.rs` evicts by them.

use std::time::Duration;

/// Limits a channel's history. Whichever limit is reached first evicts the oldest events.
///
/// Live subscribers read from the history too: it is how far a slow one may fall behind before it has a
/// gap. Memory follows `bytes` closely: on top come at most one frame (16 KiB) at either end and
/// what left the history but is still on its way to sockets ([`ChannelStats::pinned_bytes`]).
///
/// A subscriber in the middle of an event larger than a frame gets the rest of it, though the event has
/// left the history, as long as such events have no more than `bytes` together. Beyond that the oldest
/// of them is lost: its readers' streams end inside it, which no event source dispatches.
///
/// How much is enough? A client that reconnects asks for what came while it was away, so the history
/// should hold at least the events of the longest interruption that is to go unnoticed: 200 events of
/// 1 KB a second take the default of 16 MiB in 80 s.
///
/// ```
/// use std::time::Duration;
/// use wellspring_server::{Channel, HistoryLimits};
///
/// let limits = HistoryLimits::default()
///     .with_events(1_000)
///     .with_bytes(1 << 20)
///     .with_age(Duration::from_secs(3600));
/// let channel = Channel::builder().history(limits).build();
/// # drop(channel);
/// ```
///
/// [`ChannelStats::pinned_bytes`]: crate::ChannelStats::pinned_bytes
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HistoryLimits {
    /// The most events; default 100,000. 0 counts as 1: the newest event always stays.
    pub events: usize,
    /// The most bytes; default 16 MiB. Counts the encoded events, 16 bytes for each, and for each id
    /// and key that a publisher brought its length and 96 bytes. The newest event stays whatever its size.
    pub bytes: usize,
    /// The greatest age; default none. An older event may stay in memory until the next publish, subscribe
    /// or read, but is not delivered.
    pub age: Option<Duration>,
}

impl Default for HistoryLimits {
    fn default() -> Self {
        Self {
            events: 100_000,
            bytes: 16 << 20,
            age: None,
        }
    }
}

impl HistoryLimits {
    /// Sets the most events.
    #[must_use]
    pub fn with_events(mut self, events: usize) -> Self {
        self.events = events;
        self
    }

    /// Sets the most bytes.
    #[must_use]
    pub fn with_bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// Sets the greatest age.
    #[must_use]
    pub fn with_age(mut self, age: Duration) -> Self {
        self.age = Some(age);
        self
    }
}

/// Limits what a channel keeps of events that have left its history: the latest of each key, for
/// subscribers with [`OnGap::Latest`](crate::OnGap::Latest). Over the limit, the key that was not
/// published for longest is dropped. Events without a key are not kept.
///
/// ```
/// use wellspring_server::{Channel, LatestLimits};
///
/// let limits = LatestLimits::default().with_keys(50).with_bytes(64 << 10);
/// let channel = Channel::builder().latest(limits).build();
/// channel.publish_keyed("kitchen", "21.5 °C")?;
/// # Ok::<(), wellspring_server::PublishError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LatestLimits {
    /// The most keys; default 1,000.
    pub keys: usize,
    /// The most bytes; default 1 MiB. Counts the encoded events, their keys, and 96 bytes for each. An
    /// event that is larger by itself is not kept.
    pub bytes: usize,
}

impl Default for LatestLimits {
    fn default() -> Self {
        Self {
            keys: 1_000,
            bytes: 1 << 20,
        }
    }
}

impl LatestLimits {
    /// Sets the most keys; 0 keeps nothing.
    #[must_use]
    pub fn with_keys(mut self, keys: usize) -> Self {
        self.keys = keys;
        self
    }

    /// Sets the most bytes.
    #[must_use]
    pub fn with_bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }
}
