//! A connection that is lost. In: its cause. Out: [`Reconnecting`], with what comes next.
//!
//! Next: `error.rs`, when nothing does.

use std::fmt;
use std::time::Duration;

use url::Url;

use super::cause::Cause;
use crate::fetch::without_credentials;
use crate::transport::shortened;

/// The connection is lost, and what comes next.
///
/// As text it says where, why and what comes next, as in
/// `http://localhost/stream: the body ended; attempt 1 in 3s`.
///
/// ```
/// fn report(lost: &wellspring::Reconnecting) -> String {
///     format!("{}; attempt {} in {:?}", lost.cause, lost.attempt, lost.delay)
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reconnecting {
    /// The URL of the connection, without userinfo.
    pub url: String,
    /// Why the connection was lost, or could not be made.
    pub cause: Cause,
    /// Whether the body came to its proper end inside an event, which is lost: a `data` line had come, and
    /// no blank line after it. See [`IncompleteEvent`](crate::IncompleteEvent).
    pub inside_event: bool,
    /// The time from the loss to the next attempt. Never shorter than the reconnection time.
    pub delay: Duration,
    /// Which attempt that will be since a connection was last open, from 1.
    pub attempt: u32,
}

impl Reconnecting {
    pub(crate) fn new(url: &Url, cause: Cause, delay: Duration, attempt: u32) -> Self {
        let url = match &cause {
            Cause::Fetch(error) => error.url().to_owned(),
            Cause::Refused(refused) => refused.url.clone(),
            _ => without_credentials(url),
        };
        Self {
            url,
            cause,
            inside_event: false,
            delay,
            attempt,
        }
    }

    pub(crate) fn ended_inside_event(mut self, inside_event: bool) -> Self {
        self.inside_event = inside_event;
        self
    }
}

impl fmt::Display for Reconnecting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { attempt, delay, .. } = self;
        if !matches!(self.cause, Cause::Fetch(_)) {
            write!(f, "{}: ", shortened(&self.url))?;
        }
        let place = if self.inside_event {
            " inside an event"
        } else {
            ""
        };
        write!(f, "{}{place}; attempt {attempt} in {delay:?}", self.cause)
    }
}
