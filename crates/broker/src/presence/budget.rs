//! How much may be published about members. In: how many events, and when. Out: whether they may be. Pure.
//!
//! Next: `announcer.rs` asks.

use std::time::Duration;

use tokio::time::Instant;

/// Fills up with time, and is emptied by what is published.
#[derive(Debug)]
pub(super) struct Budget {
    a_second: f64,
    most: f64,
    left: f64,
    counted: Instant,
}

impl Budget {
    /// A full one.
    pub(super) fn new(a_second: u32, most: u64, now: Instant) -> Self {
        let most = most.max(1) as f64;
        Self {
            a_second: f64::from(a_second),
            most,
            left: most,
            counted: now,
        }
    }

    /// Takes so many events, if that many are left. What is more than it can ever hold is let through when
    /// it is full.
    pub(super) fn take(&mut self, events: usize, now: Instant) -> bool {
        let passed: Duration = now.saturating_duration_since(self.counted);
        self.left = (self.left + passed.as_secs_f64() * self.a_second).min(self.most);
        self.counted = now;
        let events = events as f64;
        let fits = events.min(self.most) <= self.left;
        if fits {
            self.left = (self.left - events).max(0.0);
        }
        fits
    }
}

#[cfg(test)]
mod tests;
