//! The one task of a broker. In: the engine's tail, this node's own publishes included. Out: a node that
//! moves on, and readers that are woken.
//!
//! Readers are woken 64 at a time, with a turn for others in between: what comes meanwhile goes out in the
//! same writes.
//!
//! Next: `node/apply.rs`.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use futures_core::Stream;
use futures_core::stream::BoxStream;
use tokio::time::{Instant, sleep, timeout};

use crate::cursor::short;
use crate::engine::{Bounds, StoredRecord, TailItem};
use crate::event::Event;
use crate::node::{Hole, Place};
use crate::shared::{Counters, Shared};
use crate::tail_state::SILENCE;

/// How many readers are woken before other tasks have a turn.
const SLICE: usize = 64;

/// How long a tail that is not right is left alone.
const PAUSE: Duration = Duration::from_millis(250);

pub(crate) struct Tail {
    shared: Arc<Shared>,
    items: BoxStream<'static, TailItem>,
    to_wake: VecDeque<Waker>,
}

impl Tail {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        let head = shared.node().head().sequence;
        let items = shared.engine.tail(head);
        Self {
            shared,
            items,
            to_wake: VecDeque::new(),
        }
    }

    /// Never ends by itself.
    pub(crate) async fn run(mut self) {
        self.look_for_fork().await;
        loop {
            let item = if self.to_wake.is_empty() {
                timeout(SILENCE, self.next()).await.ok()
            } else {
                self.wake_slice().await;
                self.at_once().await
            };
            match item {
                Some(Some(item)) => self.take(item).await,
                Some(None) => self.begin_anew("the engine's tail has ended").await,
                None if self.to_wake.is_empty() && self.is_silent() => {
                    self.begin_anew("nothing is heard of the engine").await;
                }
                None => {}
            }
        }
    }

    async fn next(&mut self) -> Option<TailItem> {
        poll_fn(|cx| self.items.as_mut().poll_next(cx)).await
    }

    /// The next item if it is there.
    async fn at_once(&mut self) -> Option<Option<TailItem>> {
        let items = &mut self.items;
        poll_fn(|cx| match Pin::new(&mut *items).poll_next(cx) {
            Poll::Ready(item) => Poll::Ready(Some(item)),
            Poll::Pending => Poll::Ready(None),
        })
        .await
    }

    async fn wake_slice(&mut self) {
        let slice = self.to_wake.len().min(SLICE);
        self.to_wake.drain(..slice).for_each(Waker::wake);
        if !self.to_wake.is_empty() {
            tokio::task::yield_now().await;
        }
    }

    fn is_silent(&self) -> bool {
        !self.shared.tail.borrow().is_heard(Instant::now())
    }

    async fn take(&mut self, item: TailItem) {
        match item {
            TailItem::Records(records) => self.take_records(&records).await,
            TailItem::Live { head, horizon } => {
                self.shared.node().set_horizon(horizon);
                self.tell(head, None);
            }
            TailItem::Stalled(reason) => {
                let head = self.shared.tail.borrow().engine_head;
                self.tell(head, Some(reason));
            }
            TailItem::Rewritten(bounds) => self.rewind(&bounds),
        }
    }

    async fn take_records(&mut self, records: &[StoredRecord]) {
        let mut wake = Vec::new();
        let lineage = self.shared.node().lineage().clone();
        // Encoded outside of the lock.
        let events = records.iter().map(|stored| Event::new(stored, &lineage));
        let events: Vec<Event> = events.collect();
        let hole = {
            let mut node = self.shared.node();
            let mut events = events.into_iter();
            events.find_map(|event| node.apply(event, &mut wake).err())
        };
        self.to_wake.extend(wake);
        let head = records.last().map_or(0, |last| last.sequence);
        self.tell(head, None);
        if let Some(hole) = hole {
            Counters::count(&self.shared.counters.holes);
            self.mend(hole).await;
        }
    }

    /// Says how far the node is.
    fn tell(&self, engine_head: u64, stalled: Option<String>) {
        let head = self.shared.node().head().sequence;
        let now = Instant::now();
        self.shared.tail.send_modify(|tail| {
            tail.head = head;
            tail.engine_head = engine_head;
            let behind = head < engine_head;
            tail.behind_since = behind.then(|| tail.behind_since.unwrap_or(now));
            if stalled.is_none() {
                tail.heard = now;
            }
            tail.stalled = stalled;
        });
    }

    fn rewind(&mut self, bounds: &Bounds) {
        let mut wake = Vec::new();
        self.shared.node().rewind(bounds, &mut wake);
        self.shared.pages.clear();
        self.to_wake.extend(wake);
        self.tell(bounds.head, None);
    }

    /// Events do not follow each other. If those between are gone, the node goes on behind them; if not,
    /// the tail is at fault and is begun anew behind what the node has.
    async fn mend(&mut self, hole: Hole) {
        let bounds = self.shared.engine.bounds().await.ok();
        // Horizon and tag of one moment: those of two would make a place that no cursor has.
        if let Some(bounds) = bounds.filter(|bounds| bounds.horizon > hole.expected) {
            let tag = bounds.trimmed_tag.map_or(0, short);
            let mut wake = Vec::new();
            let mut node = self.shared.node();
            node.skip_to(Place::new(bounds.horizon - 1, tag), &mut wake);
            node.set_horizon(bounds.horizon);
            drop(node);
            self.to_wake.extend(wake);
        }
        self.begin_anew("the engine's tail has a hole").await;
    }

    async fn begin_anew(&mut self, reason: &str) {
        let head = self.shared.tail.borrow().engine_head;
        self.tell(head, Some(reason.to_owned()));
        self.to_wake.drain(..).for_each(Waker::wake);
        sleep(PAUSE).await;
        self.follow();
        self.look_for_fork().await;
    }

    fn follow(&mut self) {
        let head = self.shared.node().head().sequence;
        self.items = self.shared.engine.tail(head);
    }

    /// A tail tells of forks that come after its beginning. What came before, while none was followed, is
    /// seen by the epoch.
    async fn look_for_fork(&mut self) {
        loop {
            let bounds = match self.shared.engine.bounds().await {
                Ok(bounds) => bounds,
                Err(error) => {
                    let head = self.shared.tail.borrow().engine_head;
                    self.tell(head, Some(error.to_string()));
                    sleep(PAUSE).await;
                    continue;
                }
            };
            let Some(common) = self.shared.node().common(bounds) else {
                return;
            };
            self.rewind(&common);
            self.to_wake.drain(..).for_each(Waker::wake);
            self.follow();
        }
    }
}
