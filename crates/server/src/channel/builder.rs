//! The configuration of a channel. In: limits, an epoch, a hook. Out: a channel.
//!
//! Next: `channel.rs`.

use std::sync::Arc;

use super::presence::Hook;
use super::shared::Shared;
use super::state::State;
use super::{Channel, Handles, Presence, SubscriberLimits};
use crate::log::{Epoch, HistoryLimits, InvalidEpoch, LatestLimits, Log};

const DEFAULT_PUBLISH_LIMIT: usize = 8 << 20;

/// Configures and creates a [`Channel`].
///
/// ```
/// use wellspring_server::{Channel, HistoryLimits};
///
/// let channel = Channel::builder()
///     .history(HistoryLimits::default().with_events(500))
///     .publish_limit(64 << 10)
///     .epoch("boot7")?
///     .build();
/// assert_eq!(channel.epoch(), "boot7");
/// # Ok::<(), wellspring_server::InvalidEpoch>(())
/// ```
#[derive(Clone, Debug)]
pub struct ChannelBuilder {
    history: HistoryLimits,
    latest: LatestLimits,
    subscribers: SubscriberLimits,
    publish_limit: usize,
    epoch: Option<Epoch>,
    hook: Option<Hook>,
}

impl ChannelBuilder {
    fn new() -> Self {
        Self {
            history: HistoryLimits::default(),
            latest: LatestLimits::default(),
            subscribers: SubscriberLimits::default(),
            publish_limit: DEFAULT_PUBLISH_LIMIT,
            epoch: None,
            hook: None,
        }
    }

    /// Sets the limits of the history; see [`HistoryLimits`] for the defaults.
    ///
    /// ```
    /// use wellspring_server::{Channel, HistoryLimits};
    ///
    /// let limits = HistoryLimits::default().with_events(2);
    /// let channel = Channel::builder().history(limits).build();
    /// for data in ["one", "two", "three"] {
    ///     channel.publish(data)?;
    /// }
    /// assert_eq!(channel.stats().history_events, 2);
    /// # Ok::<(), wellspring_server::PublishError>(())
    /// ```
    #[must_use]
    pub fn history(mut self, limits: HistoryLimits) -> Self {
        self.history = limits;
        self
    }

    /// Sets the limits of what is kept after it has left the history: the latest event of each key. See
    /// [`LatestLimits`] for the defaults.
    ///
    /// ```
    /// use wellspring_server::{Channel, HistoryLimits, LatestLimits};
    ///
    /// let channel = Channel::builder()
    ///     .history(HistoryLimits::default().with_events(1))
    ///     .latest(LatestLimits::default().with_keys(1))
    ///     .build();
    /// for key in ["kitchen", "cellar", "attic"] {
    ///     channel.publish_keyed(key, "21.5 °C")?;
    /// }
    /// // The attic's is in the history; of the other two, one may be kept.
    /// assert_eq!(channel.stats().latest_events, 1);
    /// # Ok::<(), wellspring_server::PublishError>(())
    /// ```
    #[must_use]
    pub fn latest(mut self, limits: LatestLimits) -> Self {
        self.latest = limits;
        self
    }

    /// Sets how many subscribers [`Channel::try_subscribe`] accepts; default no limit.
    ///
    /// [`Channel::subscribe`] does not ask: it is for programs that have decided already.
    ///
    /// ```
    /// use wellspring_server::{Channel, SubscriberLimits, Subscription};
    ///
    /// let limits = SubscriberLimits::default().with_total(1);
    /// let channel = Channel::builder().subscriber_limits(limits).build();
    /// let first = channel.try_subscribe(Subscription::new()).unwrap();
    /// assert!(channel.try_subscribe(Subscription::new()).is_err());
    /// # drop(first);
    /// ```
    #[must_use]
    pub fn subscriber_limits(mut self, limits: SubscriberLimits) -> Self {
        self.subscribers = limits;
        self
    }

