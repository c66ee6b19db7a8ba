//! How much of the history is kept.
//!
//! Next: `memory.rs` keeps by it.

use std::time::Duration;

/// Says how much history is kept. Records beyond any of these limits are dropped, oldest first; the newest record
/// always stays.
///
/// ```
/// use std::time::Duration;
/// use wellspring_broker::Retention;
///
/// let retention = Retention::default()
///     .with_events(50_000)
///     .with_age(Duration::from_secs(86_400));
/// assert_eq!(retention.events, 50_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retention {
    /// The most records; default 1,000,000.
    pub events: u64,
    /// The most bytes of records; default 1 GiB.
    pub bytes: u64,
    /// The largest age, from the time at which a record was stored; default no limit. If the clock is set back,
    /// records are kept for longer, never for less.
    pub age: Option<Duration>,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            events: 1_000_000,
            bytes: 1 << 30,
            age: None,
        }
    }
}

impl Retention {
    /// Sets the most records.
    #[must_use]
    pub fn with_events(mut self, events: u64) -> Self {
        self.events = events;
        self
    }

    /// Sets the most bytes.
    #[must_use]
    pub fn with_bytes(mut self, bytes: u64) -> Self {
        self.bytes = bytes;
        self
    }

    /// Sets the largest age.
    #[must_use]
    pub fn with_age(mut self, age: Duration) -> Self {
        self.age = Some(age);
        self
    }
}
