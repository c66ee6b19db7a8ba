//! What keeps a source from being built. In: what the builder was given. Out: [`BuildError`], which says
//! what to give instead.
//!
//! Next: back to `../builder.rs`.

use std::error::Error as StdError;
use std::fmt;

use crate::transport::shortened;

/// A source cannot be built from what it was given.
///
/// ```
/// let error = wellspring::EventSource::new("nowhere").unwrap_err();
/// assert_eq!(error.to_string(), "'nowhere' is not an absolute URL: relative URL without a base");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// The URL does not parse: the standard's `SyntaxError`.
    Url {
        /// What was given.
        input: String,
        /// What is wrong with it.
        reason: url::ParseError,
    },
    /// The method is not legal, or one that Fetch forbids.
    Method {
        /// What was given.
        method: String,
    },
    /// There is a body, and a method that has none.
    Body {
        /// The method.
        method: String,
    },
    /// The builder is a clone of one [over a body](crate::EventSourceBuilder::from_body) that can be read only
    /// once.
    BodyTaken,
    /// The page's origin is not valid.
    Origin {
        /// What was given.
        input: String,
        /// What is wrong with it.
        reason: String,
    },
    /// With this origin, a browser would ask the server before it sends this request, and no such preflight is ever
    /// sent; see [`allow_without_preflight`](crate::EventSourceBuilder::allow_without_preflight).
    Preflight {
        /// What a preflight would ask for.
        needed: String,
    },
    /// The source is to go through a proxy, past it or to a Unix domain socket, and its transport does not
    /// [honor](crate::transport::Transport::honors_route) that.
    Route,
    /// A header's name is not legal.
    HeaderName {
        /// What was given.
        name: String,
    },
    /// A header's value is not legal.
    HeaderValue {
        /// The header.
        name: String,
        /// Where the first byte stands that a header cannot carry, in bytes.
        offset: usize,
    },
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url { input, reason } => fmt_url(input, *reason, f),
            Self::Method { method } => write!(
                f,
                "'{method}' is not a method that can be asked with: CONNECT, TRACE, TRACK and what \
                 no request line can carry are not"
            ),
            Self::Body { method } => {
                write!(
                    f,
                    "a {method} request has no body; set the method, to POST say"
                )
            }
            Self::BodyTaken => f.write_str(
                "the body can be read only once: build the first builder, not its clone",
            ),
            Self::Origin { input, reason } => write!(f, "'{input}' is not an origin: {reason}"),
            Self::Preflight { needed } => write!(
                f,
                "{needed} needs a preflight to another origin, and none is ever sent; leave it \
                 out, or allow it without"
            ),
            Self::Route => f.write_str(
                "the transport does not take a proxy or a socket from a source: set it on the \
                 transport itself",
            ),
            Self::HeaderName { name } => write!(
                f,
                "'{name}' is not a header name: letters, digits and -_.!#$%&'*+^`|~ are legal"
            ),
            Self::HeaderValue { name, offset } => write!(
                f,
                "the value of header '{name}' has a control character at byte {offset}, which no \
                 header can carry"
            ),
        }
    }
}

fn fmt_url(input: &str, reason: url::ParseError, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    use url::ParseError;
    let shown = shortened(input);
    match reason {
        ParseError::RelativeUrlWithoutBase => {
            write!(f, "'{shown}' is not an absolute URL: {reason}")
        }
        ParseError::InvalidIpv6Address if input.contains('%') => write!(
            f,
            "'{shown}' has an IPv6 zone, which URLs have no place for: leave %… out, or use a host \
             name"
        ),
        _ => write!(f, "'{shown}' is not a valid URL: {reason}"),
    }
}

impl StdError for BuildError {}