    /// Sets a function that is called when a subscriber joins or leaves. It runs inside `subscribe`, and
    /// where a server drops the stream: it should be quick, and must not panic. It may use the channel;
    /// if it holds a handle, the channel does not close by itself.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    /// use wellspring_server::{Channel, Presence, Subscription};
    ///
    /// let online = Arc::new(AtomicUsize::new(0));
    /// let shown = Arc::clone(&online);
    /// let hook = move |presence: &Presence<'_>| {
    ///     if let Presence::Joined { subscribers, .. } | Presence::Left { subscribers, .. } = presence {
    ///         shown.store(*subscribers, Ordering::Relaxed);
    ///     }
    /// };
    /// let channel = Channel::builder().on_presence(hook).build();
    /// let stream = channel.subscribe(Subscription::new());
    /// assert_eq!(online.load(Ordering::Relaxed), 1);
    /// drop(stream);
    /// assert_eq!(online.load(Ordering::Relaxed), 0);
    /// ```
    #[must_use]
    pub fn on_presence(mut self, hook: impl Fn(&Presence<'_>) + Send + Sync + 'static) -> Self {
        self.hook = Some(Hook::new(hook));
        self
    }

    /// Sets the most bytes of one encoded event; default 8 MiB, at most 2 GiB.
    ///
    /// The encoded event is the block on the wire: `event: `, `data: ` before each line of the data, and
    /// the line ends. The id that the channel adds does not count.
    ///
    /// ```
    /// use wellspring_server::{Channel, PublishError};
    ///
    /// let channel = Channel::builder().publish_limit(1_000).build();
    /// assert!(channel.publish("x".repeat(900)).is_ok());
    /// let refused = channel.publish("x".repeat(1_000));
    /// assert_eq!(refused, Err(PublishError::TooLarge { length: 1_008, limit: 1_000 }));
    /// ```
    #[must_use]
    pub fn publish_limit(mut self, bytes: usize) -> Self {
        self.publish_limit = bytes.min(1 << 31);
        self
    }

    /// Sets the epoch, the name of this life of the channel; default a random one. Meant for programs
    /// that rebuild the same history with the same sequence numbers: their clients resume across a restart.
    ///
    /// ```
    /// use wellspring_server::{Channel, LastEventId, Resume, Subscription};
    ///
    /// let start = || -> Result<Channel, Box<dyn std::error::Error>> {
    ///     let channel = Channel::builder().epoch("ledger")?.build();
    ///     for entry in ["one", "two"] {
    ///         channel.publish(entry)?;
    ///     }
    ///     Ok(channel)
    /// };
    /// drop(start()?);
    /// let restarted = start()?;
    /// let seen = Subscription::new().last_event_id(LastEventId::new("ledger-1")?);
    /// assert_eq!(restarted.subscribe(seen).resume(), Some(Resume::Found));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidEpoch`] unless it is 1 to 32 ASCII letters and digits.
    pub fn epoch(mut self, epoch: &str) -> Result<Self, InvalidEpoch> {
        self.epoch = Some(Epoch::new(epoch)?);
        Ok(self)
    }

    /// Creates the channel.
    #[must_use]
    pub fn build(self) -> Channel {
        let epoch = self.epoch.unwrap_or_else(Epoch::random);
        let log = Log::new(epoch, self.history, self.latest);
        let state = State::new(log, self.subscribers);
        let shared = Shared::new(state, self.history, self.publish_limit, self.hook);
        Channel::of(shared)
    }
}

impl Channel {
    /// Creates a channel with the default limits and a random epoch.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Returns a builder for a channel.
    #[must_use]
    pub fn builder() -> ChannelBuilder {
        ChannelBuilder::new()
    }

    fn of(shared: Shared) -> Self {
        let shared = Arc::new(shared);
        Self {
            handles: Arc::new(Handles { shared }),
        }
    }
}

impl Default for Channel {
    fn default() -> Self {
        Self::new()
    }
}
