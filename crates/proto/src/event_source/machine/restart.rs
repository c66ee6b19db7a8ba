//! A connection that the program wants made anew. In: a machine in any phase. Out: one whose next attempt
//! is due.
//!
//! Next: back to `../machine.rs`.

use super::{Machine, Phase};
use crate::event_source::Interruption;
use core::time::Duration;

impl Machine {
    /// The program has the connection made anew: the one that is open or under way is lost, and the next
    /// attempt follows without a wait; a wait ends. The last event ID string, the reconnection time and
    /// the count of failed attempts stay. Returns true when a connection was given up.
    pub fn restart(&mut self, now: Duration) -> bool {
        if !self.is_fetching() {
            self.reconnect_now();
            return false;
        }
        self.opened_at = None;
        self.phase = Phase::Losing {
            cause: Interruption::Restarted,
            delay: Duration::ZERO,
            deadline: now,
        };
        true
    }
}
