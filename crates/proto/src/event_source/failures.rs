//! Failed attempts in a row. In: how each attempt came to its end. Out: by how many of them the next wait
//! is lengthened, and whether a limit forbids another one.
//!
//! | how it ended | counts for the limits | lengthens the wait |
//! |---|---|---|
//! | network error, idle timeout, status the policy tries again | yes | yes |
//! | ended properly, at once and empty | yes | only with `back_off_after_empty` |
//! | ended properly after an event, or after `healthy_after` | no, the count starts anew | no |
//!
//! A connection that was open for `healthy_after` and then broke is the first of a new row.
//!
//! Next: `reconnection.rs`.

use super::{Failure, Reconnection};
use core::time::Duration;

/// How an attempt, or the connection that it opened, came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    /// It broke, or the response is one to try again.
    Failed,
    /// The body ended properly, at once and without an event.
    Empty,
    /// The body ended properly, after an event or after long enough.
    Good,
}

/// The row of failed attempts, up to now.
#[derive(Debug, Default)]
pub(super) struct Failures {
    /// What the limits count: short-lived connections and empty ones included.
    count: u32,
    /// When the first of these failed.
    since: Option<Duration>,
    /// How many of them lengthen the wait.
    steps: u32,
}

impl Failures {
    /// The number of steps by which the next wait is lengthened; none is a clean end. A connection that
    /// was `healthy` has the count start anew.
    #[inline]
    pub(super) fn count(
        &mut self,
        reconnection: &Reconnection,
        now: Duration,
        attempt: Attempt,
        healthy: bool,
    ) -> u32 {
        if healthy || attempt == Attempt::Good {
            *self = Self::default();
        }
        if attempt == Attempt::Good {
            return 0;
        }
        self.count = self.count.saturating_add(1);
        self.since.get_or_insert(now);
        if attempt == Attempt::Empty && !reconnection.back_off_after_empty {
            self.steps = 0;
        } else {
            self.steps = self.steps.saturating_add(1);
        }
        self.steps
    }

    /// Which limit on failed attempts in a row forbids another one at this time.
    #[inline]
    pub(super) fn exhausted(&self, limits: &Reconnection, deadline: Duration) -> Option<Failure> {
        let since = self.since?;
        if limits.max_attempts.is_some_and(|max| self.count >= max) {
            return Some(Failure::Attempts(self.count));
        }
        let elapsed = deadline.saturating_sub(since);
        let max = limits.max_elapsed.filter(|&max| elapsed > max)?;
        Some(Failure::Elapsed(max))
    }
}
