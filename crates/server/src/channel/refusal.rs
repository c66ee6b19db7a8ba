//! What a refused subscriber is told. In: why it was refused. Out: [`Refusal`].
//!
//! Next: `channel/join.rs` refuses, `response.rs` makes a response of it.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

/// A subscriber was not let in, and when it may try again.
///
/// To an event source of the standard any status but 200 is a failure for good; clients with a policy
/// for such answers honour `Retry-After`.
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

/// Why a subscriber was not let in.
///
/// ```
/// use wellspring_server::RefusalReason;
///
/// let reason = RefusalReason::TooManyForKey { limit: 6 };
/// assert_eq!(reason.to_string(), "there are 6 subscribers with this key already");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalReason {
    /// The channel has as many subscribers as it may have: status 503.
    TooMany {
        /// How many that is.
        limit: usize,
    },
    /// There are as many subscribers with this key as there may be: status 429.
    TooManyForKey {
        /// How many that is.
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

    /// Why.
    #[must_use]
    pub fn reason(&self) -> RefusalReason {
        self.reason
    }

    /// How long to wait before trying again: whole seconds, at least one.
    #[must_use]
    pub fn retry_after(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }

    /// 429 when the key has too many subscribers, else 503.
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
            Self::TooMany { limit } => write!(f, "there are {limit} subscribers already"),
            Self::TooManyForKey { limit } => {
                write!(f, "there are {limit} subscribers with this key already")
            }
            Self::Draining => f.write_str("the channel is shutting down"),
        }
    }
}
