//! A history in memory. In: records. Out: the same, as long as the process lives.
//!
//! Next: `memory/store.rs`, what it keeps, without lock and clock.

mod keys;
mod presence;
mod store;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use tokio::time::Instant;

use super::recent::{Local, Recent, Tail};
use super::{
    Append, AppendOutcome, Bounds, Engine, EngineError, EngineLimits, Members, NodeId, Page,
    PageLimits, Refusal, Renewal, Retention, TailItem,
};
use crate::cursor::Epoch;
use presence::Presence;
use store::Store;

/// The largest record, in bytes.
const LARGEST: usize = 64 << 20;

/// Keeps the history in memory, for tests and for trying things out: a restart begins another epoch.
///
/// ```
/// use std::time::Duration;
/// use wellspring_broker::MemoryEngine;
///
/// let engine = MemoryEngine::new().with_key_window(Duration::from_secs(60));
/// ```
#[derive(Debug)]
pub struct MemoryEngine {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    recent: Recent,
    started: Instant,
}

#[derive(Debug)]
struct State {
    store: Store,
    presence: Presence,
}

impl Default for MemoryEngine {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryEngine {
    /// Returns an empty history of a new epoch, which recognises idempotency keys for 10 minutes.
    #[must_use]
    pub fn new() -> Self {
        Self::with_epoch(Epoch::random())
    }

    /// Returns an empty history of this epoch.
    #[must_use]
    pub fn with_epoch(epoch: Epoch) -> Self {
        let state = State {
            store: Store::new(epoch),
            presence: Presence::default(),
        };
        Self {
            shared: Arc::new(Shared {
                state: Mutex::new(state),
                recent: Recent::new(1, 0),
                started: Instant::now(),
            }),
        }
    }

    /// Sets for how long an idempotency key is recognised.
    #[must_use]
    pub fn with_key_window(self, window: Duration) -> Self {
        self.shared.lock().store.set_key_window(window);
        self
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn append_all(&self, epoch: Epoch, batch: Vec<Append>) -> Vec<AppendOutcome> {
        let now = self.now();
        let mut state = self.lock();
        let store = &mut state.store;
        if store.epoch() != epoch {
            return vec![AppendOutcome::Refused(Refusal::OtherEpoch); batch.len()];
        }
        let head = store.head();
        let append = |append: Append| match append.record.len() > LARGEST {
            true => AppendOutcome::Refused(Refusal::TooLarge),
            false => AppendOutcome::Appended(store.append(append, now)),
        };
        let outcomes = batch.into_iter().map(append).collect();
        store.trim(now);
        // Under the lock, so that what follows sees the order of the store.
        self.recent.appended(store.after(head), store.horizon());
        outcomes
    }
}

impl Local for Shared {
    fn recent(&self) -> &Recent {
        &self.recent
    }

    fn page(
        self: Arc<Self>,
        after: u64,
        limits: PageLimits,
    ) -> BoxFuture<'static, Result<Page, EngineError>> {
        let now = self.now();
        let page = self.lock().store.page(after, limits, now);
        Box::pin(std::future::ready(Ok(page)))
    }
}

fn ready<'a, T: Send + 'a>(answer: T) -> BoxFuture<'a, T> {
    Box::pin(std::future::ready(answer))
}

impl Engine for MemoryEngine {
    fn append(&self, epoch: Epoch, batch: Vec<Append>) -> BoxFuture<'_, Vec<AppendOutcome>> {
        ready(self.shared.append_all(epoch, batch))
    }

    fn read_after(
        &self,
        after: u64,
        limits: PageLimits,
    ) -> BoxFuture<'_, Result<Page, EngineError>> {
        Arc::clone(&self.shared).page(after, limits)
    }

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<u64>, EngineError>> {
        let now = self.shared.now();
        ready(Ok(self.shared.lock().store.find(id, now)))
    }

    fn tail(&self, after: u64) -> BoxStream<'static, TailItem> {
        Box::pin(Tail::new(Arc::clone(&self.shared), after))
    }

    fn bounds(&self) -> BoxFuture<'_, Result<Bounds, EngineError>> {
        let now = self.shared.now();
        ready(Ok(self.shared.lock().store.bounds(now)))
    }

    fn limits(&self) -> EngineLimits {
        EngineLimits::new(LARGEST)
    }

    fn trim(&self, retention: Retention) -> BoxFuture<'_, Result<(), EngineError>> {
        let now = self.shared.now();
        let mut state = self.shared.lock();
        state.store.set_retention(retention);
        state.store.trim(now);
        self.shared
            .recent
            .appended(Vec::new(), state.store.horizon());
        ready(Ok(()))
    }

    fn fence(&self, epoch: Epoch, last: u64) -> BoxFuture<'_, Result<Bounds, EngineError>> {
        let now = self.shared.now();
        let mut state = self.shared.lock();
        if state.store.epoch() == epoch {
            state.store.fork(last);
            self.shared.recent.rewritten(state.store.bounds(now));
        }
        ready(Ok(state.store.bounds(now)))
    }

    fn lease(&self, node: NodeId, ttl: Duration) -> BoxFuture<'_, Result<Renewal, EngineError>> {
        let now = self.shared.now();
        ready(Ok(self.shared.lock().presence.lease(node, now, ttl)))
    }

    fn release(&self, node: NodeId) -> BoxFuture<'_, Result<(), EngineError>> {
        self.shared.lock().presence.release(node);
        ready(Ok(()))
    }

    fn member_put(
        &self,
        node: NodeId,
        member: String,
        bytes: Bytes,
    ) -> BoxFuture<'_, Result<(), EngineError>> {
        self.shared.lock().presence.put(node, member, bytes);
        ready(Ok(()))
    }

    fn member_remove<'a>(
        &'a self,
        node: NodeId,
        member: &'a str,
    ) -> BoxFuture<'a, Result<(), EngineError>> {
        self.shared.lock().presence.remove(node, member);
        ready(Ok(()))
    }

    fn members(&self) -> BoxFuture<'_, Result<Members, EngineError>> {
        let state = self.shared.lock();
        ready(Ok(state.presence.members(state.store.head())))
    }
}
