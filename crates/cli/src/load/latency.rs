//! How long deliveries took. In: times. Out: their percentiles, to within 4 %; memory does not grow.
//!
//! Next: `report.rs`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Each doubling of the time has so many steps.
const STEPS: u64 = 32;
/// Of them, the first ones are a microsecond each.
const BUCKETS: usize = (64 - STEPS.trailing_zeros() as usize + 1) * STEPS as usize;

/// May be added to from many threads.
#[derive(Debug)]
pub(super) struct Latency {
    buckets: Box<[AtomicU64]>,
    longest: AtomicU64,
}

impl Latency {
    pub(super) fn new() -> Self {
        Self {
            buckets: (0..BUCKETS).map(|_| AtomicU64::new(0)).collect(),
            longest: AtomicU64::new(0),
        }
    }

    /// Adds a time, in microseconds.
    pub(super) fn add(&self, time: u64) {
        self.buckets[bucket(time)].fetch_add(1, Ordering::Relaxed);
        self.longest.fetch_max(time, Ordering::Relaxed);
    }

    pub(super) fn count(&self) -> u64 {
        let counts = self.buckets.iter();
        counts.map(|count| count.load(Ordering::Relaxed)).sum()
    }

    /// The time that so many of a thousand did not exceed; `None` without any.
    pub(super) fn permille(&self, permille: u64) -> Option<Duration> {
        let wanted = (self.count() * permille).div_ceil(1000).max(1);
        let mut counted = 0;
        let found = self.buckets.iter().position(|count| {
            counted += count.load(Ordering::Relaxed);
            counted >= wanted
        });
        let time = highest(found?).min(self.longest.load(Ordering::Relaxed));
        Some(Duration::from_micros(time))
    }

    pub(super) fn longest(&self) -> Option<Duration> {
        let longest = Duration::from_micros(self.longest.load(Ordering::Relaxed));
        (self.count() > 0).then_some(longest)
    }
}

fn bucket(time: u64) -> usize {
    let doublings = u64::from((time | (STEPS - 1)).ilog2() - (STEPS - 1).ilog2());
    let within = time >> doublings.saturating_sub(1) & (STEPS - 1);
    usize::try_from(doublings * STEPS + within).unwrap_or(BUCKETS - 1)
}

/// The longest time that goes there.
fn highest(bucket: usize) -> u64 {
    let (doublings, within) = (bucket as u64 / STEPS, bucket as u64 % STEPS);
    if doublings == 0 {
        return within;
    }
    let width = doublings - 1;
    ((STEPS + within) << width) + ((1 << width) - 1)
}

#[cfg(test)]
mod tests;
