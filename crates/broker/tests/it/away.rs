//! A history that can be away for a while: then nothing of it can be read or written. Removing a member can
//! be made to take a while.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use wellspring_broker::{
    Append, AppendOutcome, Bounds, Engine, EngineError, EngineErrorKind, EngineLimits, Epoch,
    Members, NodeId, Page, PageLimits, Refusal, Renewal, Retention, TailItem,
};

#[derive(Debug)]
pub(crate) struct Away {
    engine: Arc<dyn Engine>,
    is_away: AtomicBool,
    removes_slowly: AtomicBool,
}

type Answer<'a, T> = BoxFuture<'a, Result<T, EngineError>>;

impl Away {
    pub(crate) fn new(engine: Arc<dyn Engine>) -> Arc<Self> {
        Arc::new(Self {
            engine,
            is_away: AtomicBool::new(false),
            removes_slowly: AtomicBool::new(false),
        })
    }

    pub(crate) fn set(&self, is_away: bool) {
        self.is_away.store(is_away, Ordering::Relaxed);
    }

    pub(crate) fn remove_slowly(&self) {
        self.removes_slowly.store(true, Ordering::Relaxed);
    }

    fn or_away<'a, T: Send + 'a>(&self, answer: Answer<'a, T>) -> Answer<'a, T> {
        if self.is_away.load(Ordering::Relaxed) {
            let error = EngineError::new(EngineErrorKind::Unavailable, "away");
            return Box::pin(std::future::ready(Err(error)));
        }
        answer
    }
}

impl Engine for Away {
    fn append(&self, epoch: Epoch, batch: Vec<Append>) -> BoxFuture<'_, Vec<AppendOutcome>> {
        if self.is_away.load(Ordering::Relaxed) {
            let refused = AppendOutcome::Refused(Refusal::Unavailable {
                reason: "away".to_owned(),
                retry_after: Duration::from_secs(1),
            });
            return Box::pin(std::future::ready(vec![refused; batch.len()]));
        }
        self.engine.append(epoch, batch)
    }

    fn read_after(&self, after: u64, limits: PageLimits) -> Answer<'_, Page> {
        self.or_away(self.engine.read_after(after, limits))
    }

    fn find<'a>(&'a self, id: &'a str) -> Answer<'a, Option<u64>> {
        self.or_away(self.engine.find(id))
    }

    fn tail(&self, after: u64) -> BoxStream<'static, TailItem> {
        self.engine.tail(after)
    }

    fn bounds(&self) -> Answer<'_, Bounds> {
        self.or_away(self.engine.bounds())
    }

    fn limits(&self) -> EngineLimits {
        self.engine.limits()
    }

    fn trim(&self, retention: Retention) -> Answer<'_, ()> {
        self.or_away(self.engine.trim(retention))
    }

    fn fence(&self, epoch: Epoch, last: u64) -> Answer<'_, Bounds> {
        self.or_away(self.engine.fence(epoch, last))
    }

    fn lease(&self, node: NodeId, ttl: Duration) -> Answer<'_, Renewal> {
        // Not even begun while it is away.
        match self.is_away.load(Ordering::Relaxed) {
            true => self.or_away(Box::pin(std::future::pending())),
            false => self.engine.lease(node, ttl),
        }
    }

    fn release(&self, node: NodeId) -> Answer<'_, ()> {
        self.or_away(Box::pin(async move { self.engine.release(node).await }))
    }

    fn member_put(&self, node: NodeId, member: String, bytes: Bytes) -> Answer<'_, ()> {
        let put = async move { self.engine.member_put(node, member, bytes).await };
        self.or_away(Box::pin(put))
    }

    fn member_remove<'a>(&'a self, node: NodeId, member: &'a str) -> Answer<'a, ()> {
        let removed = async move {
            if self.removes_slowly.load(Ordering::Relaxed) {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            self.engine.member_remove(node, member).await
        };
        self.or_away(Box::pin(removed))
    }

    fn members(&self) -> Answer<'_, Members> {
        self.or_away(self.engine.members())
    }
}
