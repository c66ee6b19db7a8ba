//! An engine that does what a test says, over one in memory. In: a script. Out: answers, late or wrong.
//!
//! Next: `faults.rs`.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use tokio::sync::watch;
use wellspring_broker::{
    Append, AppendOutcome, Bounds, Engine, EngineError, EngineLimits, Epoch, Members, MemoryEngine,
    NodeId, Page, PageLimits, Renewal, Retention, TailItem,
};

#[derive(Debug)]
pub(crate) struct Scripted {
    pub(crate) inner: MemoryEngine,
    /// What the next appends are answered, whatever becomes of them.
    pub(crate) outcomes: Mutex<VecDeque<AppendOutcome>>,
    /// Whether pages can be read; single records always can.
    pub(crate) open: watch::Sender<bool>,
    /// The tail that is followed ends.
    cut: Arc<AtomicBool>,
}

impl Scripted {
    /// Answers as the engine in memory does, without end.
    pub(crate) fn new() -> Self {
        Self {
            inner: MemoryEngine::new(),
            outcomes: Mutex::default(),
            open: watch::Sender::new(true),
            cut: Arc::default(),
        }
    }

    /// Ends the tail that is followed now, at its next item.
    pub(crate) fn cut_tail(&self) {
        self.cut.store(true, Ordering::Relaxed);
    }
}

struct Cut {
    items: BoxStream<'static, TailItem>,
    cut: Arc<AtomicBool>,
}

impl Stream for Cut {
    type Item = TailItem;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> Poll<Option<TailItem>> {
        match self.items.as_mut().poll_next(cx) {
            Poll::Ready(_) if self.cut.swap(false, Ordering::Relaxed) => Poll::Ready(None),
            item => item,
        }
    }
}

impl Engine for Scripted {
    fn append(&self, epoch: Epoch, batch: Vec<Append>) -> BoxFuture<'_, Vec<AppendOutcome>> {
        let mut outcomes = self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        match outcomes.pop_front() {
            Some(outcome) => Box::pin(std::future::ready(vec![outcome])),
            None => self.inner.append(epoch, batch),
        }
    }

    fn read_after(
        &self,
        after: u64,
        limits: PageLimits,
    ) -> BoxFuture<'_, Result<Page, EngineError>> {
        Box::pin(async move {
            if limits.records > 1 {
                let mut open = self.open.subscribe();
                open.wait_for(|open| *open).await.expect("it is there");
            }
            self.inner.read_after(after, limits).await
        })
    }

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<u64>, EngineError>> {
        self.inner.find(id)
    }

    fn tail(&self, after: u64) -> BoxStream<'static, TailItem> {
        let items = self.inner.tail(after);
        let cut = Arc::clone(&self.cut);
        Box::pin(Cut { items, cut })
    }

    fn bounds(&self) -> BoxFuture<'_, Result<Bounds, EngineError>> {
        self.inner.bounds()
    }

    fn limits(&self) -> EngineLimits {
        self.inner.limits()
    }

    fn trim(&self, retention: Retention) -> BoxFuture<'_, Result<(), EngineError>> {
        self.inner.trim(retention)
    }

    fn fence(&self, epoch: Epoch, last: u64) -> BoxFuture<'_, Result<Bounds, EngineError>> {
        self.inner.fence(epoch, last)
    }

    fn lease(&self, node: NodeId, ttl: Duration) -> BoxFuture<'_, Result<Renewal, EngineError>> {
        self.inner.lease(node, ttl)
    }

    fn release(&self, node: NodeId) -> BoxFuture<'_, Result<(), EngineError>> {
        self.inner.release(node)
    }

    fn member_put(
        &self,
        node: NodeId,
        member: String,
        bytes: Bytes,
    ) -> BoxFuture<'_, Result<(), EngineError>> {
        self.inner.member_put(node, member, bytes)
    }

    fn member_remove<'a>(
        &'a self,
        node: NodeId,
        member: &'a str,
    ) -> BoxFuture<'a, Result<(), EngineError>> {
        self.inner.member_remove(node, member)
    }

    fn members(&self) -> BoxFuture<'_, Result<Members, EngineError>> {
        self.inner.members()
    }
}
