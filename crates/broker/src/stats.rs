//! What a node counts. In: a broker. Out: numbers, for metrics and for a look at whether it is ready.
//!
//! Next: `broker.rs`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::shared::Shared;

/// The numbers of one node; the counters count from its start.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BrokerStats {
    /// The newest event that this node has.
    pub head: u64,
    /// The newest event that the engine is known to have.
    pub engine_head: u64,
    /// The oldest event that is retained.
    pub horizon: u64,
    /// For how long this node has been behind the engine.
    pub lag: Duration,
    /// Events in memory.
    pub window_events: usize,
    /// Bytes of memory that they take, about.
    pub window_bytes: usize,
    /// Subscriptions that are open.
    pub subscribers: usize,
    /// Different selectors of them.
    pub selectors: usize,
    /// Subscriptions that were ever opened.
    pub joined: u64,
    /// Events that were given to subscribers, live and replayed.
    pub delivered: u64,
    /// Updates that were stored by this node.
    pub published: u64,
    /// Publishes that were recognised by their idempotency key.
    pub duplicates: u64,
    /// Publishes that were refused.
    pub refused: u64,
    /// Appends whose outcome was in doubt.
    pub in_doubt: u64,
    /// Times that a subscriber was found to miss events.
    pub gaps: u64,
    /// Events that were gone before a subscriber had read past them.
    pub missed: u64,
    /// Times that the engine's tail had a hole.
    pub holes: u64,
    /// Records that were not understood.
    pub foreign: u64,
    /// Pages of the history that were read.
    pub pages_read: u64,
    /// Members whose arrival is held back at the moment: see [`Presence`](crate::Presence).
    pub presence_held: u64,
}

/// Says whether a node should get traffic.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Readiness {
    /// The engine is heard of, and this node has all that it has.
    pub live: bool,
    /// For how long this node has been behind the engine.
    pub lag: Duration,
    /// What is wrong with the tail, if it says.
    pub reason: Option<String>,
    /// The node is being drained.
    pub draining: bool,
}

impl Readiness {
    /// Returns true if the tail is alive, less than 5 s behind, and the node is not being drained.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        const MOST_LAG: Duration = Duration::from_secs(5);
        (self.live || self.reason.is_none() && self.lag > Duration::ZERO)
            && self.lag < MOST_LAG
            && !self.draining
    }
}

impl Shared {
    fn lag(&self) -> Duration {
        let since = self.tail.borrow().behind_since;
        since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    pub(crate) fn stats(&self) -> BrokerStats {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counters = &self.counters;
        let lag = self.lag();
        let engine_head = self.tail.borrow().engine_head;
        let pages_read = self.pages.read();
        let node = self.node();
        let (window_events, window_bytes) = node.window_size();
        BrokerStats {
            head: node.head().sequence,
            engine_head: engine_head.max(node.head().sequence),
            horizon: node.horizon(),
            lag,
            window_events,
            window_bytes,
            subscribers: node.subscribers(),
            selectors: node.selectors(),
            joined: read(&counters.joined),
            delivered: read(&counters.delivered),
            published: read(&counters.published),
            duplicates: read(&counters.duplicates),
            refused: read(&counters.refused),
            in_doubt: read(&counters.in_doubt),
            gaps: read(&counters.gaps),
            missed: read(&counters.missed),
            holes: read(&counters.holes),
            foreign: node.foreign(),
            pages_read,
            presence_held: read(&counters.presence_held),
        }
    }

    pub(crate) fn readiness(&self) -> Readiness {
        let lag = self.lag();
        let now = Instant::now();
        let tail = self.tail.borrow();
        let silent = (!tail.is_heard(now)).then(|| "nothing is heard of the engine".to_owned());
        Readiness {
            live: tail.is_live(now),
            lag,
            reason: tail.stalled.clone().or(silent),
            draining: self.is_draining(),
        }
    }
}
