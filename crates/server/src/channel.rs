//! The lock around the log. In: blocks from publishers, subscriptions. Out: event streams, each a
//! place in the log, woken when there is something to read.
//!
//! Next: `channel/shared.rs` for the lock and the waking, `channel/subscriber.rs` for the reading,
//! `body.rs` for the body.

mod builder;
mod publish_error;
mod shared;
mod stats;
mod subscriber;
mod subscription;
mod waiters;

pub use builder::ChannelBuilder;
pub use publish_error::PublishError;
pub use stats::ChannelStats;
pub(crate) use subscriber::Subscriber;
pub use subscription::{OnGap, Start, Subscription};

use std::fmt;
use std::sync::Arc;

use wellspring_proto::{Block, EventId};

use crate::EventStream;
use crate::log::{Epoch, IdPolicy, Log};
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
    /// A channel with the default limits and a random epoch.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// A channel to be told more.
    #[must_use]
    pub fn builder() -> ChannelBuilder {
        ChannelBuilder::new()
    }

    fn with(builder: ChannelBuilder) -> Self {
        let epoch = builder.epoch.unwrap_or_else(Epoch::random);
        let log = Log::new(epoch, builder.history);
        let clock = builder.history.age.is_some();
        let shared = Arc::new(Shared::new(log, builder.publish_limit, clock));
        Self {
            handles: Arc::new(Handles { shared }),
        }
    }

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
        let block = block.into();
        let shared = &self.handles.shared;
        let encoded = shared.encode(&block)?;
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
        let sequence = state.log.append(encoded, id, now);
        shared.wake_all(state);
        Ok(Sequence(sequence))
    }

    /// A stream that replays what its last event ID asks for and goes on live. Replay and live are one
    /// reading of one log from one place, so there is no seam where an event could be lost or doubled.
    ///
    /// A subscriber that comes without a last event ID is told the id of its place at once, in a block
    /// without data: should the connection break before the first event, it can still resume.
    ///
    /// The channel may be closed: then the stream ends after the replay. An event source would come
    /// back; [`EventStream::stop_response`] keeps it away.
    #[must_use]
    pub fn subscribe(&self, subscription: Subscription) -> EventStream {
        let shared = &self.handles.shared;
        let now = shared.now();
        let mut state = shared.lock();
        let (resume, place) = match &subscription.last_event_id {
            Some(id) => {
                let (resume, place) = state.log.resume(id.as_str(), now);
                (Some(resume), place)
            }
            None if subscription.start == Start::Oldest => (None, state.log.oldest(now)),
            None => (None, state.log.head()),
        };
        let opening = state.open(resume, place, &subscription);
        state.subscribers += 1;
        drop(state);
        let subscriber = Subscriber::new(Arc::clone(shared), place, subscription);
        EventStream::subscribed(subscriber, opening, resume)
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
        self.handles.shared.lock().subscribers
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
        let published = state.log.head() - 1;
        let _ = state.log.oldest(now);
        ChannelStats {
            subscribers: state.subscribers,
            published,
            history_events: state.log.events(),
            history_bytes: state.log.bytes(),
            pinned_bytes: state.log.pinned_bytes(),
            gaps: state.gaps,
            missed: state.missed,
            disconnected: state.disconnected,
        }
    }
}

impl Default for Channel {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Handles {
    fn drop(&mut self) {
        self.shared.close();
    }
}
