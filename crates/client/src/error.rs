//! How a source fails for good, and how it fails to be built. In: the machine's verdict and what the
//! response had to say. Out: [`Error`], [`BuildError`].
//!
//! Next: `options.rs`.

use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use url::Url;
use wellspring_proto::Failure;

use crate::connection::Refusal;
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
pub struct Error {
    url: String,
    reason: Reason,
    response: Option<Box<RefusedResponse>>,
}

#[derive(Clone, Debug)]
enum Reason {
    Failure(Failure),
    Cause(Cause),
    ContentType(Option<String>),
    ContentCoding(String),
    NoRuntime,
}

#[derive(Clone, Debug)]
struct RefusedResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Error {
    pub(crate) fn new(failure: Failure, url: &Url) -> Self {
        Self::with_reason(Reason::Failure(failure), url)
    }

    pub(crate) fn from_cause(cause: Cause, url: &Url) -> Self {
        Self::with_reason(Reason::Cause(cause), url)
    }

    pub(crate) fn no_runtime(url: &Url) -> Self {
        Self::with_reason(Reason::NoRuntime, url)
    }

    fn with_reason(reason: Reason, url: &Url) -> Self {
        Self {
            url: crate::fetch::without_credentials(url),
            reason,
            response: None,
        }
    }

    pub(crate) fn refused(failure: Failure, refusal: Refusal) -> Self {
        let reason = match failure {
            Failure::ContentType => Reason::ContentType(refusal.content_type),
            Failure::ContentCoding => {
                Reason::ContentCoding(refusal.content_coding.unwrap_or_default())
            }
            other => Reason::Failure(other),
        };
        Self {
            url: crate::fetch::without_credentials(&refusal.url),
            reason,
            response: Some(Box::new(RefusedResponse {
                status: refusal.status,
                headers: refusal.headers,
                body: refusal.body,
            })),
        }
    }

    /// The URL that failed, after redirects, without userinfo.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The status of the response that was refused.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.response.as_ref().map(|response| response.status)
    }

    /// The headers of the response that was refused.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.response.as_ref().map(|response| &response.headers)
    }

    /// The beginning of the body of the response that was refused: at most 16 KiB, and what came
    /// within 2 s. Empty when there was no response.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.response
            .as_ref()
            .map_or(&[], |response| &response.body)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Reason::Cause(cause) = &self.reason {
            return write!(f, "{cause}; not trying again");
        }
        write!(f, "{}: ", self.url)?;
        match &self.reason {
            Reason::ContentType(Some(essence)) => write!(
                f,
                "the MIME type is {essence}, not text/event-stream; check that the URL is that of \
                 an event stream"
            )?,
            Reason::ContentType(None) => f.write_str(
                "the response has no valid MIME type, text/event-stream is needed; check that the \
                 URL is that of an event stream",
            )?,
            Reason::ContentCoding(coding) => write!(
                f,
                "the body has the content coding {coding}, which is not decoded here; have the \
                 server send event streams uncompressed"
            )?,
            Reason::NoRuntime => f.write_str(
                "there is no tokio runtime here; poll the source inside one, or use it as a \
                 blocking iterator",
            )?,
            Reason::Failure(failure) => failure.fmt(f)?,
            Reason::Cause(_) => {}
        }
        f.write_str("; not trying again")
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.reason {
            Reason::Failure(failure) => Some(failure),
            Reason::Cause(Cause::Fetch(error)) => Some(error),
            Reason::Cause(Cause::Body(error)) => Some(error),
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
