//! What a source has done so far. In: what the driver sees. Out: [`Counters`], for the holders
//! of a handle.
//!
//! Next: `shared.rs`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::sync::lock;

/// What a source has done since it was built; made by [`Handle::counters`](crate::Handle::counters).
///
/// ```
/// let source = wellspring::EventSource::new("https://example.com/stream")?;
/// assert_eq!(source.counters().attempts, 0);
/// # Ok::<(), wellspring::BuildError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counters {
    /// Events that the program has taken.
    pub events: u64,
    /// Bytes of event streams that have been decoded.
    pub bytes: u64,
    /// Attempts that were begun, the first included.
    pub attempts: u64,
    /// When the last byte of an event stream was decoded.
    pub last_byte_at: Option<Instant>,
}

#[derive(Default)]
pub(crate) struct Counting {
    events: AtomicU64,
    bytes: AtomicU64,
    attempts: AtomicU64,
    last_byte_at: Mutex<Option<Instant>>,
}

impl Counting {
    pub(crate) fn set_events(&self, events: u64) {
        self.events.store(events, Ordering::Relaxed);
    }

    pub(crate) fn add_bytes(&self, count: usize, now: Instant) {
        self.bytes.fetch_add(count as u64, Ordering::Relaxed);
        *lock(&self.last_byte_at) = Some(now);
    }

    pub(crate) fn add_attempt(&self) {
        self.attempts.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Counters {
        Counters {
            events: self.events.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            attempts: self.attempts.load(Ordering::Relaxed),
            last_byte_at: *lock(&self.last_byte_at),
        }
    }
}
