//! A connection that the program wants made anew. In: a machine in any phase. Out: one whose next attempt
//! is due.
//!
//! Next: back to `../machine.rs`.

use super::{Machine, Phase};
use crate::event_source::Interruption;
use crate::event_source::failures::Failures;
use core::time::Duration;

impl Machine {
    /// Gives the connection up and makes a new one without a wait. If the machine waits for its next attempt, the
    /// wait ends. Returns true if a connection was given up.
    ///
    /// The last event ID string and the reconnection time stay. So does the count of failed attempts, unless the
    /// connection was good: open for [`healthy_after`](crate::Reconnection::healthy_after), or one that has brought
    /// an event or a `retry` above the floor. A machine that is closed, or about to be, stays so.
    ///
    /// ```
    /// use core::time::Duration;
    /// use wellspring_proto::{Decoder, Interruption, Machine, Output, Reconnection, Response};
    ///
    /// let mut machine = Machine::new(Decoder::new(), Reconnection::default());
    /// machine.poll();
    /// machine.handle_response(Duration::ZERO, Response { status: 200, event_stream: true, coded: false });
    /// assert_eq!(machine.poll(), Some(Output::Open));
    ///
    /// assert!(machine.restart(Duration::from_secs(5)));
    /// let Some(Output::Reconnecting { cause, delay, .. }) = machine.poll() else { panic!() };
    /// assert_eq!((cause, delay), (Interruption::Restarted, Duration::ZERO));
    /// ```
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
