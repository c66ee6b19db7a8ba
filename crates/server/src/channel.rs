//! The lock around the log. In: blocks from publishers, subscriptions. Out: event streams, each a
//! place in the log, woken when there is something to read.
//!
//! Next: `channel/builder.rs` makes one, `channel/shared.rs` for the lock and the waking, `channel/join.rs` for subscribing,
//! `channel/reader.rs` for the reading, `channel/drain.rs` for the end, `body.rs` for the body.

mod admission;
mod builder;
mod drain;
mod drained;
mod filter;
mod join;
mod presence;
mod publish_error;
mod reader;
mod refusal;
mod shared;
mod state;
mod stats;
mod subscriber;
mod subscription;
mod waiters;
mod waking;

pub use admission::SubscriberLimits;
pub use builder::ChannelBuilder;
pub use drain::Drain;
pub use presence::{LeaveReason, Presence};
pub use publish_error::PublishError;
pub use refusal::{Refusal, RefusalReason};
pub use stats::ChannelStats;
pub(crate) use subscriber::Subscriber;
pub use subscription::{OnGap, Start, Subscription};

use std::fmt;
use std::sync::Arc;

use tokio::time::Instant;
use wellspring_proto::{Block, EventId};

use crate::log::IdPolicy;
use shared::Shared;

/// Delivers published events to all subscribers, to each at its own pace.
///
/// Cloning returns another handle to the same channel. When the last handle is dropped the channel
/// [closes](Self::close); event streams are not handles. Memory is bounded by
/// [`HistoryLimits`](crate::HistoryLimits); the [front page](crate#limits) lists all limits.
///
/// ```
/// use wellspring_server::{Channel, Subscription};
///
/// let channel = Channel::new();
/// let response = channel.subscribe(Subscription::new()).into_response();
/// channel.publish("hello")?;
/// assert_eq!(response.headers()["content-type"], "text/event-stream");
/// # Ok::<(), wellspring_server::PublishError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Channel {
    handles: Arc<Handles>,
}

/// Alive as long as publishing is possible.
#[derive(Debug)]
struct Handles {
    shared: Arc<Shared>,
}

/// Numbers the events of a channel: 1 for the first, and one more for each that follows.
///
/// ```
/// let channel = wellspring_server::Channel::new();
/// assert_eq!(channel.publish("first")?.value(), 1);
/// assert_eq!(channel.publish("second")?.to_string(), "2");
/// # Ok::<(), wellspring_server::PublishError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sequence(u64);

impl Sequence {
    /// Returns the number.
    #[must_use]
    pub fn value(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Channel {
    /// Appends an event to the history and wakes the waiting subscribers. Never waits for one. Takes a
    /// [`Block`], or text for an event with that data.
    ///
    /// A block with data and without an id gets the channel's own id, `epoch-sequence`. Ids set by
    /// publishers should be unique; a repeated one stands for the later event.
    ///
    /// # Errors
    /// [`PublishError`] if the channel is closed, if the event is too large, or if its id has the form of
    /// the channel's own ids.
    ///
    /// ```
    /// use wellspring_server::{Block, Channel};
    ///
    /// let channel = Channel::builder().epoch("k3")?.build();
    /// channel.publish("an event of the default type")?;
    /// let order = Block::data(r#"{"order":7}"#).event_type("order")?;
    /// let second = channel.publish(order)?;
    /// assert_eq!(channel.event_id(second), "k3-2");
    /// channel.publish(Block::data("with an id of its own").id("order-7")?)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn publish<'a>(&self, block: impl Into<Block<'a>>) -> Result<Sequence, PublishError> {
        self.append(&block.into(), None)
    }

    /// Publishes an event that replaces earlier ones with the same key, such as a reading of a sensor.
    /// When the newest event of a key leaves the history it is kept, within the
    /// [`LatestLimits`](crate::LatestLimits), for subscribers with [`OnGap::Latest`]. The key is not sent.
    ///
    /// # Errors
    /// As for [`publish`](Self::publish).
    ///
    /// ```
    /// use wellspring_server::{Channel, HistoryLimits};
    ///
    /// let limits = HistoryLimits::default().with_events(1);
    /// let channel = Channel::builder().history(limits).build();
    /// channel.publish_keyed("kitchen", "20.9 °C")?;
    /// channel.publish_keyed("kitchen", "21.5 °C")?;
    /// channel.publish_keyed("cellar", "12.0 °C")?;
    /// // The history has the cellar's; of the kitchen's the newer one is kept.
    /// assert_eq!(channel.stats().latest_events, 1);
    /// # Ok::<(), wellspring_server::PublishError>(())
    /// ```
    pub fn publish_keyed<'a>(
        &self,
        key: &str,
        block: impl Into<Block<'a>>,
    ) -> Result<Sequence, PublishError> {
        self.append(&block.into(), Some(key))
    }

