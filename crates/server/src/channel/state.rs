//! What is under a channel's lock. In: nothing. Out: the log, who waits, who is here, and the counters.
//!
//! Next: `channel/reader.rs` reads it, `channel/join.rs` adds to it.

use tokio::time::Instant;

use super::admission::{Admission, SubscriberLimits};
use super::drained::Drained;
use super::waiters::Waiters;
use crate::log::Log;

#[derive(Debug)]
pub(super) struct State {
    pub(super) log: Log,
    /// When the newest event was published.
    pub(super) newest: Option<Instant>,
    pub(super) waiters: Waiters,
    pub(super) closed: bool,
    pub(super) drain: Drained,
    pub(super) admission: Admission,
    pub(super) counters: Counters,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) gaps: u64,
    pub(super) missed: u64,
    pub(super) latest: u64,
    pub(super) disconnected: u64,
    pub(super) refused: u64,
}

impl State {
    pub(super) fn new(log: Log, subscribers: SubscriberLimits) -> Self {
        Self {
            log,
            newest: None,
            waiters: Waiters::default(),
            closed: false,
            drain: Drained::default(),
            admission: Admission::new(subscribers),
            counters: Counters::default(),
        }
    }

    /// The id that resumes at `place`, as a subscriber may know it.
    pub(super) fn position_id(&self, place: u64, filtered: bool) -> String {
        match filtered {
            true => self.log.epoch().id(place.saturating_sub(1)),
            false => self.log.id_before(place),
        }
    }
}
