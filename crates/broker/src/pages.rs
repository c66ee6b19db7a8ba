//! Pages of the history, for readers that are behind the window. In: a place. Out: the events behind it,
//! read from the engine once and shared by all who come by meanwhile.
//!
//! Next: `subscription.rs`, which reads them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OnceCell, Semaphore};

use crate::engine::{Engine, EngineError, EngineErrorKind, PageLimits};
use crate::event::Event;
use crate::lineage::Lineage;

/// How much is read at once.
const PAGE: PageLimits = PageLimits::new(512, 256 << 10);

/// How many pages are kept for those who come by a little later.
const KEPT: usize = 32;

/// How many pages are read at the same time.
const READS: usize = 8;

/// Events that follow each other.
#[derive(Debug)]
pub(crate) struct EventPage {
    pub(crate) events: Vec<Arc<Event>>,
}

impl EventPage {
    /// Whether a node whose newest event is this one has the first event too.
    pub(crate) fn begins_by(&self, head: u64) -> bool {
        let first = self.events.first();
        first.is_none_or(|first| first.sequence <= head)
    }

    pub(crate) fn event(&self, sequence: u64) -> Option<&Arc<Event>> {
        let first = self.events.first()?.sequence;
        let index = usize::try_from(sequence.checked_sub(first)?).ok()?;
        self.events.get(index)
    }
}

#[derive(Debug)]
pub(crate) struct Pages {
    state: Mutex<State>,
    reads: Semaphore,
}

#[derive(Debug, Default)]
struct State {
    /// By the number of their first event.
    kept: BTreeMap<u64, Arc<EventPage>>,
    in_order: VecDeque<u64>,
    /// By the place behind which it is being read.
    being_read: BTreeMap<u64, Arc<OnceCell<Arc<EventPage>>>>,
    read: u64,
    /// How often the history has forked: what was read before is of another one.
    forks: u64,
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            reads: Semaphore::new(READS),
        }
    }
}

impl Pages {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many pages have ever been read from the engine.
    pub(crate) fn read(&self) -> u64 {
        self.lock().read
    }

    /// Forgets all: the history has forked.
    pub(crate) fn clear(&self) {
        let mut state = self.lock();
        state.forks += 1;
        state.kept.clear();
        state.in_order.clear();
        state.being_read.clear();
    }

    /// The page with this event, if it is kept.
    pub(crate) fn with(&self, sequence: u64) -> Option<Arc<EventPage>> {
        let state = self.lock();
        let (_, page) = state.kept.range(..=sequence).next_back()?;
        page.event(sequence).map(|_| Arc::clone(page))
    }

    /// The events behind this place, at least one. If those directly behind it are gone, the page begins
    /// with the oldest there is. It is read by a task of its own: who asked may not be polled again, and
    /// others may wait for the same page.
    pub(crate) async fn after(
        self: &Arc<Self>,
        after: u64,
        engine: &Arc<dyn Engine>,
        lineage: Lineage,
    ) -> Result<Arc<EventPage>, EngineError> {
        if let Some(page) = self.with(after + 1) {
            return Ok(page);
        }
        let cell = Arc::clone(self.lock().being_read.entry(after).or_default());
        let read = || async {
            let (pages, engine) = (Arc::clone(self), Arc::clone(engine));
            let read = tokio::spawn(async move {
                let page = pages.read_after(after, &*engine, lineage).await;
                pages.lock().being_read.remove(&after);
                page
            });
            let read = read.await;
            read.unwrap_or_else(|_| Err(unavailable("the history is no longer read")))
        };
        cell.get_or_try_init(read).await.cloned()
    }

    async fn read_after(
        &self,
        after: u64,
        engine: &dyn Engine,
        lineage: Lineage,
    ) -> Result<Arc<EventPage>, EngineError> {
        // The semaphore is never closed.
        let _permit = self.reads.acquire().await;
        let forks = self.lock().forks;
        let page = engine.read_after(after, PAGE).await?;
        if page.epoch != lineage.current() {
            return Err(unavailable(FORKED));
        }
        let events = page.records.iter();
        let events = events.map(|stored| Arc::new(Event::new(stored, &lineage)));
        let events = events.collect();
        self.put(EventPage { events }, forks)
    }

    /// Keeps a page for others, unless the history has forked since it was asked for.
    fn put(&self, page: EventPage, forks: u64) -> Result<Arc<EventPage>, EngineError> {
        let Some(first) = page.events.first().map(|event| event.sequence) else {
            return Err(unavailable(
                "the history ends before the place that is read on from",
            ));
        };
        let page = Arc::new(page);
        let mut state = self.lock();
        state.read += 1;
        if state.forks != forks {
            return Err(unavailable(FORKED));
        }
        if state.kept.insert(first, Arc::clone(&page)).is_none() {
            state.in_order.push_back(first);
        }
        if state.in_order.len() > KEPT {
            let oldest = state.in_order.pop_front();
            oldest.and_then(|oldest| state.kept.remove(&oldest));
        }
        Ok(page)
    }
}

const FORKED: &str = "the history has forked meanwhile";

fn unavailable(message: &str) -> EngineError {
    EngineError::new(EngineErrorKind::Unavailable, message)
}

#[cfg(test)]
mod tests;
