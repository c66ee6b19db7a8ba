//! How much is done in one go. In: work that needs no waiting, as bytes. Out: leave to go on, or a
//! break in which the runtime polls timers and other tasks.
//!
//! What is in memory, decompressed or made in the process is ready at every poll, so a loop over it
//! would never give the thread back.
//!
//! Next: `driver.rs`, `transport/paced.rs`.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, ready};

use tokio::task::{coop, yield_now};

/// The work between two breaks, in bytes: a millisecond or so.
const TURN: usize = 128 * 1024;
/// What the budget of a tokio task has is this many of these.
const UNIT: usize = TURN / 128;
/// An event, a comment or whatever else is handed on counts as this many bytes beside its text.
const ITEM: usize = 64;
/// An attempt to connect counts as this many.
const ATTEMPT: usize = TURN / 16;
/// How many rounds of a loop that finds nothing are made in one go.
const ROUNDS: usize = 256;

/// Counts the work of one loop. Beside its own count it takes part in the budget of a tokio task, so
/// that many sources in one task make no longer turns than one.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    spent: usize,
    /// Work that the budget of the task does not know of; a turn's at most.
    owed: usize,
}

impl Pace {
    pub(crate) fn spend_bytes(&mut self, bytes: usize) {
        self.spent = self.spent.saturating_add(bytes);
        self.owed = self.owed.saturating_add(bytes).min(TURN);
    }

    pub(crate) fn spend_items(&mut self, items: usize) {
        self.spend_bytes(items.saturating_mul(ITEM));
    }

    pub(crate) fn spend_attempt(&mut self) {
        self.spend_bytes(ATTEMPT);
    }

    /// Something is waited for: others have their turn anyway.
    pub(crate) fn rest(&mut self) {
        self.spent = 0;
    }

    /// Pending once a turn's work is done; the task is woken again after others.
    pub(crate) fn poll_proceed(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut proceed = self.poll_budget(cx);
        if proceed.is_ready() && self.spent >= TURN {
            proceed = take_break(cx);
        }
        if proceed.is_pending() {
            *self = Self::default();
        }
        proceed
    }

    fn poll_budget(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while self.owed >= UNIT {
            ready!(coop::poll_proceed(cx)).made_progress();
            self.owed -= UNIT;
        }
        // Others in the task may have left nothing of it.
        coop::poll_proceed(cx).map(drop)
    }
}

/// Counts the rounds of a loop inside one poll that have come to nothing.
#[derive(Debug, Default)]
pub(crate) struct Rounds(usize);

impl Rounds {
    /// Pending once there were too many; the task is woken again after others.
    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.0 += 1;
        if self.0 < ROUNDS {
            return Poll::Ready(());
        }
        take_break(cx)
    }
}

/// Wakes the task at once outside of a runtime; inside, once the runtime has looked at its timers and
/// sockets, which a task that wakes itself would keep it from.
fn take_break(cx: &mut Context<'_>) -> Poll<()> {
    let _ = pin!(yield_now()).poll(cx);
    Poll::Pending
}

#[cfg(test)]
mod tests;
