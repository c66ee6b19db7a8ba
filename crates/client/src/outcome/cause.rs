//! Why a connection is over. In: what the fetch, the body, a timer or a limit said. Out: [`Cause`].
//!
//! Next: `refused.rs`, the response that opens nothing; `../policy.rs`, what a cause leads to.

use std::fmt;
use std::time::Duration;

use wellspring_proto::{Failure, Interruption, LimitExceeded};

use super::refused::Refused;
use crate::fetch::FetchError;
use crate::transport::TransportError;

/// Why a connection was lost or could not be made. As text it says that with all that lies below.
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
    /// The program has [restarted](crate::Handle::restart) the source.
    Restarted,
}

impl Cause {
    /// Returns what to do about it, where there is anything.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match self {
            Self::Fetch(error) => error.help(),
            Self::Body(error) => Some(error.help()),
            _ => None,
        }
    }

    pub(crate) fn interruption(&self) -> Interruption {
        match self {
            Self::EndOfBody => Interruption::EndOfBody,
            Self::Fetch(_) | Self::Body(_) => Interruption::NetworkError,
            Self::Idle(_) => Interruption::Idle,
            Self::Limit(_) => Interruption::Refused,
            Self::Restarted => Interruption::Restarted,
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
            Self::Fetch(error) => write!(f, "{error:#}"),
            Self::Body(error) => write!(f, "{error:#}"),
            Self::Idle(timeout) => write!(f, "nothing was received for {timeout:?}"),
            Self::Refused(refused) => refused.failure().fmt(f),
            Self::Limit(limit) => limit.fmt(f),
            Self::Restarted => f.write_str("the program restarted it"),
        }
    }
}