    fn append(&self, block: &Block<'_>, key: Option<&str>) -> Result<Sequence, PublishError> {
        let shared = &self.handles.shared;
        let encoded = shared.encode(block)?;
        let id = match block.event_id().map(EventId::as_str) {
            None if block.has_data() => IdPolicy::Own,
            None | Some("") => IdPolicy::None,
            Some(id) => IdPolicy::Publisher(id),
        };
        let now = shared.now();
        let mut state = shared.lock();
        if state.closed {
            return Err(PublishError::Closed);
        }
        if matches!(id, IdPolicy::Publisher(id) if state.log.epoch().claims(id)) {
            return Err(PublishError::ReservedId);
        }
        let sequence = state.log.append(encoded, id, key, now);
        state.newest = Some(Instant::now());
        shared.wake(state);
        Ok(Sequence(sequence))
    }

    /// Refuses further events, and ends each stream when all published events have been delivered to it.
    /// With open streams a server's graceful shutdown waits for this; [`drain`](Self::drain) spreads the
    /// ends over time.
    ///
    /// ```
    /// use wellspring_server::{Channel, PublishError};
    ///
    /// let channel = Channel::new();
    /// channel.close();
    /// assert!(channel.is_closed());
    /// assert_eq!(channel.publish("too late"), Err(PublishError::Closed));
    /// ```
    pub fn close(&self) {
        self.handles.shared.close();
    }

    /// Returns true if the channel is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.handles.shared.lock().closed
    }

    /// Returns the number of open event streams.
    ///
    /// ```
    /// use wellspring_server::{Channel, Subscription};
    ///
    /// let channel = Channel::new();
    /// let streams = [(); 3].map(|()| channel.subscribe(Subscription::new()));
    /// assert_eq!(channel.subscriber_count(), 3);
    /// drop(streams);
    /// assert_eq!(channel.subscriber_count(), 0);
    /// ```
    #[must_use]
    pub fn subscriber_count(&self) -> usize {
        self.handles.shared.lock().admission.subscribers()
    }

    /// Returns the channel's epoch: the name of this life of the channel, the first part of its own ids.
    ///
    /// ```
    /// let channel = wellspring_server::Channel::builder().epoch("k3")?.build();
    /// assert_eq!(channel.epoch(), "k3");
    /// # Ok::<(), wellspring_server::InvalidEpoch>(())
    /// ```
    #[must_use]
    pub fn epoch(&self) -> String {
        self.handles.shared.lock().log.epoch().as_str().to_owned()
    }

    /// Returns the id, in the channel's own form, that resumes after the event with this number.
    ///
    /// A program that hands out a snapshot of its data beside the stream says with it where the stream has to go on:
    ///
    /// ```
    /// use wellspring_server::{Channel, LastEventId, Resume, Subscription};
    ///
    /// let channel = Channel::new();
    /// let sequence = channel.publish("balance: 7")?;
    /// let snapshot = ("balance: 7", channel.event_id(sequence));
    /// channel.publish("balance: 8")?;
    ///
    /// // The page asks with the id of its snapshot, and gets only what came after it.
    /// let seen = LastEventId::new(snapshot.1)?;
    /// let stream = channel.subscribe(Subscription::new().last_event_id(seen));
    /// assert_eq!(stream.resume(), Some(Resume::Found));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn event_id(&self, sequence: Sequence) -> String {
        self.handles.shared.lock().log.epoch().id(sequence.0)
    }

    /// Returns the channel's counters.
    ///
    /// They cost a lock and no more, so that a page of metrics may ask for them as often as it likes.
    ///
    /// ```
    /// use wellspring_server::{Channel, Subscription};
    ///
    /// let channel = Channel::new();
    /// let stream = channel.subscribe(Subscription::new());
    /// channel.publish("hello")?;
    /// let stats = channel.stats();
    /// assert_eq!((stats.subscribers, stats.published, stats.history_events), (1, 1, 1));
    /// # drop(stream);
    /// # Ok::<(), wellspring_server::PublishError>(())
    /// ```
    #[must_use]
    pub fn stats(&self) -> ChannelStats {
        let shared = &self.handles.shared;
        let now = shared.now();
        let mut state = shared.lock();
        let _ = state.log.oldest(now);
        let (latest_events, latest_bytes) = state.log.latest();
        let counters = &state.counters;
        ChannelStats {
            subscribers: state.admission.subscribers(),
            joined: state.admission.joined(),
            refused: counters.refused,
            published: state.log.head() - 1,
            history_events: state.log.events(),
            history_bytes: state.log.bytes(),
            pinned_bytes: state.log.pinned_bytes(),
            gaps: counters.gaps,
            missed: counters.missed,
            latest_delivered: counters.latest,
            latest_events,
            latest_bytes,
            disconnected: counters.disconnected,
        }
    }
}

impl Drop for Handles {
    fn drop(&mut self) {
        self.shared.close();
    }
}
