//! What the end of a connection means. In: a [`Cause`], and what came before it. Out: another attempt,
//! or the end of the source.
//!
//! Next: `policy/verdict.rs`, what follows from it; `policy/decision.rs`, where a program decides for itself.

pub(crate) mod attempt;
pub(crate) mod decision;
#[cfg(feature = "json")]
pub(crate) mod finite;
pub(crate) mod verdict;

use std::time::Duration;

use wellspring_proto::{OnLimit, Reconnection};

/// What a source does when a connection ends, in one value.
///
/// [`standard`](Self::standard) is the default. A preset is a value like any other: change what is to
/// be different. An empty cell is what `standard` has.
///
/// | field | `standard` | `browser` | `resilient` | `finite` |
/// |---|---|---|---|---|
/// | [`retried_statuses`](Self::retried_statuses) | none | | 408, 425, 429, 500 to 599 | |
/// | [`end_of_body`](Self::end_of_body) | reconnect | | | end |
/// | [`incomplete_event`](Self::incomplete_event) | an error where the source ends | | | |
/// | [`reconnection_url`](Self::reconnection_url) | the last one | | the original one | |
/// | [`repeat`](Self::repeat) | if idempotent | | | if idempotent, and before the first event |
/// | [`idle_timeout`](Self::idle_timeout) | none | | 5 min | 5 min |
/// | [`on_limit`](Self::on_limit) | the source fails | | | |
/// | [`connect_timeout`](Self::connect_timeout) | the transport's | | | |
/// | [`http1_connections`](Self::http1_connections) | no limit | 6 an origin | | |
/// | [`reconnection`](Self::reconnection): `initial` | 3 s | | | |
/// | `floor`, the least reconnection time | 100 ms | | | |
/// | `ceiling`, the most that a server can set | none | | 1 h | |
/// | `factor`, with each failed attempt in a row | 2 | | | |
/// | `cap`, to which waits get longer | 60 s | | | |
/// | `jitter`, a random share on top of a wait | yes | | | |
/// | `spread`, the least range of that share | 0 | | 3 s | |
/// | `healthy_after`, for failures to count anew | 1 s | | | |
/// | `back_off_after_empty` | no | | yes | |
/// | `max_attempts`, in a row | no limit | | | |
/// | `max_elapsed`, of a row of failed attempts | no limit | | | |
///
/// Which event is the last of a stream with an end, and which one is an error, `FiniteStream` knows of language models
/// and of MCP (feature `json`); `EventSourceBuilder::finite_stream` takes one, with `finite`.
///
/// ```
/// use std::time::Duration;
/// use wellspring::{EventSource, Policy, Reconnection};
///
/// let patience = Reconnection::default().with_max_attempts(Some(10));
/// let policy = Policy::resilient()
///     .with_reconnection(patience)
///     .with_idle_timeout(Some(Duration::from_secs(60)));
/// let source = EventSource::builder("https://example.com/stream").policy(policy).build()?;
/// # let _ = source;
/// # Ok::<(), wellspring::BuildError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// How long to wait between attempts, and how many there are.
    pub reconnection: Reconnection,
    /// After which statuses another attempt is made, not before what `Retry-After` says. None by
    /// default: the standard fails a connection whose status is not 200.
    pub retried_statuses: Vec<u16>,
    /// What a clean end of body means.
    pub end_of_body: EndOfBody,
    /// What becomes of an event that a clean end of body has cut off.
    pub incomplete_event: IncompleteEvent,
    /// Where a reconnection goes after redirects.
    pub reconnection_url: ReconnectionUrl,
    /// Which requests are repeated.
    pub repeat: Repeat,
    /// How long a response, or a read of its body, is waited for without a byte. Without limit by
    /// default. Time in which the program does not ask for events does not count.
    pub idle_timeout: Option<Duration>,
    /// What becomes of a line or an event that exceeds a [limit](crate::Limits): by default the source
    /// fails.
    pub on_limit: OnLimit,
    /// How long connecting may take: resolving, a proxy, the TLS handshake. What the transport says by
    /// default. Time spent waiting for one of [`http1_connections`](Self::http1_connections) does not
    /// count.
    pub connect_timeout: Option<Duration>,
    /// How many connections to an origin the sources of a transport that have such a limit hold over
    /// HTTP/1.1; further ones [wait](crate::Signal::Queued) until one closes, first in, first out.
    /// Without limit by default; 0 counts as 1.
    pub http1_connections: Option<usize>,
}

