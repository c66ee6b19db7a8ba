//! A connection that the program wants made anew. In: a machine in any phase. Out: one whose next attempt
//! is due.
//!
//! Next: back to `../machine.rs`.

use super::{Machine, Phase};
use crate::event_source::Interruption;
use crate::event_source::failures::Failures;
use core::time::Duration;

impl Machine {
    /// The program has the connection made anew: the one that is open or under way is lost, and the next
    /// attempt follows without a wait; a wait ends. The last event ID string and the reconnection time
    /// stay. So does the count of failed attempts, unless the connection was good: open for
    /// `healthy_after`, or one that has brought an event or a `retry` above the floor. Returns true when a
    /// connection was given up.
    pub fn restart(&mut self, now: Duration) -> bool {
        if !self.is_fetching() {
            self.reconnect_now();
            return false;
        }
        if let Some(opened_at) = self.opened_at.take() {
            let open_for = now.saturating_sub(opened_at);
            if self.fruitful || open_for >= self.reconnection.healthy_after {
                self.failures = Failures::default();
            }
        }
        self.phase = Phase::Losing {
            cause: Interruption::Restarted,
            delay: Duration::ZERO,
            deadline: now,
        };
        true
    }
}
