//! What a policy may decide otherwise than the standard. In: a machine whose connection has ended, or is about
//! to. Out: one that reconnects, fails or ends.
//!
//! Next: `pending.rs`.

use super::{Machine, Phase};
use crate::event_source::{Failure, Interruption};
use core::time::Duration;

impl Machine {
    /// Reestablishes the connection by decision of a policy, whatever the standard says of its end: after a
    /// response that it refuses, or a limit that was exceeded. A wait that is under way begins anew. It is never
    /// shorter than `at_least`, nor than the reconnection time. `random` is any number, uniform over its range.
    pub fn reconnect_after(
        &mut self,
        now: Duration,
        cause: Interruption,
        at_least: Duration,
        random: u32,
    ) {
        if !matches!(self.phase, Phase::Ending | Phase::Closed) {
            self.reestablish_connection(now, cause, at_least, random);
        }
    }

    /// Fails the connection by decision of a policy, whatever the standard says of its end. Ends a wait for the
    /// next attempt too. Ignored once the source has failed or ended.
    pub fn fail(&mut self, failure: Failure) {
        if !matches!(
            self.phase,
            Phase::Failing(_) | Phase::Ending | Phase::Closed
        ) {
            self.fail_connection(failure);
        }
    }

    /// Takes the stream for complete by decision of a policy: no reconnection, and no failure. [`Output::Ended`](crate::Output::Ended)
    /// follows.
    pub fn end(&mut self) {
        if self.phase != Phase::Closed {
            self.phase = Phase::Ending;
        }
    }

    /// Returns the failure that is not reported yet: a policy may still decide otherwise, by
    /// [`reconnect_after`](Self::reconnect_after) or [`end`](Self::end).
    #[must_use]
    pub fn failing(&self) -> Option<Failure> {
        match self.phase {
            Phase::Failing(failure) => Some(failure),
            _ => None,
        }
    }

    /// Ends a wait for the next attempt at once. This overrides the reconnection time that the server set; the
    /// count of failed attempts stays.
    pub fn reconnect_now(&mut self) {
        if matches!(self.phase, Phase::Waiting { .. }) {
            self.phase = Phase::Due;
        }
    }
}
