//! How fast one publisher may publish. In: who, how many bytes, when. Out: now, or how long to wait.
//!
//! Next: `service/publish.rs` asks.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How many publishers are remembered; those who have been quiet longest are forgotten.
const MOST_PUBLISHERS: usize = 10_000;

/// What each publisher has taken of its rate.
#[derive(Debug, Default)]
pub(crate) struct Rates(Mutex<HashMap<u64, Instant>>);

impl Rates {
    /// Takes so many bytes for a publisher. It may save up one second's worth, and the one update that goes
    /// beyond it is let through, so that an update larger than that can be published at all.
    pub(crate) fn take(
        &self,
        publisher: u64,
        bytes: usize,
        rate: u32,
        now: Instant,
    ) -> Result<(), Duration> {
        let mut debts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The moment at which everything taken so far is paid off.
        let paid = debts.get(&publisher).copied().unwrap_or(now).max(now);
        let ahead = paid - now;
        let second = Duration::from_secs(1);
        if ahead >= second {
            return Err(ahead - second + Duration::from_millis(1));
        }
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let cost = second.mul_f64(f64::from(bytes) / f64::from(rate.max(1)));
        if debts.len() >= MOST_PUBLISHERS {
            debts.retain(|_, paid| *paid > now);
        }
        if debts.len() < MOST_PUBLISHERS || debts.contains_key(&publisher) {
            debts.insert(publisher, paid + cost);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
