//! The face of the crate. In: an engine. Out: publishing and subscribing.
//!
//! Next: `publish.rs`, `opening.rs`, `subscription.rs`, `tail.rs`.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::cursor::Cursor;
use crate::drain;
use crate::end::End;
use crate::engine::{Engine, EngineError, IdempotencyKey};
use crate::node::{Join, LatestLimits, Node, WindowLimits};
use crate::opening::Subscribe;
use crate::options::BrokerOptions;
use crate::presence::{Announcements, Presence};
use crate::publish::{PublishError, Published};
use crate::shared::{Counters, Shared};
use crate::stats::{BrokerStats, Readiness};
use crate::subscribe_error::SubscribeError;
use crate::subscription::Subscription;
use crate::tail::Tail;
use crate::tail_state::TailState;
use crate::update::Update;

/// One node over a history: delivers updates to those who subscribe to their topics.
///
/// Cloning returns another handle to the same node. When the last handle is dropped, all subscriptions
/// end. Several nodes may work over one engine: all of them have the same order, and a cursor of one is
/// good at each other.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::pin::pin;
/// use std::sync::Arc;
/// use wellspring_broker::{Broker, Delivery, MemoryEngine, Selector, Subscribe, Update};
/// # use futures_core::Stream;
///
/// let broker = Broker::open(Arc::new(MemoryEngine::new()), Default::default()).await?;
/// let wanted = Subscribe::new([Selector::parse("/books/{id}")?]);
/// let mut subscription = broker.subscribe(wanted).await?;
///
/// let update = Update::new("/books/7")?.data("in stock");
/// let published = broker.publish(&update, None).await?;
///
/// let next = std::future::poll_fn(|cx| pin!(&mut subscription).poll_next(cx));
/// let expected = format!("id: {}\ndata: in stock\n\n", published.id);
/// assert_eq!(next.await, Some(Delivery::Frame(expected.into())));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Broker {
    handles: Arc<Handles>,
}

/// Alive as long as there is a handle.
struct Handles {
    shared: Arc<Shared>,
    tail: JoinHandle<()>,
}

impl Broker {
    /// Opens a node over this engine, and follows it from its newest event on. Must be called on a tokio
    /// runtime with a timer, whose one task of the broker does the following.
    ///
    /// # Errors
    /// The engine cannot be read, or cannot keep by this policy.
    pub async fn open(
        engine: Arc<dyn Engine>,
        options: BrokerOptions,
    ) -> Result<Self, EngineError> {
        engine.trim(options.retention).await?;
        let bounds = engine.bounds().await?;
        let limits = WindowLimits {
            events: options.window_events,
            bytes: options.window_bytes,
        };
        let latest = LatestLimits {
            topics: options.latest_topics,
            bytes: options.latest_bytes,
        };
        let node = Node::new(&bounds, limits, latest, options.base.clone());
        let tail = TailState::new(bounds.head, Instant::now());
        let shared = Arc::new(Shared::new(engine, options, node, tail));
        let tail = tokio::spawn(Tail::new(Arc::clone(&shared)).run());
        Ok(Self {
            handles: Arc::new(Handles { shared, tail }),
        })
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.handles.shared
    }

    /// Publishes an update, and answers once it is stored as durably as the engine promises. With an
    /// idempotency key that was used before, nothing is published: the answer is that of the first time.
    ///
    /// Dropping the future leaves it open whether the update is stored.
    ///
    /// # Errors
    /// [`PublishError`]: too large; a key that was used for another update; an engine that has no room or
    /// does not answer, after [`publish_patience`](BrokerOptions::publish_patience).
    pub async fn publish(
        &self,
        update: &Update,
        key: Option<IdempotencyKey>,
    ) -> Result<Published, PublishError> {
        let counters = &self.shared().counters;
        let published = self.shared().publish(update, key).await;
        Counters::count(match &published {
            Ok(published) if published.duplicate => &counters.duplicates,
            Ok(_) => &counters.published,
            Err(_) => &counters.refused,
        });
        published
    }

    /// Opens a subscription. [`Subscription::resume`] then says what became of the place that it was to
    /// begin at.
    ///
    /// # Errors
    /// [`SubscribeError`]: no selector; a cursor that is ahead of this node, which waits for up to
    /// [`ahead_patience`](BrokerOptions::ahead_patience); a drain; an engine that cannot be read where it
    /// has to be.
    pub async fn subscribe(&self, wanted: Subscribe) -> Result<Subscription, SubscribeError> {
        let shared = self.shared();
        if wanted.selectors.is_empty() {
            return Err(SubscribeError::NoSelector);
        }
        if shared.is_draining() {
            return Err(SubscribeError::Draining);
        }
        let opened = shared.open(&wanted.start).await?;
        let mut node = shared.node();
        if shared.is_draining() {
            return Err(SubscribeError::Draining);
        }
        let place = match wanted.start {
            crate::opening::Start::Live => node.head(),
            _ => opened.place,
        };
        let key = node.join(Join {
            selectors: wanted.selectors,
            grants: wanted.grants,
            place,
        })?;
        drop(node);
        Counters::count(&shared.counters.joined);
        let shared = Arc::clone(shared);
        Ok(Subscription::new(
            shared,
            key,
            opened.resume,
            wanted.on_lag,
            opened.elastic,
        ))
    }

    /// Returns the cursor of the newest event that this node has.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        let node = self.shared().node();
        node.cursor(node.head())
    }

    /// Waits until this node has the event that was published, which a later subscription to it then
    /// finds. Returns false if that takes too long.
    pub async fn has_seen(&self, published: &Published, patience: Duration) -> bool {
        self.shared()
            .reaches(published.cursor.sequence, patience)
            .await
    }

    /// Begins to keep this node's lease and its members. What `announcements` says is published for each
    /// member that comes, and for each that is gone, of this node or of one whose lease has expired; see
    /// [`Presence`].
    ///
    /// # Errors
    /// The engine cannot be written.
    pub async fn presence(
        &self,
        announcements: impl Announcements,
    ) -> Result<Presence, EngineError> {
        Presence::begin(Arc::clone(self.shared()), Arc::new(announcements)).await
    }

    /// Returns the numbers of this node.
    #[must_use]
    pub fn stats(&self) -> BrokerStats {
        self.shared().stats()
    }

    /// Returns whether this node should get traffic.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        self.shared().readiness()
    }

    /// Refuses further subscriptions, and ends those that are open, one after the other over this time,
    /// each between two events. Publishing goes on. Returns when each has been told; a client that does
    /// not read ends at its next poll.
    pub async fn drain(&self, within: Duration) {
        drain::drain(self.shared(), within).await;
    }
}

impl fmt::Debug for Broker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Broker")
            .field("engine", &self.shared().engine)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

impl Drop for Handles {
    fn drop(&mut self) {
        self.tail.abort();
        self.shared.end_all(End::Closed);
    }
}
