//! The lock around the log. In: blocks from publishers, subscriptions. Out: event streams, each a
//! place in the log, woken when there is something to read.
//!
//! Next: `channel/builder.rs` makes one, `channel/shared.rs` for the lock and the waking, `channel/join.rs` for who comes,
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

/// What is published here goes to every subscriber, now or at its own pace.
///
/// A clone is another handle to the same channel. Everything is bounded: see
/// [`HistoryLimits`](crate::HistoryLimits). When the last handle is dropped the channel
/// [closes](Self::close); event streams do not count as handles.
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

/// Alive as long as somebody could publish.
#[derive(Debug)]
struct Handles {
    shared: Arc<Shared>,
}

/// The place of an event in its channel: 1 for the first, and one more for each that follows.
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
    /// The number.
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
    /// Appends an event to the history and wakes whoever waits for it. Never waits for a subscriber.
    /// Takes a [`Block`], or text for an event with that data.
    ///
    /// A block with data and without an id gets the channel's own: `epoch-sequence`. Ids that
    /// publishers bring should be unique; of a repeated one the later event is meant.
    ///
    /// # Errors
    /// [`PublishError`] when the channel is closed, the event too large, or its id one that the channel
    /// itself might give.
    pub fn publish<'a>(&self, block: impl Into<Block<'a>>) -> Result<Sequence, PublishError> {
        self.append(&block.into(), None)
    }

    /// Like [`publish`](Self::publish), for an event that makes earlier ones with the same key out of
    /// date, as a reading of a sensor does. The newest of each key is kept when it has left the
    /// history, within the [`LatestLimits`](crate::LatestLimits), for subscribers with
    /// [`OnGap::Latest`]. The key is not sent; the event's type, or part of its data, may do.
    ///
    /// # Errors
    /// As for [`publish`](Self::publish).
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

    /// Ends every stream once everything that was published has been delivered to it; publishing is
    /// refused from now on. This is what lets a server shut down gracefully while streams are open.
    pub fn close(&self) {
        self.handles.shared.close();
    }

    /// Whether the channel is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.handles.shared.lock().closed
    }

    /// How many event streams are open.
    #[must_use]
    pub fn subscriber_count(&self) -> usize {
        self.handles.shared.lock().admission.subscribers()
    }

    /// The name of this life of the channel, the first part of its own ids.
    #[must_use]
    pub fn epoch(&self) -> String {
        self.handles.shared.lock().log.epoch().as_str().to_owned()
    }

    /// The id that resumes after the event with this sequence number, in the channel's own form.
    #[must_use]
    pub fn event_id(&self, sequence: Sequence) -> String {
        self.handles.shared.lock().log.epoch().id(sequence.0)
    }

    /// The channel's counters.
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
