//! What all tasks of a run share. In: the parts of subscribers, and the topics. Out: the accounts, the
//! ledger, the clock and the counters.
//!
//! Next: `publisher.rs` and `subscriber.rs` write, `report.rs` reads.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::account::{Account, Published};
use super::coverage::Part;
use super::latency::Latency;
use super::ledger::Ledger;
use super::listener::Listener;
use super::tally::Tally;
use super::witness::Witness;
use crate::args::Numbers;

/// More different complaints of the server are not kept.
const MAX_COMPLAINTS: usize = 8;

#[derive(Debug)]
pub(super) struct Run {
    /// Tells the events of this run from all others.
    pub(super) name: String,
    pub(super) topics: Vec<String>,
    pub(super) size: usize,
    pub(super) ledger: Ledger,
    pub(super) latency: Latency,
    pub(super) counters: Counters,
    /// Whether no more is to be published.
    pub(super) is_over: watch::Sender<bool>,
    accounts: Vec<Mutex<Account>>,
    complaints: Mutex<Vec<(String, u64)>>,
    began: Instant,
}

/// What was done so far.
#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) answered: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) doubtful: AtomicU64,
    /// Publishes sent again that the server may have seen.
    pub(super) repeated: AtomicU64,
    /// Subscribers that are connected now.
    pub(super) connected: AtomicU64,
    /// Subscribers whose source has failed for good.
    pub(super) failed: AtomicU64,
    /// Events of any kind that came.
    pub(super) delivered: AtomicU64,
    pub(super) cuts: AtomicU64,
    /// Connections that resumed with a last event ID.
    pub(super) resumed: AtomicU64,
    /// Connections after the first that had none to resume with.
    pub(super) fresh: AtomicU64,
    /// Those of them before which events had come: without an id.
    pub(super) without_id: AtomicU64,
}

/// One more, or one less.
pub(super) fn up(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

pub(super) fn down(counter: &AtomicU64) {
    counter.fetch_sub(1, Ordering::Relaxed);
}

pub(super) fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

impl Run {
    /// `numbers` is given if nothing is published.
    pub(super) fn new(
        name: String,
        topics: Vec<String>,
        size: usize,
        parts: &[Arc<Part>],
        numbers: Option<Numbers>,
    ) -> Self {
        let accounts = (0..).zip(parts).map(|(subscriber, part)| {
            Mutex::new(match numbers {
                Some(numbers) => Account::Heard(Listener::new(subscriber), numbers),
                None => Account::Published(Witness::new(subscriber, part.rights.clone())),
            })
        });
        Self {
            name,
            ledger: Ledger::new(u32::try_from(topics.len()).unwrap_or(u32::MAX)),
            topics,
            size,
            latency: Latency::new(),
            counters: Counters::default(),
            is_over: watch::Sender::new(false),
            accounts: accounts.collect(),
            complaints: Mutex::default(),
            began: Instant::now(),
        }
    }

    pub(super) fn account(&self, subscriber: usize) -> MutexGuard<'_, Account> {
        let account = &self.accounts[subscriber];
        account.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn published(&self) -> Published<'_> {
        Published {
            ledger: &self.ledger,
            run: &self.name,
            size: self.size,
        }
    }

    /// Whether no subscriber misses anything that may still come.
    pub(super) fn is_complete(&self) -> bool {
        let mut subscribers = 0..self.accounts.len();
        subscribers.all(|subscriber| self.account(subscriber).is_complete(&self.ledger))
    }

    /// How many subscribers have been connected.
    pub(super) fn connected_once(&self) -> usize {
        let subscribers = 0..self.accounts.len();
        let connected = subscribers.filter(|at| !self.account(*at).connections().is_empty());
        connected.count()
    }

    /// What all subscribers have got.
    pub(super) fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        for subscriber in 0..self.accounts.len() {
            tally.merge(&self.account(subscriber).tally(&self.ledger));
        }
        tally
    }

    /// Keeps what a server said, once.
    pub(super) fn complain(&self, what: String) {
        let mut complaints = self.lock_complaints();
        if let Some((_, times)) = complaints.iter_mut().find(|(known, _)| *known == what) {
            *times += 1;
        } else if complaints.len() < MAX_COMPLAINTS {
            complaints.push((what, 1));
        }
    }

    /// What was said, and how often.
    pub(super) fn complaints(&self) -> Vec<(String, u64)> {
        self.lock_complaints().clone()
    }

    fn lock_complaints(&self) -> MutexGuard<'_, Vec<(String, u64)>> {
        self.complaints
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Since the run began.
    pub(super) fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// The same in milliseconds.
    pub(super) fn milliseconds(&self) -> u32 {
        u32::try_from(self.now().as_millis()).unwrap_or(u32::MAX)
    }

    /// The same in microseconds.
    pub(super) fn microseconds(&self) -> u64 {
        u64::try_from(self.now().as_micros()).unwrap_or(u64::MAX)
    }
}
