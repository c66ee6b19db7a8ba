//! A request that is refused. In: what is wrong. Out: a status, a sentence, and what a client can do with it.
//!
//! Next: `service/reply.rs` makes a response of it.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use http::StatusCode;

/// Says why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: StatusCode,
    says: Cow<'static, str>,
    challenge: Option<Challenge>,
    retry_after: Option<Duration>,
}

/// What `WWW-Authenticate` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// A token is needed.
    Missing,
    Error(&'static str),
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, says: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            says: says.into(),
            challenge: None,
            retry_after: None,
        }
    }

    /// The request makes no sense.
    pub(crate) fn bad(says: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, says)
    }

    pub(crate) fn too_large(says: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, says)
    }

    /// There is no token, and one is needed.
    pub(crate) fn no_token(says: impl Into<Cow<'static, str>>) -> Self {
        Self {
            challenge: Some(Challenge::Missing),
            ..Self::new(StatusCode::UNAUTHORIZED, says)
        }
    }

    /// There is a token, and it is not valid.
    pub(crate) fn invalid_token(says: impl Into<Cow<'static, str>>) -> Self {
        Self {
            challenge: Some(Challenge::Error("invalid_token")),
            ..Self::new(StatusCode::UNAUTHORIZED, says)
        }
    }

    /// The request brings its token in a way that makes no sense.
    pub(crate) fn malformed(says: impl Into<Cow<'static, str>>) -> Self {
        Self {
            challenge: Some(Challenge::Error("invalid_request")),
            ..Self::bad(says)
        }
    }

    /// The token is good, and does not allow this.
    pub(crate) fn not_allowed(says: impl Into<Cow<'static, str>>) -> Self {
        Self {
            challenge: Some(Challenge::Error("insufficient_scope")),
            ..Self::new(StatusCode::FORBIDDEN, says)
        }
    }

    /// It may be otherwise after so long.
    pub(crate) fn for_now(
        status: StatusCode,
        says: impl Into<Cow<'static, str>>,
        retry_after: Duration,
    ) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..Self::new(status, says)
        }
    }

    /// Returns the status of the response.
    #[must_use]
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns how long to wait before the same request may be answered otherwise.
    #[must_use]
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    pub(crate) fn challenge(&self) -> Option<Challenge> {
        self.challenge
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

impl std::error::Error for Refusal {}
