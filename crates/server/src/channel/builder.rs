//! What a channel can be told before it begins. In: limits, an epoch. Out: a channel.
//!
//! Next: `channel.rs`.

use crate::log::{Epoch, HistoryLimits, InvalidEpoch};

use super::Channel;

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
    pub(super) history: HistoryLimits,
    pub(super) publish_limit: usize,
    pub(super) epoch: Option<Epoch>,
}

impl ChannelBuilder {
    pub(super) fn new() -> Self {
        Self {
            history: HistoryLimits::default(),
            publish_limit: DEFAULT_PUBLISH_LIMIT,
            epoch: None,
        }
    }

    /// Bounds the history; see [`HistoryLimits`] for the defaults.
    #[must_use]
    pub fn history(mut self, limits: HistoryLimits) -> Self {
        self.history = limits;
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
        Channel::with(self)
    }
}
