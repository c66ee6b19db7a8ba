//! What the end of a connection means. In: the object that `lib/policy.js` has checked. Out: the
//! client's policy: a preset, and what differs from it.
//!
//! Next: `options.rs`.

use std::time::Duration;

use napi_derive::napi;
use wellspring::{EndOfBody, IncompleteEvent, OnLimit, Policy, ReconnectionUrl, Repeat};

/// The client's presets.
#[napi(string_enum = "camelCase")]
#[derive(Debug, Default)]
pub enum PresetOption {
    /// To the letter.
    #[default]
    Standard,
    /// What browsers do besides.
    Browser,
    /// For programs that run for weeks.
    Resilient,
    /// For streams with an end.
    Finite,
}

/// The client's `EndOfBody`.
#[napi(string_enum = "camelCase")]
#[derive(Debug)]
pub enum EndOfBodyOption {
    /// The source reconnects.
    Reconnect,
    /// The source has ended.
    End,
}

/// The client's `ReconnectionUrl`.
#[napi(string_enum = "camelCase")]
#[derive(Debug)]
pub enum ReconnectionUrlOption {
    /// The URL that answered last.
    Last,
    /// The URL that the source was made with.
    Original,
}

/// The client's `Repeat`.
#[napi(string_enum = "camelCase")]
#[derive(Debug)]
pub enum RepeatOption {
    /// Whatever the method.
    Always,
    /// If the method is idempotent.
    Idempotent,
    /// If it is, and no event has come.
    IdempotentBeforeFirstEvent,
    /// Not once it was sent.
    Never,
}

/// The client's `IncompleteEvent`.
#[napi(string_enum = "camelCase")]
#[derive(Debug)]
pub enum IncompleteEventOption {
    /// It is dropped.
    Discard,
    /// It is dropped, and an error where the source ends.
    Fail,
    /// It is dispatched.
    Dispatch,
}

/// The client's `OnLimit`.
#[napi(string_enum = "camelCase")]
#[derive(Debug)]
pub enum OnLimitOption {
    /// The source fails.
    Fail,
    /// The event is skipped.
    Skip,
}

/// Times are in milliseconds; an infinite one, or number, is none. What is not given is the preset's.
#[napi(object, object_to_js = false)]
#[derive(Debug, Default)]
pub struct PolicyOptions {
    /// Where to start from.
    pub preset: Option<PresetOption>,
    /// Statuses after which the source tries again.
    pub retried_statuses: Option<Vec<u16>>,
    /// What the end of a body means.
    pub end_of_body: Option<EndOfBodyOption>,
    /// Where to reconnect to.
    pub reconnection_url: Option<ReconnectionUrlOption>,
    /// Which requests are sent again.
    pub repeat: Option<RepeatOption>,
    /// What an event that the end of a body cuts off means.
    pub incomplete_event: Option<IncompleteEventOption>,
    /// What an event over a limit means.
    pub on_limit: Option<OnLimitOption>,
    /// So long without a byte, and the source reconnects.
    pub idle_timeout: Option<f64>,
    /// So long for a connection to be made.
    pub connect_timeout: Option<f64>,
    /// HTTP/1.1 connections to an origin at once.
    pub http1_connections: Option<f64>,
    /// The reconnection time until the server sets one.
    pub reconnection_time: Option<f64>,
    /// The server's reconnection time counts as at least this.
    pub min_reconnection_time: Option<f64>,
    /// The server's reconnection time counts as at most this.
    pub max_reconnection_time: Option<f64>,
    /// How many times longer the wait gets with each failed attempt in a row.
    pub backoff_factor: Option<u32>,
    /// Up to here the wait gets longer.
    pub backoff_cap: Option<f64>,
    /// How long a connection must have been open for the count of failures to start anew.
    pub backoff_reset_after: Option<f64>,
    /// Whether a connection that ends at once without an event counts as a failed attempt.
    pub backoff_after_empty: Option<bool>,
    /// Whether a wait after a failed attempt gets a random share of itself on top.
    pub jitter: Option<bool>,
    /// The random share is of at least this.
    pub backoff_spread: Option<f64>,
    /// After so many failed attempts in a row the source fails.
    pub max_attempts: Option<f64>,
    /// So long after the first of a row of failed attempts the source fails.
    pub max_elapsed: Option<f64>,
}