/// What a clean end of body means.
///
/// ```
/// use wellspring::{EndOfBody, Policy};
///
/// assert_eq!(Policy::standard().end_of_body, EndOfBody::Reconnect);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndOfBody {
    /// The server rotates connections: reconnect, after exactly the reconnection time.
    Reconnect,
    /// The stream is complete: the source ends. An error says so when its terminal event has not come.
    End,
}

/// What becomes of an event that a clean end of body has cut off: one with a `data` line and no blank
/// line after it.
///
/// The standard discards it. Where the source goes on,
/// [`Reconnecting::inside_event`](field@crate::Reconnecting::inside_event) tells of it. An event that is the
/// [terminal event](crate::EventSourceBuilder::terminal_event) completes the stream whatever this says.
///
/// ```
/// use wellspring::{IncompleteEvent, Policy};
///
/// // The server leaves out the blank line after its last event.
/// let policy = Policy::finite().with_incomplete_event(IncompleteEvent::Dispatch);
/// assert_ne!(policy, Policy::finite());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IncompleteEvent {
    /// It is discarded without an error.
    Discard,
    /// It is discarded. Where the end of the body ends the source, that is an error,
    /// [`Failure::InsideEvent`](crate::Failure::InsideEvent).
    Fail,
    /// It is dispatched as if a blank line had followed, its last line as far as it has come. It may have
    /// lost its end: a proxy that has lost the server ends the body cleanly too.
    Dispatch,
}

/// Where a reconnection goes after redirects. Credentials go to the origin of the first URL only,
/// whatever this says.
///
/// ```
/// use wellspring::{Policy, ReconnectionUrl};
///
/// assert_eq!(Policy::resilient().reconnection_url, ReconnectionUrl::Original);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReconnectionUrl {
    /// To the last URL that opened, with the method that redirects left: the standard.
    Last,
    /// To the first URL, unless every hop was permanent (301 or 308).
    Original,
}

/// Which requests are repeated. Requests that were never sent, for want of a connection, are repeated
/// unless none are; so are those that were answered with one of the retried statuses.
///
/// ```
/// use wellspring::{Policy, Repeat};
///
/// assert_eq!(Policy::standard().repeat, Repeat::Idempotent);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Repeat {
    /// All.
    Always,
    /// Those whose method does the same once and twice (RFC 9110, 9.2.2): all but `POST`, `PATCH` and
    /// methods that are not known.
    Idempotent,
    /// The same, until the first event has come.
    IdempotentBeforeFirstEvent,
    /// None, not even those that were never sent.
    Never,
}

impl Default for Policy {
    fn default() -> Self {
        Self::standard()
    }
}

impl Policy {
    /// Returns the standard's behaviour, with waits that only ever get longer.
    #[must_use]
    pub fn standard() -> Self {
        Self {
            reconnection: Reconnection::default(),
            retried_statuses: Vec::new(),
            end_of_body: EndOfBody::Reconnect,
            incomplete_event: IncompleteEvent::Fail,
            reconnection_url: ReconnectionUrl::Last,
            repeat: Repeat::Idempotent,
            idle_timeout: None,
            on_limit: OnLimit::Fail,
            connect_timeout: None,
            http1_connections: None,
        }
    }

