//! An engine that is ahead of its node. In: a history in memory. Out: the same, whose tail comes as far as
//! it is let, and whose pages take their time.
//!
//! Next: `reader.rs`.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use tokio::time::{Instant, Sleep, sleep, sleep_until};
use wellspring_broker::{
    Append, AppendOutcome, Bounds, Engine, EngineError, EngineLimits, Epoch, Members, MemoryEngine,
    NodeId, Page, PageLimits, Renewal, Retention, StoredRecord, TailItem,
};

/// How much the tail brings at once.
const BATCH: PageLimits = PageLimits::new(4, 1 << 20);

const HEARTBEAT: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
pub(crate) struct Ahead {
    inner: Arc<MemoryEngine>,
    gate: Arc<Mutex<Gate>>,
}

#[derive(Debug)]
struct Gate {
    /// The tail comes up to here.
    until: u64,
    /// The tail brings what was trimmed meanwhile all the same, as one from memory does.
    remembers: bool,
    /// All that was ever stored.
    records: Vec<StoredRecord>,
    /// How long a page takes.
    delay: Duration,
    waiting: Option<Waker>,
}

impl Ahead {
    pub(crate) fn new(epoch: Epoch, remembers: bool) -> Self {
        Self {
            inner: Arc::new(MemoryEngine::with_epoch(epoch)),
            gate: Arc::new(Mutex::new(Gate {
                until: 0,
                remembers,
                records: Vec::new(),
                delay: Duration::ZERO,
                waiting: None,
            })),
        }
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap()
    }

    /// Lets the tail come up to this number.
    pub(crate) fn let_on(&self, until: u64) {
        let mut gate = self.gate();
        gate.until = gate.until.max(until);
        gate.wake();
    }

    pub(crate) fn delay_pages(&self, delay: Duration) {
        self.gate().delay = delay;
    }

    pub(crate) async fn horizon(&self) -> u64 {
        self.inner.bounds().await.unwrap().horizon
    }
}

impl Gate {
    fn wake(&mut self) {
        self.waiting.take().into_iter().for_each(Waker::wake);
    }
}

/// Follows as far as the gate lets it.
struct Tail {
    engine: Ahead,
    after: u64,
    /// What was last told of an end that was reached.
    told: Option<u64>,
    heartbeat: Pin<Box<Sleep>>,
}

impl Tail {
    /// What comes next, as the engine has it now.
    fn records(&self, until: u64, page: &Page) -> Vec<StoredRecord> {
        let gate = self.engine.gate();
        let of = if gate.remembers {
            &gate.records
        } else {
            &page.records
        };
        let next = of.iter().skip_while(|record| record.sequence <= self.after);
        let next = next.take_while(|record| record.sequence <= until);
        next.take(BATCH.records).cloned().collect()
    }
}

impl Stream for Tail {
    type Item = TailItem;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<TailItem>> {
        let this = self.get_mut();
        let mut read = this.engine.inner.read_after(this.after, BATCH);
        let Poll::Ready(Ok(page)) = read.as_mut().poll(cx) else {
            panic!("memory answers at once");
        };
        drop(read);
        let until = this.engine.gate().until;
        let records = this.records(until, &page);
        if let Some(last) = records.last() {
            this.after = last.sequence;
            this.told = None;
            return Poll::Ready(Some(TailItem::Records(records)));
        }
        this.engine.gate().waiting = Some(cx.waker().clone());
        if this.after < page.head {
            return Poll::Pending;
        }
        let due = this.heartbeat.as_mut().poll(cx).is_ready();
        if this.told == Some(page.horizon) && !due {
            return Poll::Pending;
        }
        this.told = Some(page.horizon);
        this.heartbeat.as_mut().reset(Instant::now() + HEARTBEAT);
        let (head, horizon) = (page.head, page.horizon);
        Poll::Ready(Some(TailItem::Live { head, horizon }))
    }
}

impl Engine for Ahead {
    fn append(&self, epoch: Epoch, batch: Vec<Append>) -> BoxFuture<'_, Vec<AppendOutcome>> {
        Box::pin(async move {
            let head = self.inner.bounds().await.unwrap().head;
            let outcomes = self.inner.append(epoch, batch).await;
            let limits = PageLimits::new(usize::MAX, usize::MAX);
            let page = self.inner.read_after(head, limits).await.unwrap();
            let mut gate = self.gate();
            gate.records.extend(page.records);
            gate.wake();
            outcomes
        })
    }

    fn read_after(
        &self,
        after: u64,
        limits: PageLimits,
    ) -> BoxFuture<'_, Result<Page, EngineError>> {
        Box::pin(async move {
            let page = self.inner.read_after(after, limits).await;
            let delay = self.gate().delay;
            if !delay.is_zero() {
                sleep(delay).await;
            }
            page
        })
    }

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<u64>, EngineError>> {
        self.inner.find(id)
    }

    fn tail(&self, after: u64) -> BoxStream<'static, TailItem> {
        Box::pin(Tail {
            engine: self.clone(),
            after,
            told: None,
            heartbeat: Box::pin(sleep_until(Instant::now() + HEARTBEAT)),
        })
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
