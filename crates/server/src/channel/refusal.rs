//! Refused subscribers. In: why it was refused. Out: [`Refusal`].
//!
//! Next: `channel/join.rs` refuses, `response.rs` makes a response of it.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

/// Says why a subscriber was refused, and when it may try again.
///
/// An event source of the standard fails for good on any status but 200; clients with a policy for such
/// responses honor `Retry-After`.
///
/// | reason | status | `Retry-After` |
/// |---|---|---|
/// | [`TooMany`](RefusalReason::TooMany) | 503 | [`SubscriberLimits::retry_after`](crate::SubscriberLimits::retry_after), up to doubled at random |
/// | [`TooManyForKey`](RefusalReason::TooManyForKey) | 429 | the same |
/// | [`Draining`](RefusalReason::Draining) | 503 | the same |
///
/// ```
/// use wellspring_server::{Channel, RefusalReason, SubscriberLimits, Subscription};
///
/// let limits = SubscriberLimits::default().with_total(0);
/// let channel = Channel::builder().subscriber_limits(limits).build();
/// let refusal = channel.try_subscribe(Subscription::new()).unwrap_err();
/// assert_eq!(refusal.reason(), RefusalReason::TooMany { limit: 0 });
/// assert!((5..=10).contains(&refusal.retry_after().as_secs()));
///
/// let response = refusal.into_response();
/// assert_eq!(response.status(), 503);
/// assert!(response.headers().contains_key("retry-after"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    reason: RefusalReason,
    seconds: u64,
}

/// Says why a subscriber was refused.
///
/// ```
/// use wellspring_server::RefusalReason;
///
/// let reason = RefusalReason::TooManyForKey { limit: 6 };
/// assert_eq!(reason.to_string(), "the key has 6 subscribers (the limit)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalReason {
    /// The channel has reached its limit of subscribers: status 503.
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// The key has reached its limit of subscribers: status 429.
    TooManyForKey {
        /// The limit.
        limit: usize,
    },
    /// The channel is being [drained](crate::Channel::drain): status 503.
    Draining,
}

impl Refusal {
    /// The wait is spread over one to two times `retry_after`, in whole seconds, at least one.
    pub(super) fn new(reason: RefusalReason, retry_after: Duration) -> Self {
        let least = u64::try_from(retry_after.as_millis().div_ceil(1_000)).unwrap_or(u64::MAX);
        let least = least.clamp(1, u64::from(u32::MAX));
        Self {
            reason,
            seconds: fastrand::u64(least..=2 * least),
        }
    }

    /// Returns the reason.
    #[must_use]
    pub fn reason(&self) -> RefusalReason {
        self.reason
    }

    /// Returns how long to wait before trying again: whole seconds, at least one.
    #[must_use]
    pub fn retry_after(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    /// Returns the status: 429 if the key has too many subscribers, else 503.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self.reason {
            RefusalReason::TooManyForKey { .. } => StatusCode::TOO_MANY_REQUESTS,
            RefusalReason::TooMany { .. } | RefusalReason::Draining => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reason, seconds } = self;
        write!(f, "{reason}; try again in {seconds} s")
    }
}

impl std::error::Error for Refusal {}

impl fmt::Display for RefusalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooMany { limit } => write!(f, "the channel has {limit} subscribers (the limit)"),
            Self::TooManyForKey { limit } => {
                write!(f, "the key has {limit} subscribers (the limit)")
            }
            Self::Draining => f.write_str("the channel is shutting down"),
        }
    }
}
