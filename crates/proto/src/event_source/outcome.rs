//! How a connection ends, as two types the compiler keeps apart: for good, or for now.
//!
//! Next: `reconnection.rs`, how long "for now" is.

use crate::event_stream::LimitExceeded;
use core::error::Error;
use core::fmt;
use core::time::Duration;

/// Why the connection failed: the source is closed and never reconnects (HTML Standard 9.2.3,
/// "fail the connection").
///
/// ```
/// use wellspring_proto::Failure;
///
/// assert_eq!(Failure::Status(204).to_string(), "the server answered with status 204, not 200");
/// ```
///
/// A policy of the client may decide otherwise before a failure is reported: see
/// [`Machine::reconnect_after`](crate::Machine::reconnect_after).
///
/// | failure | what a program can do |
/// |---|---|
/// | `Status`, `ContentType`, `ContentCoding` | look at the response: often a login page, or an error of a proxy |
/// | `Aborted`, `ByHook` | nothing: its own decision |
/// | `Permanent` | correct the URL, or the configuration of TLS |
/// | `Limit` | raise the limit, or skip what exceeds it |
/// | `Attempts`, `Elapsed` | try again later, or raise the limit |
/// | `NotRepeated` | send the request again, if that does no harm |
/// | `Truncated`, `InsideEvent` | ask again: the answer is not complete |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// The status was not 200. A server says "do not come back" with 204.
    Status(u16),
    /// The MIME type was not `text/event-stream`.
    ContentType,
    /// The body has a content coding that is not decoded here.
    ContentCoding,
    /// The user agent aborted the fetch: an aborted network error.
    Aborted,
    /// A network error that trying again cannot mend.
    Permanent,
    /// The stream exceeded a limit of the decoder.
    Limit(LimitExceeded),
    /// This many attempts failed in a row: the limit of the policy.
    Attempts(u32),
    /// Another attempt would come later than this after the first that failed: the limit of the
    /// policy.
    Elapsed(Duration),
    /// The policy does not repeat the request: a POST may have had its effect already.
    NotRepeated,
    /// The stream ended before its terminal event.
    Truncated,
    /// The body came to its proper end inside an event, which is lost: there was a `data` line and no blank line
    /// behind it. Several proxies end a body this way when they have lost the server.
    InsideEvent,
    /// The `on_end` hook of the client failed it.
    ByHook,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => {
                write!(f, "the server answered with status {status}, not 200")
            }
            Self::ContentType => f.write_str("the MIME type is not text/event-stream"),
            Self::ContentCoding => {
                f.write_str("the body has a content coding that is not decoded here")
            }
            Self::Aborted => f.write_str("the fetch was aborted"),
            Self::Permanent => f.write_str("the request failed in a way that lasts"),
            Self::Limit(limit) => limit.fmt(f),
            Self::Attempts(1) => f.write_str("gave up after 1 failed attempt (the policy's limit)"),
            Self::Attempts(count) => {
                write!(
                    f,
                    "{count} attempts failed in a row, as many as the policy has"
                )
            }
            Self::Elapsed(limit) => {
                write!(
                    f,
                    "attempts would have failed for more than {limit:?}, the policy's limit"
                )
            }
            Self::NotRepeated => f.write_str("the policy does not repeat the request"),
            Self::Truncated => {
                f.write_str("the stream is truncated: it ended before its terminal event")
            }
            Self::InsideEvent => f.write_str("the stream is truncated: it ended inside an event"),
            Self::ByHook => f.write_str("failed by the on_end hook"),
        }
    }
}

impl Error for Failure {}

/// Why the connection was lost: the source reconnects (HTML Standard 9.2.3, "reestablish the
/// connection").
///
/// ```
/// assert_eq!(wellspring_proto::Interruption::EndOfBody.to_string(), "the body ended");
/// ```
///
/// All but [`EndOfBody`](Self::EndOfBody) and [`Restarted`](Self::Restarted) count as failed attempts, after which
/// the wait gets longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Interruption {
    /// A network error, before a response or in the middle of the body.
    NetworkError,
    /// The body came to its proper end.
    EndOfBody,
    /// Nothing was received for longer than the idle timeout.
    Idle,
    /// The status of the response was not 200, and the policy has it tried again.
    Status(u16),
    /// The response was no event stream, or a limit was exceeded, and the program decided to try again.
    Refused,
    /// The program made the connection anew: [`Machine::restart`](crate::Machine::restart).
    Restarted,
}

impl Interruption {
    /// Returns true if the connection broke, rather than being ended by the server or the program.
    ///
    /// ```
    /// use wellspring_proto::Interruption;
    ///
    /// assert!(Interruption::NetworkError.is_failed_attempt());
    /// assert!(!Interruption::EndOfBody.is_failed_attempt());
    /// ```
    #[must_use]
    pub const fn is_failed_attempt(self) -> bool {
        !matches!(self, Self::EndOfBody | Self::Restarted)
    }
}

impl fmt::Display for Interruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NetworkError => f.write_str("network error"),
            Self::EndOfBody => f.write_str("the body ended"),
            Self::Idle => f.write_str("nothing was received for too long"),
            Self::Status(status) => write!(f, "the server answered with status {status}, not 200"),
            Self::Restarted => f.write_str("the program restarted it"),
            Self::Refused => f.write_str("the response is not what was asked for"),
        }
    }
}
