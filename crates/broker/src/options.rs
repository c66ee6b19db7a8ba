//! How a broker is set up. In: limits. Out: the same, with defaults.
//!
//! Next: `broker.rs`.

use std::time::Duration;

use url::Url;

use crate::engine::Retention;

/// Configures a [`Broker`](crate::Broker).
///
/// ```
/// use wellspring_broker::{BrokerOptions, Retention};
///
/// let options = BrokerOptions::default()
///     .with_retention(Retention::default().with_events(10_000))
///     .with_publish_limit(64 << 10);
/// assert_eq!(options.publish_limit, 64 << 10);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BrokerOptions {
    /// How much history the engine keeps.
    pub retention: Retention,
    /// How many of the newest events are kept in memory, ready to send; default 100,000.
    pub window_events: usize,
    /// How many bytes of them; default 64 MiB.
    pub window_bytes: usize,
    /// Of how many topics the newest event is kept in memory when it has left the window, for
    /// [`OnLag::Latest`](crate::OnLag::Latest); default 10,000.
    pub latest_topics: usize,
    /// How many bytes of them; default 8 MiB.
    pub latest_bytes: usize,
    /// The largest update with all its topics, in bytes as stored; default 1 MiB.
    pub publish_limit: usize,
    /// How long a publish whose outcome is in doubt, or for which the engine has no room, is tried again;
    /// default 10 s.
    pub publish_patience: Duration,
    /// How long a cursor that is ahead of this node waits for it; default 2 s.
    pub ahead_patience: Duration,
    /// How many bytes a second of events are read again from the engine for subscribers that are behind,
    /// all together; default 256 MiB.
    pub replay_rate: u64,
    /// How many events a second this node publishes about members in the long run; default 25. A tenth of
    /// the history's events may come at once: see [`Presence`](crate::Presence).
    pub presence_rate: u32,
    /// What relative topics and URL patterns are resolved against: the URL of the hub; default none.
    pub base: Option<Url>,
}

impl Default for BrokerOptions {
    fn default() -> Self {
        Self {
            retention: Retention::default(),
            window_events: 100_000,
            window_bytes: 64 << 20,
            latest_topics: 10_000,
            latest_bytes: 8 << 20,
            publish_limit: 1 << 20,
            publish_patience: Duration::from_secs(10),
            ahead_patience: Duration::from_secs(2),
            replay_rate: 256 << 20,
            presence_rate: 25,
            base: None,
        }
    }
}

impl BrokerOptions {
    /// Sets how much history the engine keeps.
    #[must_use]
    pub fn with_retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }

    /// Sets how many of the newest events are kept in memory, and how many bytes of them. At least one
    /// event is.
    #[must_use]
    pub fn with_window(mut self, events: usize, bytes: usize) -> Self {
        self.window_events = events;
        self.window_bytes = bytes;
        self
    }

    /// Sets of how many topics the newest event is kept for readers that are too slow, and how many bytes
    /// of them.
    #[must_use]
    pub fn with_latest(mut self, topics: usize, bytes: usize) -> Self {
        self.latest_topics = topics;
        self.latest_bytes = bytes;
        self
    }

    /// Sets the largest update, in bytes.
    #[must_use]
    pub fn with_publish_limit(mut self, bytes: usize) -> Self {
        self.publish_limit = bytes;
        self
    }

    /// Sets how long a publish is tried again.
    #[must_use]
    pub fn with_publish_patience(mut self, patience: Duration) -> Self {
        self.publish_patience = patience;
        self
    }

    /// Sets how long a cursor that is ahead of this node waits for it.
    #[must_use]
    pub fn with_ahead_patience(mut self, patience: Duration) -> Self {
        self.ahead_patience = patience;
        self
    }

    /// Sets how many bytes a second are read again for subscribers that are behind.
    #[must_use]
    pub fn with_replay_rate(mut self, bytes: u64) -> Self {
        self.replay_rate = bytes;
        self
    }

    /// Sets how many events a second are published about members in the long run.
    #[must_use]
    pub fn with_presence_rate(mut self, events: u32) -> Self {
        self.presence_rate = events;
        self
    }

    /// Sets what relative topics and URL patterns are resolved against. The selectors of subscriptions
    /// should be compiled with the same.
    #[must_use]
    pub fn with_base(mut self, base: Url) -> Self {
        self.base = Some(base);
        self
    }
}
