//! What the handles of a broker, its tail and its subscriptions have in common: one lock around the
//! node, and beside it what is waited for.
//!
//! Next: `tail.rs`, which fills the node; `subscription.rs`, which reads it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::end::End;
use crate::engine::Engine;
use crate::node::Node;
use crate::options::BrokerOptions;
use crate::pages::Pages;
use crate::replay_rate::ReplayRate;
use crate::tail_state::TailState;

#[derive(Debug)]
pub(crate) struct Shared {
    node: Mutex<Node>,
    pub(crate) engine: Arc<dyn Engine>,
    pub(crate) options: BrokerOptions,
    pub(crate) pages: Arc<Pages>,
    pub(crate) replay_rate: ReplayRate,
    pub(crate) counters: Counters,
    /// How the tail does; changes whenever the node has moved on.
    pub(crate) tail: watch::Sender<TailState>,
    /// No further subscribers.
    pub(crate) draining: AtomicBool,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) published: AtomicU64,
    pub(crate) duplicates: AtomicU64,
    pub(crate) refused: AtomicU64,
    pub(crate) in_doubt: AtomicU64,
    pub(crate) joined: AtomicU64,
    /// Events given to subscribers.
    pub(crate) delivered: AtomicU64,
    pub(crate) gaps: AtomicU64,
    pub(crate) missed: AtomicU64,
    pub(crate) holes: AtomicU64,
    /// Arrivals of members that are held back at the moment.
    pub(crate) presence_held: AtomicU64,
}

impl Counters {
    pub(crate) fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn gap(&self, missed: u64) {
        Self::count(&self.gaps);
        self.missed.fetch_add(missed, Ordering::Relaxed);
    }
}

impl Shared {
    pub(crate) fn new(
        engine: Arc<dyn Engine>,
        options: BrokerOptions,
        node: Node,
        tail: TailState,
    ) -> Self {
        Self {
            node: Mutex::new(node),
            engine,
            pages: Arc::default(),
            replay_rate: ReplayRate::new(options.replay_rate, Instant::now()),
            options,
            counters: Counters::default(),
            tail: watch::Sender::new(tail),
            draining: AtomicBool::new(false),
        }
    }

    pub(crate) fn node(&self) -> MutexGuard<'_, Node> {
        self.node.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Ends all subscriptions, and lets no further ones in.
    pub(crate) fn end_all(&self, end: End) {
        self.draining.store(true, Ordering::Relaxed);
        self.end_present(end);
    }

    /// Ends the subscriptions that are open.
    pub(crate) fn end_present(&self, end: End) {
        let mut node = self.node();
        let keys = node.reader_keys().into_iter();
        let wakers: Vec<Waker> = keys.filter_map(|key| node.end(key, end)).collect();
        drop(node);
        wakers.into_iter().for_each(Waker::wake);
    }
}