impl PolicyOptions {
    pub(crate) fn build(&self) -> Policy {
        let mut policy = match self.preset {
            None | Some(PresetOption::Standard) => Policy::standard(),
            Some(PresetOption::Browser) => Policy::browser(),
            Some(PresetOption::Resilient) => Policy::resilient(),
            Some(PresetOption::Finite) => Policy::finite(),
        };
        self.set_meanings(&mut policy);
        self.set_reconnection(&mut policy);
        if let Some(statuses) = &self.retried_statuses {
            policy.retried_statuses.clone_from(statuses);
        }
        if let Some(millis) = self.idle_timeout {
            policy.idle_timeout = timeout(millis);
        }
        if let Some(millis) = self.connect_timeout {
            policy.connect_timeout = timeout(millis);
        }
        if let Some(connections) = self.http1_connections {
            policy.http1_connections = count(connections).map(|count| count as usize);
        }
        policy
    }

    fn set_meanings(&self, policy: &mut Policy) {
        if let Some(meaning) = &self.end_of_body {
            policy.end_of_body = match meaning {
                EndOfBodyOption::Reconnect => EndOfBody::Reconnect,
                EndOfBodyOption::End => EndOfBody::End,
            };
        }
        if let Some(url) = &self.reconnection_url {
            policy.reconnection_url = match url {
                ReconnectionUrlOption::Last => ReconnectionUrl::Last,
                ReconnectionUrlOption::Original => ReconnectionUrl::Original,
            };
        }
        if let Some(repeat) = &self.repeat {
            policy.repeat = match repeat {
                RepeatOption::Always => Repeat::Always,
                RepeatOption::Idempotent => Repeat::Idempotent,
                RepeatOption::IdempotentBeforeFirstEvent => Repeat::IdempotentBeforeFirstEvent,
                RepeatOption::Never => Repeat::Never,
            };
        }
        if let Some(incomplete_event) = &self.incomplete_event {
            policy.incomplete_event = match incomplete_event {
                IncompleteEventOption::Discard => IncompleteEvent::Discard,
                IncompleteEventOption::Fail => IncompleteEvent::Fail,
                IncompleteEventOption::Dispatch => IncompleteEvent::Dispatch,
            };
        }
        if let Some(on_limit) = &self.on_limit {
            policy.on_limit = match on_limit {
                OnLimitOption::Fail => OnLimit::Fail,
                OnLimitOption::Skip => OnLimit::Skip,
            };
        }
    }

    fn set_reconnection(&self, policy: &mut Policy) {
        let reconnection = &mut policy.reconnection;
        let set = |field: &mut Duration, millis: Option<f64>| {
            if let Some(millis) = millis {
                *field = duration(millis);
            }
        };
        set(&mut reconnection.initial, self.reconnection_time);
        set(&mut reconnection.floor, self.min_reconnection_time);
        set(&mut reconnection.ceiling, self.max_reconnection_time);
        set(&mut reconnection.cap, self.backoff_cap);
        set(&mut reconnection.healthy_after, self.backoff_reset_after);
        set(&mut reconnection.spread, self.backoff_spread);
        if let Some(factor) = self.backoff_factor {
            reconnection.factor = factor;
        }
        if let Some(after_empty) = self.backoff_after_empty {
            reconnection.back_off_after_empty = after_empty;
        }
        if let Some(jitter) = self.jitter {
            reconnection.jitter = jitter;
        }
        if let Some(attempts) = self.max_attempts {
            reconnection.max_attempts = count(attempts);
        }
        if let Some(millis) = self.max_elapsed {
            reconnection.max_elapsed = timeout(millis);
        }
    }
}

/// What is no time at all is none, and what is too long for a `Duration` is the longest.
pub(crate) fn duration(millis: f64) -> Duration {
    if millis.is_nan() || millis <= 0.0 {
        return Duration::ZERO;
    }
    Duration::try_from_secs_f64(millis / 1000.0).unwrap_or(Duration::MAX)
}

fn timeout(millis: f64) -> Option<Duration> {
    millis.is_finite().then(|| duration(millis))
}

/// A whole number, as `lib/policy.js` has made sure; none if it is infinite.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "such a cast saturates"
)]
fn count(number: f64) -> Option<u32> {
    number.is_finite().then_some(number as u32)
}

#[cfg(test)]
mod tests;
