//! In: what a page may not do. Out: [`CorsError`], which says which check failed, what was expected and what came.
//! Next: `../error.rs`.

use std::error::Error;
use std::fmt;

use http::StatusCode;

/// A page's fetch is not allowed, by the rules that a browser holds pages to (Fetch, "CORS protocol").
///
/// ```
/// use wellspring::fetch::{CorsError, FetchErrorKind};
///
/// fn what_the_server_should_send(kind: &FetchErrorKind) -> Option<&str> {
///     match kind {
///         FetchErrorKind::Cors(CorsError::AllowOrigin { expected, .. }) => Some(expected),
///         _ => None,
///     }
/// }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CorsError {
    /// `Access-Control-Allow-Origin` does not allow the page.
    AllowOrigin {
        /// The page's origin as it was sent: `null` when it is opaque or redirects have hidden it.
        expected: String,
        /// The header's value, if there is one.
        received: Option<String>,
        /// Whether credentials are included, so that `*` does not count.
        with_credentials: bool,
        /// The status of the response.
        status: StatusCode,
    },
    /// Credentials are included, and `Access-Control-Allow-Credentials` is not `true`.
    AllowCredentials {
        /// The header's value, if there is one.
        received: Option<String>,
        /// The status of the response.
        status: StatusCode,
    },
    /// A redirect across origins leads to a URL with a user name or password in it.
    RedirectWithUserinfo,
    /// A browser would ask the server first, which is never done here.
    PreflightNeeded {
        /// What it would ask for.
        needed: String,
    },
}

impl fmt::Display for CorsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AllowOrigin {
                expected,
                received,
                with_credentials,
                status,
            } => {
                fmt_received(f, "Access-Control-Allow-Origin", received.as_deref())?;
                write!(f, "'{expected}' ")?;
                f.write_str(if *with_credentials {
                    "is needed, and '*' does not count with credentials"
                } else {
                    "or '*' is needed"
                })?;
                fmt_status(f, *status)
            }
            Self::AllowCredentials { received, status } => {
                fmt_received(f, "Access-Control-Allow-Credentials", received.as_deref())?;
                f.write_str("'true' is needed, since credentials are included")?;
                fmt_status(f, *status)
            }
            Self::RedirectWithUserinfo => f.write_str(
                "the CORS check failed: a redirect across origins leads to a URL with a user name \
                 or password",
            ),
            Self::PreflightNeeded { needed } => write!(
                f,
                "{needed} needs a preflight to another origin, and none is ever sent"
            ),
        }
    }
}

impl CorsError {
    /// Returns what to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::AllowOrigin { .. } => "have the server allow this origin",
            Self::AllowCredentials { .. } => "have the server send it, or ask without credentials",
            Self::RedirectWithUserinfo => "correct the server",
            Self::PreflightNeeded { .. } => "leave it out, or allow it without",
        }
    }
}

fn fmt_received(f: &mut fmt::Formatter<'_>, name: &str, received: Option<&str>) -> fmt::Result {
    match received {
        Some(value) => write!(f, "the CORS check failed: {name} is {value:?}, "),
        None => write!(f, "the CORS check failed: there is no {name}, "),
    }
}

/// Servers leave the headers out of their errors, so the error is the news.
fn fmt_status(f: &mut fmt::Formatter<'_>, status: StatusCode) -> fmt::Result {
    if status.is_success() {
        return Ok(());
    }
    write!(f, "; the response has status {status}")
}

impl Error for CorsError {}
