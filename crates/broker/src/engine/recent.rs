//! The tail of a history that this process itself appends to. In: what was appended, and a way to read
//! what is older. Out: a stream that follows, woken by appends, with a sign of life in silence.
//!
//! Next: `memory.rs` tells it what was appended.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_core::Stream;
use futures_core::future::BoxFuture;
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::error::EngineError;
use super::page::{Bounds, Page, PageLimits, StoredRecord, TailItem};

/// How much is kept for those who follow closely, in bytes. Who is further behind reads pages.
const RECENT_BYTES: usize = 4 << 20;

/// What a record takes besides its bytes, about.
const BOOKKEEPING: usize = 96;

/// How long a history that cannot be read is left alone.
const UNREAD: Duration = Duration::from_millis(250);

/// How much comes at once.
const PAGE: PageLimits = PageLimits::new(1_024, 1 << 20);

/// A sign of life comes twice as often as an engine owes one.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// The end of the history, in memory.
#[derive(Debug, Default)]
pub(super) struct Recent(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    records: VecDeque<StoredRecord>,
    bytes: usize,
    horizon: u64,
    head: u64,
    /// How often the tail was lost, and what held after the last time.
    losses: u64,
    rewritten: Option<Bounds>,
    waiting: Vec<Waker>,
}

enum Step {
    Rewritten(Bounds),
    Records(Vec<StoredRecord>),
    /// The next record is older than what is kept here.
    Behind,
    UpToDate,
}

impl Recent {
    pub(super) fn new(horizon: u64, head: u64) -> Self {
        Self(Mutex::new(State {
            horizon,
            head,
            ..State::default()
        }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells what was appended: records that follow the head that was told before.
    pub(super) fn appended(&self, records: Vec<StoredRecord>, horizon: u64) {
        let mut state = self.lock();
        state.horizon = horizon;
        for record in records {
            if record.sequence != state.head + 1 {
                // Some were dropped at once; what is kept here is without a hole.
                state.records.clear();
                state.bytes = 0;
            }
            state.head = record.sequence;
            state.bytes += cost(&record);
            state.records.push_back(record);
        }
        while state.bytes > RECENT_BYTES && state.records.len() > 1 {
            let left = state.records.pop_front();
            state.bytes -= left.as_ref().map_or(0, cost);
        }
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Tells that the tail was lost, and what holds now.
    pub(super) fn rewritten(&self, bounds: Bounds) {
        let mut state = self.lock();
        state.losses += 1;
        (state.horizon, state.head) = (bounds.horizon, bounds.head);
        state.records.clear();
        state.bytes = 0;
        state.rewritten = Some(bounds);
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }

    fn losses(&self) -> u64 {
        self.lock().losses
    }

    fn step(&self, after: u64, losses: &mut u64, waker: &Waker) -> (Step, u64, u64) {
        let mut state = self.lock();
        let (head, horizon) = (state.head, state.horizon);
        if let Some(bounds) = state.rewritten.clone().filter(|_| *losses < state.losses) {
            *losses = state.losses;
            return (Step::Rewritten(bounds), head, horizon);
        }
        if after >= head {
            if !state.waiting.iter().any(|known| known.will_wake(waker)) {
                state.waiting.push(waker.clone());
            }
            return (Step::UpToDate, head, horizon);
        }
        let first = state.records.front().map(|record| record.sequence);
        let Some(skipped) = first.and_then(|first| (after + 1).checked_sub(first)) else {
            return (Step::Behind, head, horizon);
        };
        let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
        let mut bytes = 0;
        let fits = |record: &&StoredRecord| {
            bytes += record.record.len();
            bytes <= PAGE.bytes || bytes == record.record.len()
        };
        let records = state.records.iter().skip(skipped).take(PAGE.records);
        let records = records.take_while(fits).cloned().collect();
        (Step::Records(records), head, horizon)
    }
}

fn cost(record: &StoredRecord) -> usize {
    BOOKKEEPING + record.record.len()
}

/// An engine of this process.
pub(super) trait Local: Send + Sync + 'static {
    fn recent(&self) -> &Recent;

    fn page(
        self: Arc<Self>,
        after: u64,
        limits: PageLimits,
    ) -> BoxFuture<'static, Result<Page, EngineError>>;
}

/// Follows an engine of this process.
pub(super) struct Tail<L> {
    local: Arc<L>,
    after: u64,
    losses: u64,
    reading: Option<BoxFuture<'static, Result<Page, EngineError>>>,
    /// What was last told to be the head.
    told: Option<u64>,
    heartbeat: Pin<Box<Sleep>>,
}

impl<L: Local> Tail<L> {
    pub(super) fn new(local: Arc<L>, after: u64) -> Self {
        let losses = local.recent().losses();
        Self {
            local,
            after,
            losses,
            reading: None,
            told: None,
            heartbeat: Box::pin(sleep_until(Instant::now() + HEARTBEAT)),
        }
    }

    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<Option<TailItem>> {
        let Some(reading) = &mut self.reading else {
            return Poll::Ready(None);
        };
        let Poll::Ready(read) = reading.as_mut().poll(cx) else {
            return Poll::Pending;
        };
        self.reading = None;
        let page = match read {
            Ok(page) => page,
            Err(error) => return Poll::Ready(Some(TailItem::Stalled(error.to_string()))),
        };
        Poll::Ready(page.records.last().map(|last| {
            self.after = last.sequence;
            TailItem::Records(page.records.clone())
        }))
    }
}

impl<L: Local> Stream for Tail<L> {
    type Item = TailItem;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<TailItem>> {
        let this = self.get_mut();
        loop {
            match this.poll_read(cx) {
                Poll::Ready(Some(item)) => return Poll::Ready(Some(item)),
                Poll::Ready(None) => {}
                Poll::Pending => return Poll::Pending,
            }
            let recent = this.local.recent();
            let (step, head, horizon) = recent.step(this.after, &mut this.losses, cx.waker());
            match step {
                Step::Rewritten(bounds) => {
                    this.after = this.after.min(bounds.head);
                    return Poll::Ready(Some(TailItem::Rewritten(bounds)));
                }
                Step::Records(records) => {
                    this.told = None;
                    this.after = records.last().map_or(this.after, |last| last.sequence);
                    return Poll::Ready(Some(TailItem::Records(records)));
                }
                Step::Behind => {
                    let reading = Arc::clone(&this.local).page(this.after, PAGE);
                    this.reading = Some(Box::pin(async {
                        let page = reading.await;
                        if page.as_ref().is_ok_and(|page| !page.records.is_empty()) {
                            return page;
                        }
                        sleep(UNREAD).await;
                        page
                    }));
                }
                Step::UpToDate => {
                    let due = this.heartbeat.as_mut().poll(cx).is_ready();
                    if this.told == Some(head) && !due {
                        return Poll::Pending;
                    }
                    this.told = Some(head);
                    this.heartbeat.as_mut().reset(Instant::now() + HEARTBEAT);
                    return Poll::Ready(Some(TailItem::Live { head, horizon }));
                }
            }
        }
    }
}
