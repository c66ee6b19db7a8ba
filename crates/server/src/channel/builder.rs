//! What a channel can be told before it begins. In: limits, an epoch, a hook. Out: a channel.
//!
//! Next: `channel.rs`.

use std::sync::Arc;

use super::presence::Hook;
use super::shared::Shared;
use super::state::State;
use super::{Channel, Handles, Presence, SubscriberLimits};
use crate::log::{Epoch, HistoryLimits, InvalidEpoch, LatestLimits, Log};

const DEFAULT_PUBLISH_LIMIT: usize = 8 << 20;

/// Makes a [`Channel`].
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

    /// Bounds the history; see [`HistoryLimits`] for the defaults.
    #[must_use]
    pub fn history(mut self, limits: HistoryLimits) -> Self {
        self.history = limits;
        self
    }

    /// Bounds what is kept of events that have left the history: the latest of each key. See
    /// [`LatestLimits`] for the defaults.
    #[must_use]
    pub fn latest(mut self, limits: LatestLimits) -> Self {
        self.latest = limits;
        self
    }

    /// Bounds how many subscribers [`Channel::try_subscribe`] lets in; by default any number.
    #[must_use]
    pub fn subscriber_limits(mut self, limits: SubscriberLimits) -> Self {
        self.subscribers = limits;
        self
    }

    /// Calls this whenever a subscriber comes or goes, where it does: in `subscribe`, and where a
    /// server drops the stream. So it should be quick, and must not panic. It may use the channel; but
    /// if it holds a handle to it, the channel will not close by itself.
    #[must_use]
    pub fn on_presence(mut self, hook: impl Fn(&Presence<'_>) + Send + Sync + 'static) -> Self {
        self.hook = Some(Hook::new(hook));
        self
    }

    /// The most bytes of one encoded event; default 8 MiB, at most 2 GiB.
    #[must_use]
    pub fn publish_limit(mut self, bytes: usize) -> Self {
        self.publish_limit = bytes.min(1 << 31);
        self
    }

    /// Names this life of the channel, for programs that rebuild the same history with the same
    /// sequence numbers; by default a random name.
    ///
    /// # Errors
    /// [`InvalidEpoch`] unless it is 1 to 32 ASCII letters and digits.
    pub fn epoch(mut self, epoch: &str) -> Result<Self, InvalidEpoch> {
        self.epoch = Some(Epoch::new(epoch)?);
        Ok(self)
    }

    /// Makes the channel.
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
