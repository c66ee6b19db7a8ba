//! What a program can be told besides messages. In: turns of the driver. Out: [`Signal`], lent.
//!
//! Next: `error.rs`, the one that ends a source.

use std::fmt;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use url::Url;
use wellspring_proto::{EventRef, Failure, Interruption, LimitExceeded};

use crate::fetch::{
    FetchError, FetchResponse, Hop, Taint, serialize_origin, unknown_content_coding,
    without_credentials,
};
use crate::refused::Refused;
use crate::transport::TransportError;

/// Whatever happens to an event source, in the order in which the standard would fire it.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use wellspring::{EventSource, Signal};
///
/// let mut source = EventSource::new("https://example.com/stream")?;
/// let mut signals = source.signals();
/// while let Some(signal) = signals.next().await {
///     match signal? {
///         Signal::Open(opened) => println!("open, {:?}", opened.version),
///         Signal::Message(event) => println!("{}: {}", event.event_type, event.data),
///         Signal::Reconnecting(lost) => println!("{}, again in {:?}", lost.cause, lost.delay),
///         _ => {}
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Signal<'a> {
    /// The connection is open, for the first time or again.
    Open(&'a Opened),
    /// An event, whatever its type.
    Message(EventRef<'a>),
    /// A comment, if [comments](crate::EventSourceBuilder::comments) are asked for.
    Comment(&'a str),
    /// The server set the reconnection time to this; what counts is clamped.
    ReconnectionTime(Duration),
    /// The last event ID string became this without a message.
    Position(&'a str),
    /// An event, or a `retry` field, exceeded this limit and was skipped, if the
    /// [policy](crate::Policy::on_limit) says so.
    Skipped(LimitExceeded),
    /// The connection is lost and will be reestablished.
    Reconnecting(&'a Reconnecting),
    /// The attempt waits for a connection: there are as many to the origin as the
    /// [policy](crate::Policy::http1_connections) allows. This place counts from 1, the next to get
    /// one; [`Handle::place_in_queue`](crate::Handle::place_in_queue) follows it.
    Queued(usize),
    /// The attempt goes without the last event ID string, which no header can carry, and why. The
    /// server may begin anywhere.
    LastEventIdNotSent(&'static str),
}

/// The response that opened a connection.
///
/// ```
/// fn origin_of_events(opened: &wellspring::Opened) -> &str {
///     &opened.origin
/// }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Opened {
    /// Always 200.
    pub status: StatusCode,
    /// HTTP/1.1 or HTTP/2.
    pub version: Version,
    /// The headers of the response.
    pub headers: HeaderMap,
    /// The URL that answered, after redirects.
    pub url: Url,
    /// The method it answered: redirects turn some into `GET`.
    pub method: Method,
    /// Its origin, serialized: the `origin` of the events of this connection.
    pub origin: String,
    /// The redirects that led there.
    pub hops: Vec<Hop>,
    pub(crate) became_get: bool,
    pub(crate) taint: Taint,
    /// Why the last event ID was not sent, when it was not empty and no header could carry it.
    pub last_event_id_not_sent: Option<&'static str>,
    /// The first word of `Content-Encoding` that names no registered coding, such as `none`, in lower case. The body
    /// is read as if the word were absent.
    pub unknown_coding: Option<String>,
}

impl Opened {
    pub(crate) fn new(fetched: &FetchResponse) -> Self {
        Self {
            status: fetched.response.status(),
            version: fetched.response.version(),
            headers: copied(fetched.response.headers()),
            url: fetched.url.clone(),
            method: fetched.method.clone(),
            origin: serialize_origin(&fetched.url),
            hops: fetched.hops.clone(),
            became_get: fetched.became_get,
            taint: fetched.taint,
            last_event_id_not_sent: fetched.last_event_id_not_sent,
            unknown_coding: unknown_content_coding(fetched.response.headers()),
        }
    }
}

impl Opened {
    pub(crate) fn moved_permanently(&self) -> bool {
        !self.hops.is_empty() && self.hops.iter().all(Hop::is_permanent)
    }
}

/// Values that are a copy each: those of the response are slices of the buffer it was read into, and
/// would keep its 8 KiB for as long as the source is open.
fn copied(headers: &HeaderMap) -> HeaderMap {
    let mut copies = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        if let Ok(mut copy) = HeaderValue::from_bytes(value.as_bytes()) {
            copy.set_sensitive(value.is_sensitive());
            copies.append(name.clone(), copy);
        }
    }
    copies
}

/// Without headers and userinfo, which may be secret.
impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened")
            .field("status", &self.status)
            .field("version", &self.version)
            .field("url", &without_credentials(&self.url))
            .field("origin", &self.origin)
            .field("hops", &self.hops.len())
            .field("last_event_id_not_sent", &self.last_event_id_not_sent)
            .field("unknown_coding", &self.unknown_coding)
            .finish_non_exhaustive()
    }
}

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
            delay,
            attempt,
        }
    }
}

impl fmt::Display for Reconnecting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { attempt, delay, .. } = self;
        if !matches!(self.cause, Cause::Fetch(_)) {
            write!(f, "{}: ", self.url)?;
        }
        write!(f, "{}; attempt {attempt} in {delay:?}", self.cause)
    }
}

/// Why a connection was lost or could not be made.
///
/// ```
/// assert_eq!(wellspring::Cause::EndOfBody.to_string(), "the body ended");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Cause {
    /// The body came to its proper end.
    EndOfBody,
    /// There was no response.
    Fetch(FetchError),
    /// The body broke off.
    Body(TransportError),
    /// Nothing was received for this long, the idle timeout.
    Idle(Duration),
    /// The response was no event stream, by its status, its MIME type or its content coding.
    Refused(Box<Refused>),
    /// The stream exceeded a limit.
    Limit(LimitExceeded),
}

impl Cause {
    pub(crate) fn interruption(&self) -> Interruption {
        match self {
            Self::EndOfBody => Interruption::EndOfBody,
            Self::Fetch(_) | Self::Body(_) => Interruption::NetworkError,
            Self::Idle(_) => Interruption::Idle,
            Self::Limit(_) => Interruption::Refused,
            Self::Refused(refused) => match refused.failure() {
                Failure::Status(status) => Interruption::Status(status),
                _ => Interruption::Refused,
            },
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EndOfBody => f.write_str("the body ended"),
            Self::Fetch(error) => error.fmt(f),
            Self::Body(error) => error.fmt(f),
            Self::Idle(timeout) => write!(f, "nothing was received for {timeout:?}"),
            Self::Refused(refused) => refused.failure().fmt(f),
            Self::Limit(limit) => limit.fmt(f),
        }
    }
}
