//! What is under a channel's lock. In: nothing. Out: the log, who waits, who is here, and the counters.
//!
//! Everything that changes is here, under one lock: a publish, a join or a read sees one consistent state. The lock
//! is held for microseconds; no code of the program's runs under it, neither wakers nor hooks nor filters.
//!
//! Next: `channel/reader.rs` reads it, `channel/join.rs` adds to it.

use tokio::time::Instant;

use super::admission::{Admission, SubscriberLimits};
use super::drained::Drained;
use super::waiters::Waiters;
use crate::log::Log;

/// All that changes in a channel.
#[derive(Debug)]
pub(super) struct State {
    pub(super) log: Log,
    /// When the newest event was published.
    pub(super) newest: Option<Instant>,
    pub(super) waiters: Waiters,
    /// Set by [`Channel::close`](crate::Channel::close), for good.
    pub(super) closed: bool,
    pub(super) drain: Drained,
    pub(super) admission: Admission,
    pub(super) counters: Counters,
}

/// What [`ChannelStats`](crate::ChannelStats) reports and nothing else holds. They only grow.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// How often a place had left the history.
    pub(super) gaps: u64,
    /// Events passed over in those gaps.
    pub(super) missed: u64,
    /// Events delivered as the latest of their keys.
    pub(super) latest: u64,
    /// Streams ended because they were too slow.
    pub(super) disconnected: u64,
    /// Subscribers that `try_subscribe` refused.
    pub(super) refused: u64,
}

impl State {
    /// Returns the state of a new channel.
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