    /// Returns what browsers do: the same, and six connections an origin over HTTP/1.1.
    ///
    /// The seventh source waits for its connection, which [`Signal::Queued`](crate::Signal::Queued) and
    /// [`Handle::queue_position`](crate::Handle::queue_position) tell. Sources that share a transport
    /// share the six.
    #[must_use]
    pub fn browser() -> Self {
        Self {
            http1_connections: Some(6),
            ..Self::standard()
        }
    }

    /// Returns a policy for programs that outlive their servers: statuses 408, 425, 429 and 5xx are tried again,
    /// attempts are spread over at least 3 s, the server's `retry` counts as at most an hour, a
    /// reconnection goes to the first URL, 5 min without a byte end a connection, and the wait also
    /// gets longer after connections that end at once without an event.
    #[must_use]
    pub fn resilient() -> Self {
        let reconnection = Reconnection::default()
            .with_ceiling(Duration::from_secs(60 * 60))
            .with_spread(Duration::from_secs(3))
            .with_back_off_after_empty(true);
        Self {
            reconnection,
            retried_statuses: [408, 425, 429].into_iter().chain(500..600).collect(),
            reconnection_url: ReconnectionUrl::Original,
            idle_timeout: Some(Duration::from_secs(5 * 60)),
            ..Self::standard()
        }
    }

    /// Returns a policy for streams with an end, such as the answer of a language model: nothing is asked for twice
    /// once events have come, the end of the body ends the source, 5 min without a byte are an error.
    #[must_use]
    pub fn finite() -> Self {
        Self {
            end_of_body: EndOfBody::End,
            repeat: Repeat::IdempotentBeforeFirstEvent,
            idle_timeout: Some(Duration::from_secs(5 * 60)),
            ..Self::standard()
        }
    }

    /// Returns the same with other waits.
    #[must_use]
    pub fn with_reconnection(mut self, reconnection: Reconnection) -> Self {
        self.reconnection = reconnection;
        self
    }

    /// Returns the same with other statuses after which another attempt is made.
    #[must_use]
    pub fn with_retried_statuses(mut self, statuses: impl IntoIterator<Item = u16>) -> Self {
        self.retried_statuses = statuses.into_iter().collect();
        self
    }

    /// Returns the same with another meaning of a clean end of body.
    #[must_use]
    pub fn with_end_of_body(mut self, end_of_body: EndOfBody) -> Self {
        self.end_of_body = end_of_body;
        self
    }

    /// Returns the same with another fate of events that a clean end of body has cut off.
    #[must_use]
    pub fn with_incomplete_event(mut self, incomplete_event: IncompleteEvent) -> Self {
        self.incomplete_event = incomplete_event;
        self
    }

    /// Returns the same with another place for reconnections.
    #[must_use]
    pub fn with_reconnection_url(mut self, url: ReconnectionUrl) -> Self {
        self.reconnection_url = url;
        self
    }

    /// Returns the same with other requests that are repeated.
    #[must_use]
    pub fn with_repeat(mut self, repeat: Repeat) -> Self {
        self.repeat = repeat;
        self
    }

    /// Returns the same with another time without a byte after which a connection is given up.
    #[must_use]
    pub fn with_idle_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// Returns the same with another fate of what exceeds a limit.
    ///
    /// ```
    /// use wellspring::{OnLimit, Policy};
    ///
    /// let policy = Policy::resilient().with_on_limit(OnLimit::Skip);
    /// assert_eq!(policy.on_limit, OnLimit::Skip);
    /// ```
    #[must_use]
    pub fn with_on_limit(mut self, on_limit: OnLimit) -> Self {
        self.on_limit = on_limit;
        self
    }

    /// Returns the same with another time that connecting may take.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Option<Duration>) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Returns the same with another number of connections to an origin over HTTP/1.1.
    #[must_use]
    pub fn with_http1_connections(mut self, connections: Option<usize>) -> Self {
        self.http1_connections = connections;
        self
    }
}

#[cfg(test)]
mod tests;
