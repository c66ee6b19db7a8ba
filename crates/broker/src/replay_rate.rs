//! How fast events are read again, by all who are behind together. In: bytes that were taken. Out: how long to
//! wait before more are.
//!
//! Next: `subscription/behind.rs`, which waits.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How much may be taken at once: what comes in this time.
const BURST: Duration = Duration::from_secs(1);

/// However much was taken, it is not waited for longer.
const LONGEST: Duration = Duration::from_secs(3_600);

#[derive(Debug)]
pub(crate) struct ReplayRate {
    a_second: f64,
    /// The moment at which everything taken so far is paid off.
    paid: Mutex<Instant>,
}

impl ReplayRate {
    pub(crate) fn new(a_second: u64, now: Instant) -> Self {
        Self {
            a_second: a_second.max(1) as f64,
            paid: Mutex::new(now),
        }
    }

    /// Takes bytes, however many: those who come next wait for it.
    pub(crate) fn take(&self, bytes: usize, now: Instant) {
        let seconds = (bytes as f64 / self.a_second).min(LONGEST.as_secs_f64());
        let mut paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
        *paid = (*paid).max(now).min(now + LONGEST) + Duration::from_secs_f64(seconds);
    }

    /// How long to wait before more may be taken.
    fn wait(&self, now: Instant) -> Duration {
        let paid = *self.paid.lock().unwrap_or_else(PoisonError::into_inner);
        paid.saturating_duration_since(now).saturating_sub(BURST)
    }

    /// Waits until more may be taken.
    pub(crate) async fn ready(&self) {
        loop {
            let wait = self.wait(Instant::now());
            if wait.is_zero() {
                return;
            }
            sleep(wait).await;
        }
    }
}

#[cfg(test)]
mod tests;
