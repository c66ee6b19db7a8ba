//! Who may subscribe. In: keys of subscribers that come and go. Out: how many there are, and why one
//! more is too many.
//!
//! Next: `channel/refusal.rs` for the refusal.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::RefusalReason;

/// Limits how many subscribers [`Channel::try_subscribe`] accepts; default no limit.
///
/// [`Channel::try_subscribe`]: crate::Channel::try_subscribe
///
/// ```
/// use wellspring_server::{Channel, SubscriberLimits, Subscription};
///
/// let limits = SubscriberLimits::default().with_total(10_000).with_per_key(1);
/// let channel = Channel::builder().subscriber_limits(limits).build();
/// let visitor = || Subscription::new().key("192.0.2.7");
/// let first = channel.try_subscribe(visitor()).unwrap();
/// let refusal = channel.try_subscribe(visitor()).unwrap_err();
/// assert_eq!(refusal.status(), 429);
/// drop(first);
/// assert!(channel.try_subscribe(visitor()).is_ok());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SubscriberLimits {
    /// The most subscribers in all; `None`, the default, for no limit.
    pub total: Option<usize>,
    /// The most subscribers with the same [key](crate::Subscription::key); `None`, the default, for no limit. A
    /// browser opens at most six connections to one origin over HTTP/1.1, but people share addresses.
    pub per_key: Option<usize>,
    /// How long a refused client should wait, at least; default 5 s. `Retry-After` is up to twice as long,
    /// at random, so that refused clients do not return together.
    pub retry_after: Duration,
}

impl Default for SubscriberLimits {
    fn default() -> Self {
        Self {
            total: None,
            per_key: None,
            retry_after: Duration::from_secs(5),
        }
    }
}

impl SubscriberLimits {
    /// Sets the most subscribers in all: a number, or `None` for no limit.
    #[must_use]
    pub fn with_total(mut self, subscribers: impl Into<Option<usize>>) -> Self {
        self.total = subscribers.into();
        self
    }

    /// Sets the most subscribers with the same key: a number, or `None` for no limit.
    #[must_use]
    pub fn with_per_key(mut self, subscribers: impl Into<Option<usize>>) -> Self {
        self.per_key = subscribers.into();
        self
    }

    /// Sets how long a refused client should wait, at least.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = wait;
        self
    }
}

/// Counts subscribers, in all and by key. A key is held as long as a subscriber has it.
#[derive(Debug, Default)]
pub(super) struct Admission {
    pub(super) limits: SubscriberLimits,
    subscribers: usize,
    joined: u64,
    by_key: HashMap<Arc<str>, usize>,
}

impl Admission {
    pub(super) fn new(limits: SubscriberLimits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }

    /// Whether one more with this key may come.
    pub(super) fn check(&self, key: Option<&str>) -> Result<(), RefusalReason> {
        let SubscriberLimits { total, per_key, .. } = self.limits;
        if let Some(limit) = total.filter(|limit| self.subscribers >= *limit) {
            return Err(RefusalReason::TooMany { limit });
        }
        let of_key = |key| self.by_key.get(key).copied().unwrap_or(0);
        let per_key = per_key.zip(key);
        match per_key.filter(|(limit, key)| of_key(*key) >= *limit) {
            Some((limit, _)) => Err(RefusalReason::TooManyForKey { limit }),
            None => Ok(()),
        }
    }

    pub(super) fn join(&mut self, key: Option<&str>) -> Option<Arc<str>> {
        self.subscribers += 1;
        self.joined += 1;
        let key = key?;
        let known = self.by_key.get_key_value(key);
        let key = known.map_or_else(|| Arc::from(key), |(key, _)| Arc::clone(key));
        *self.by_key.entry(Arc::clone(&key)).or_default() += 1;
        Some(key)
    }

    pub(super) fn leave(&mut self, key: Option<&Arc<str>>) {
        self.subscribers = self.subscribers.saturating_sub(1);
        let Some(key) = key else { return };
        if let Some(count) = self.by_key.get_mut(key) {
            *count -= 1;
            if *count == 0 {
                self.by_key.remove(key);
            }
        }
    }

    pub(super) fn subscribers(&self) -> usize {
        self.subscribers
    }

    /// How many have ever come.
    pub(super) fn joined(&self) -> u64 {
        self.joined
    }
}

#[cfg(test)]
mod tests;
