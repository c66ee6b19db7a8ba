//! What a source is to be like. In: the object that `lib/options.js` has checked. Out: the client's
//! builder, or what is wrong.
//!
//! Next: `source.rs`.

use std::time::Duration;

use napi_derive::napi;
use wellspring::{BuildError, CookieJar, EventSource, Limits, Reconnection};

/// Wishes, each as the client has it. Times are in milliseconds.
#[napi(object, object_to_js = false)]
#[derive(Debug, Default)]
pub struct SourceOptions {
    /// An absolute URL.
    pub url: String,
    /// `withCredentials`.
    pub with_credentials: bool,
    /// The origin of the page to act for; a program has none.
    pub origin: Option<String>,
    /// Whether what needs a preflight is sent without one.
    pub allow_without_preflight: bool,
    /// Name and value in turn.
    pub headers: Vec<String>,
    /// `GET` by default.
    pub method: Option<String>,
    /// Where to resume.
    pub last_event_id: String,
    /// Whether comments are signalled.
    pub comments: bool,
    /// So long without a byte, and the source reconnects.
    pub idle_timeout: Option<f64>,
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
    /// Whether a wait after a failed attempt gets a random share of itself on top.
    pub jitter: Option<bool>,
    /// The bytes of a line.
    pub line_limit: Option<u32>,
    /// The bytes of an event.
    pub event_limit: Option<u32>,
}

impl SourceOptions {
    /// The source, that sends this body with each request, and a page's cookies out of this jar.
    pub(crate) fn build(
        self,
        body: Option<Vec<u8>>,
        jar: &CookieJar,
    ) -> Result<EventSource, BuildError> {
        let mut builder = EventSource::builder(&self.url)
            .with_credentials(self.with_credentials)
            .idle_timeout(self.idle_timeout.map(duration))
            .comments(self.comments)
            .limits(self.limits())
            .reconnection(self.reconnection());
        if let Some(origin) = &self.origin {
            builder = builder
                .origin(origin)
                .allow_without_preflight(self.allow_without_preflight)
                .cookie_jar(jar);
        }
        for pair in self.headers.chunks_exact(2) {
            builder = builder.header(&pair[0], header_bytes(&pair[1]));
        }
        if let Some(method) = &self.method {
            builder = builder.method(method);
        }
        if let Some(body) = body {
            builder = builder.body(body);
        }
        builder.last_event_id(self.last_event_id).build()
    }

    fn limits(&self) -> Limits {
        let bytes = |limit: u32| usize::try_from(limit).unwrap_or(usize::MAX);
        let mut limits = Limits::default();
        if let Some(line) = self.line_limit {
            limits = limits.with_line(bytes(line));
        }
        if let Some(event) = self.event_limit {
            limits = limits.with_event(bytes(event));
        }
        limits
    }

    fn reconnection(&self) -> Reconnection {
        let mut reconnection = Reconnection::default();
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
        if let Some(factor) = self.backoff_factor {
            reconnection.factor = factor;
        }
        if let Some(jitter) = self.jitter {
            reconnection.jitter = jitter;
        }
        reconnection
    }
}

/// `Headers` of JavaScript holds a byte a character.
fn header_bytes(value: &str) -> Vec<u8> {
    value
        .chars()
        .map(|ch| u8::try_from(ch).unwrap_or(b'?'))
        .collect()
}

/// What is no time at all is none, and what is too long for a `Duration` is the longest.
fn duration(millis: f64) -> Duration {
    if millis.is_nan() || millis <= 0.0 {
        return Duration::ZERO;
    }
    Duration::try_from_secs_f64(millis / 1000.0).unwrap_or(Duration::MAX)
}
