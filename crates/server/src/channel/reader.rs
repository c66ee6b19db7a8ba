//! A place in the log, and what comes next from there. In: the channel's state, under its lock. Out:
//! events, the signal of a gap, the end. It holds a sequence number and no events, however far behind
//! it is.
//!
//! # What is read, in this order
//!
//! | state of the channel | what the reader gets |
//! |---|---|
//! | the drain is finished | the farewell, if there is one; then the end |
//! | the place is in the history | a frame, or an event larger than one |
//! | the place has left the history, first time | the signal of a gap, or the end ([`OnGap::Disconnect`]) |
//! | the same with [`OnGap::Latest`], afterwards | the latest events of keys, then the history |
//! | nothing to read, and the channel is closed | the end |
//! | nothing to read, and its slot is due in a drain | the farewell; then the end |
//! | nothing to read | nothing yet: the subscriber waits |
//!
//! So a closed or draining channel still delivers what was published before, until the time of the drain is over.
//!
//! Next: `channel/subscriber.rs` takes the lock and waits.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::presence::LeaveReason;
use super::state::State;
use super::subscription::OnGap;
use crate::gap::Gap;
use crate::log::{Large, Part, Read, Rest};

/// A subscriber's position, and how it treats a gap.
#[derive(Debug)]
pub(super) struct Reader {
    /// The sequence number it wants next.
    pub(super) place: u64,
    /// What happens when its place has left the history.
    pub(super) on_gap: OnGap,
    /// Ids of publishers may not be meant for it.
    pub(super) filtered: bool,
    pub(super) missing: Missing,
    /// Which subscriber's turn it is when the channel is drained.
    pub(super) slot: u32,
    /// Set at the end.
    pub(super) left: Option<LeaveReason>,
}

/// Whether it has been told that its place has left the history, and reads the latest of each key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// Its place is in the history, as far as it knows.
    Nothing,
    /// What is skipped was missed.
    Events,
    /// What is skipped may never have been its concern: it came with an id that tells nothing.
    Unknown,
}

/// What a reader found.
pub(super) enum Found {
    /// Whole events.
    Frame(Bytes),
    /// One event larger than a frame, and its slices.
    Large(Arc<Large>, Rest),
    /// Its place has left the history.
    Gap(Box<Gap>),
    /// The last event of a drained stream.
    Farewell(Bytes),
    /// Nothing will follow.
    End,
}

impl Found {
    /// To be called under the lock: from here on a reader is in the middle of the event.
    fn large(event: Arc<Large>) -> Self {
        let rest = Rest::of(&event);
        Self::Large(event, rest)
    }
}

impl Reader {
    /// What comes next; `None` if there is nothing yet.
    pub(super) fn read(&mut self, state: &mut State, now: Duration) -> Option<Found> {
        if self.left.is_some() {
            return Some(Found::End);
        }
        if state.drain.is_finished() {
            return Some(self.leave_drained(state));
        }
        loop {
            match state.log.read(self.place, now) {
                Read::Frame(bytes, next) => {
                    self.place = next;
                    self.missing = Missing::Nothing;
                    return Some(Found::Frame(bytes));
                }
                Read::Large(event, next) => {
                    self.place = next;
                    self.missing = Missing::Nothing;
                    return Some(Found::large(event));
                }
                Read::Gap { missed, oldest } => {
                    if let Some(found) = self.pass_gap(state, missed, oldest) {
                        return Some(found);
                    }
                }
                Read::UpToDate if state.closed => return Some(self.leave(LeaveReason::Closed)),
                Read::UpToDate if state.drain.is_due(self.slot) => {
                    return Some(self.leave_drained(state));
                }
                Read::UpToDate => return None,
            }
        }
    }

    /// Ends the stream, for the presence hook to say why.
    fn leave(&mut self, reason: LeaveReason) -> Found {
        self.left = Some(reason);
        Found::End
    }

    /// Ends the stream with the farewell, if there is one.
    fn leave_drained(&mut self, state: &State) -> Found {
        self.left = Some(LeaveReason::Drained);
        match state.drain.farewell() {
            farewell if farewell.is_empty() => Found::End,
            farewell => Found::Farewell(farewell),
        }
    }

    /// Its place is not in the history. `None` if it is now.
    fn pass_gap(&mut self, state: &mut State, missed: u64, oldest: u64) -> Option<Found> {
        if self.missing != Missing::Nothing {
            return self.pass_latest(state, oldest);
        }
        state.counters.gaps += 1;
        let asked = state.log.epoch().id(self.place.saturating_sub(1));
        let (resumes_after, missed) = match self.on_gap {
            OnGap::Disconnect => {
                state.counters.missed += missed;
                state.counters.disconnected += 1;
                return Some(self.leave(LeaveReason::Slow));
            }
            OnGap::Skip => {
                state.counters.missed += missed;
                self.place = oldest;
                (state.position_id(oldest, self.filtered), missed)
            }
            OnGap::Latest => {
                self.missing = Missing::Events;
                let had = state.log.count_missed_from(self.place);
                (asked.clone(), missed.saturating_sub(had))
            }
        };
        Some(Found::Gap(Box::new(Gap {
            reason: "slow",
            asked,
            resumes_after,
            missed: Some(missed),
        })))
    }

    /// Instead of all that was missed, what is still the latest of its key.
    fn pass_latest(&mut self, state: &mut State, oldest: u64) -> Option<Found> {
        let latest = state.log.missed_from(self.place);
        let (next, delivered) = match &latest {
            Some(missed) => (missed.last + 1, missed.events),
            None => (oldest, 0),
        };
        if self.missing == Missing::Events {
            let passed = next.saturating_sub(self.place);
            state.counters.missed += passed.saturating_sub(delivered);
        }
        state.counters.latest += delivered;
        self.place = next;
        latest.map(|missed| match missed.part {
            Part::Frame(bytes) => Found::Frame(bytes),
            Part::Large(event) => Found::large(event),
        })
    }

    /// The event it was in the middle of is gone. Nothing can follow half an event, so it ends, and
    /// its client reconnects with the last event ID of the event before.
    pub(super) fn lose_event(&mut self, state: &mut State) {
        state.counters.gaps += 1;
        state.counters.disconnected += 1;
        self.left = Some(LeaveReason::Slow);
    }
}
