//! How long to wait before the next attempt (HTML Standard 9.2.3, "reestablish the connection",
//! steps 2 and 3). In: the reconnection time, how often the connection has failed in a row, a random
//! number. Out: a delay, never shorter than the reconnection time.
//!
//! Next: `machine.rs`, which waits.

use core::time::Duration;

/// Sets how long an event source waits between attempts, and when it gives up.
///
/// After a clean end of body it waits exactly the reconnection time, unless
/// [`back_off_after_empty`](Self::back_off_after_empty) says otherwise. After each failed attempt in a row it waits
/// `factor` times as long as before, up to `cap`, plus a random share of the same.
///
/// With the defaults and a reconnection time of 3 s:
///
/// | failed attempts in a row | wait |
/// |---|---|
/// | none: the body ended | 3 s |
/// | 1 | 3 to 6 s |
/// | 2 | 6 to 12 s |
/// | 3 | 12 to 24 s |
/// | 4 | 24 to 48 s |
/// | 5 | 48 to 96 s |
/// | 6 and more | 60 to 120 s |
///
/// A wait is never shorter than the reconnection time that the server set with `retry`, within `floor` and
/// `ceiling`. The count starts anew when a connection has been open for `healthy_after`, or has brought an event.
///
/// ```
/// use core::time::Duration;
/// use wellspring_proto::Reconnection;
///
/// let reconnection = Reconnection::default();
/// assert_eq!(reconnection.initial, Duration::from_secs(3));
/// assert_eq!(reconnection.floor, Duration::from_millis(100));
///
/// let patient = Reconnection::default().with_initial(Duration::from_secs(30)).with_jitter(false);
/// assert_eq!(patient.initial, Duration::from_secs(30));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reconnection {
    /// The reconnection time until the server sets one with `retry`. 3 s by default; the `floor` holds
    /// for it too.
    pub initial: Duration,
    /// `initial` and the server's `retry` count as at least this. 100 ms by default: a `retry: 0` must
    /// not become a busy loop.
    pub floor: Duration,
    /// The server's `retry` counts as at most this. Without bound by default.
    pub ceiling: Duration,
    /// How many times longer the wait gets with each failed attempt in a row. 2 by default.
    pub factor: u32,
    /// The longest wait that lengthening leads to. 60 s by default; a longer reconnection time stands.
    pub cap: Duration,
    /// Whether a wait after a failed attempt gets a random share of itself on top, so that the
    /// clients of a restarted server do not come back all at once. On by default.
    pub jitter: bool,
    /// How long a connection must have been open for the count of failures to start anew. 1 s by
    /// default.
    pub healthy_after: Duration,
    /// Whether the wait also gets longer after each empty connection: one whose body ends properly,
    /// sooner than `healthy_after`, without an event and without a `retry` above the floor. Off by
    /// default: the standard waits the reconnection time. The limits `max_attempts` and `max_elapsed`
    /// count empty connections either way.
    pub back_off_after_empty: bool,
    /// The least width of the random share, however short the wait is: clients whose server asks them back after
    /// 100 ms spread over this time. Zero by default.
    pub spread: Duration,
    /// The source fails with [`Failure::Attempts`](crate::Failure::Attempts) after this many failed attempts in a
    /// row, empty connections included. Without limit by default.
    pub max_attempts: Option<u32>,
    /// The source fails with [`Failure::Elapsed`](crate::Failure::Elapsed) instead of making an attempt later than
    /// this after the first of a row of failed ones. Without limit by default.
    pub max_elapsed: Option<Duration>,
}

impl Default for Reconnection {
    fn default() -> Self {
        Self {
            spread: Duration::ZERO,
            max_attempts: None,
            max_elapsed: None,
            initial: Duration::from_secs(3),
            floor: Duration::from_millis(100),
            ceiling: Duration::MAX,
            factor: 2,
            cap: Duration::from_secs(60),
            jitter: true,
            healthy_after: Duration::from_secs(1),
            back_off_after_empty: false,
        }
    }
}

impl Reconnection {
    /// Sets the reconnection time to begin with, until the server sets one.
    #[must_use]
    pub const fn with_initial(mut self, time: Duration) -> Self {
        self.initial = time;
        self
    }

    /// Sets the lower bound for reconnection times. Zero allows a busy loop.
    #[must_use]
    pub const fn with_floor(mut self, time: Duration) -> Self {
        self.floor = time;
        self
    }

    /// Sets the upper bound for the server's `retry`.
    #[must_use]
    pub const fn with_ceiling(mut self, time: Duration) -> Self {
        self.ceiling = time;
        self
    }

    /// Sets how many times longer the wait gets with each failed attempt in a row; 0 counts as 1, which is no
    /// lengthening.
    #[must_use]
    pub const fn with_factor(mut self, factor: u32) -> Self {
        self.factor = factor;
        self
    }

    /// Sets the bound up to which waits are lengthened.
    #[must_use]
    pub const fn with_cap(mut self, time: Duration) -> Self {
        self.cap = time;
        self
    }

    /// Sets whether waits after failed attempts get a random share on top.
    #[must_use]
    pub const fn with_jitter(mut self, jitter: bool) -> Self {
        self.jitter = jitter;
        self
    }

    /// Sets the least width of the random share.
    #[must_use]
    pub const fn with_spread(mut self, time: Duration) -> Self {
        self.spread = time;
        self
    }

    /// Sets the limit on failed attempts in a row, or `None` for no limit; 0 counts as 1.
    #[must_use]
    pub const fn with_max_attempts(mut self, attempts: Option<u32>) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the limit on the time in which attempts fail, or `None` for no limit.
    #[must_use]
    pub const fn with_max_elapsed(mut self, time: Option<Duration>) -> Self {
        self.max_elapsed = time;
        self
    }

    /// Sets how long a connection must have been open for the count of failures to start anew.
    #[must_use]
    pub const fn with_healthy_after(mut self, time: Duration) -> Self {
        self.healthy_after = time;
        self
    }

    /// Sets whether waits get longer after empty connections too; see
    /// [`back_off_after_empty`](Self::back_off_after_empty).
    #[must_use]
    pub const fn with_back_off_after_empty(mut self, wanted: bool) -> Self {
        self.back_off_after_empty = wanted;
        self
    }

    /// The server's reconnection time within `floor` and `ceiling`.
    pub(crate) fn clamp(&self, reconnection_time: Duration) -> Duration {
        reconnection_time.min(self.ceiling).max(self.floor)
    }

    /// The wait after `failures` failed attempts in a row; none is a clean end of body. Never shorter
    /// than `at_least`.
    pub(crate) fn delay(
        &self,
        reconnection_time: Duration,
        failures: u32,
        at_least: Duration,
        random: u32,
    ) -> Duration {
        let Some(doublings) = failures.checked_sub(1) else {
            return reconnection_time.max(at_least);
        };
        let factor = self.factor.max(1).saturating_pow(doublings);
        let longer = reconnection_time.saturating_mul(factor).min(self.cap);
        let delay = longer.max(reconnection_time).max(at_least);
        let jitter = if self.jitter {
            share(delay.max(self.spread), random)
        } else {
            Duration::ZERO
        };
        delay.saturating_add(jitter)
    }
}

/// `random` / 2³² of `whole`.
fn share(whole: Duration, random: u32) -> Duration {
    let nanos = whole.as_nanos().saturating_mul(u128::from(random)) >> 32;
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}
