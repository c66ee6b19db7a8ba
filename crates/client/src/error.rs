//! How a source fails for good, and how it fails to be built. In: the machine's verdict and what the
//! response had to say. Out: [`Error`], [`BuildError`].
//!
//! Next: `options.rs`.

use std::error::Error as StdError;
use std::fmt;

use http::{HeaderMap, StatusCode};
use url::Url;
use wellspring_proto::Failure;

use crate::refused::Refused;
use crate::signal::Cause;

/// The source has failed and will not reconnect: the last thing it yields.
///
/// It says which URL, what happened, and what to do; for a response that was refused it has status,
/// headers and the beginning of the body.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let mut source = wellspring::EventSource::new("https://example.com/not-a-stream")?;
/// if let Some(Err(error)) = source.next().await {
///     eprintln!("{error}");
///     if error.status().is_some_and(|status| status == 401) {
///         eprintln!("the server says: {}", String::from_utf8_lossy(error.body()));
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Error(Box<Detail>);

#[derive(Clone, Debug)]
struct Detail {
    url: String,
    /// `None` when there is no runtime.
    failure: Option<Failure>,
    cause: Option<Cause>,
}

impl Error {
    pub(crate) fn new(failure: Failure, cause: Option<Cause>, url: &Url) -> Self {
        let url = match &cause {
            Some(Cause::Refused(refused)) => refused.url.clone(),
            _ => crate::fetch::without_credentials(url),
        };
        Self(Box::new(Detail {
            url,
            failure: Some(failure),
            cause,
        }))
    }

    pub(crate) fn no_runtime(url: &Url) -> Self {
        Self(Box::new(Detail {
            url: crate::fetch::without_credentials(url),
            failure: None,
            cause: None,
        }))
    }

    /// Why the source does not go on; `None` when there is no tokio runtime to go on in.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        self.0.failure
    }

    /// What became of the last connection, or of the last attempt at one.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        self.0.cause.as_ref()
    }

    /// The URL that failed, after redirects, without userinfo.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// The status of the response that was refused.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.refused().map(|refused| refused.status)
    }

    /// The headers of the response that was refused.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.refused().map(|refused| &refused.headers)
    }

    /// The beginning of the body of the response that was refused: at most 16 KiB, and what came
    /// within 2 s. Empty when there was no response.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.refused().map_or(&[], |refused| &refused.body)
    }

    fn refused(&self) -> Option<&Refused> {
        match &self.0.cause {
            Some(Cause::Refused(refused)) => Some(refused),
            _ => None,
        }
    }

    fn is_refused_by_type(&self) -> bool {
        matches!(
            self.0.failure,
            Some(Failure::ContentType | Failure::ContentCoding)
        )
    }

    /// What happened, unless the failure says it too.
    fn fmt_cause(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.cause {
            Some(cause @ Cause::Fetch(_)) => write!(f, "{cause}"),
            None | Some(Cause::Limit(_)) => f.write_str(&self.0.url),
            Some(Cause::Refused(refused)) if self.0.failure == Some(refused.failure()) => {
                f.write_str(&self.0.url)
            }
            Some(cause) => write!(f, "{}: {cause}", self.0.url),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_cause(f)?;
        let alone = matches!(
            self.0.cause,
            None | Some(Cause::Limit(_) | Cause::Refused(_))
        );
        let separator = if alone { ": " } else { "; " };
        match self.0.failure {
            Some(Failure::Futile) if self.0.cause.is_some() => {}
            Some(failure) => {
                f.write_str(separator)?;
                fmt_failure(failure, self.refused(), f)?;
            }
            None => f.write_str(
                ": there is no tokio runtime here; poll the source inside one, or use it as a \
                 blocking iterator",
            )?,
        }
        f.write_str("; not trying again")
    }
}

fn fmt_failure(
    failure: Failure,
    refused: Option<&Refused>,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    match (failure, refused) {
        (Failure::ContentType, Some(refused)) => match refused.content_type() {
            Some(essence) => write!(
                f,
                "the MIME type is {essence}, not text/event-stream; check that the URL is that of \
                 an event stream"
            ),
            None => f.write_str(
                "the response has no valid MIME type, text/event-stream is needed; check that the \
                 URL is that of an event stream",
            ),
        },
        (Failure::ContentCoding, Some(refused)) => write!(
            f,
            "the body has the content coding {}, which is not decoded here; have the server send \
             event streams uncompressed",
            refused.content_coding().unwrap_or_default()
        ),
        (failure, _) => write!(f, "{failure}"),
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match (&self.0.cause, &self.0.failure) {
            (Some(Cause::Fetch(error)), _) => Some(error),
            (Some(Cause::Body(error)), _) => Some(error),
            (_, Some(failure)) if !self.is_refused_by_type() => Some(failure),
            _ => None,
        }
    }
}

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
    /// The origin of the page is none.
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
    /// [follow](crate::transport::Transport::follows_via) that.
    Via,
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
        position: usize,
    },
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url { input, reason } => write!(f, "'{input}' is not an absolute URL: {reason}"),
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
            Self::Origin { input, reason } => write!(f, "'{input}' is not an origin: {reason}"),
            Self::Preflight { needed } => write!(
                f,
                "{needed} needs a preflight to another origin, and none is ever sent; leave it \
                 out, or allow it without"
            ),
            Self::Via => f.write_str(
                "the transport does not take a proxy or a socket from a source: set it on the \
                 transport itself",
            ),
            Self::HeaderName { name } => write!(
                f,
                "'{name}' is not a header name: letters, digits and -_.!#$%&'*+^`|~ are legal"
            ),
            Self::HeaderValue { name, position } => write!(
                f,
                "the value of header '{name}' has a control character at byte {position}, which no \
                 header can carry"
            ),
        }
    }
}

impl StdError for BuildError {}
