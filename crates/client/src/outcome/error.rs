//! How a source fails for good. In: the machine's verdict and what the response had to say. Out:
//! [`Error`].
//!
//! Next: `../policy.rs`.

use std::error::Error as StdError;
use std::fmt;

use http::{HeaderMap, StatusCode};
use url::Url;
use wellspring_proto::Failure;

use crate::outcome::cause::Cause;
use crate::outcome::refused::Refused;
use crate::transport::shortened;

/// The source has failed and will not reconnect: the last thing it yields.
///
/// As text it says which URL and what happened, `{:#}` the causes as well; [`help`](Self::help) is the advice. For a
/// response that was refused it has status, headers and the beginning of the body.
///
/// | [`failure`](Self::failure) | what it means | [`cause`](Self::cause) |
/// |---|---|---|
/// | [`Status`](Failure::Status), [`ContentType`](Failure::ContentType), [`ContentCoding`](Failure::ContentCoding) | the response is no event stream that can be read | [`Refused`](Cause::Refused) |
/// | [`Permanent`](Failure::Permanent) | another attempt would fail in the same way: a URL that nothing is sent to, a CORS check that fails, a body that expands beyond its limit | [`Fetch`](Cause::Fetch), [`Body`](Cause::Body) |
/// | [`Limit`](Failure::Limit) | the stream exceeds one of the [limits](crate::Limits) | [`Limit`](Cause::Limit) |
/// | [`Attempts`](Failure::Attempts), [`Elapsed`](Failure::Elapsed) | the policy has no more attempts, or no more time | that of the last attempt |
/// | [`NotRepeated`](Failure::NotRepeated) | the connection broke, and the policy does not repeat this request | any loss |
/// | [`Truncated`](Failure::Truncated) | the stream ended without its [terminal event](crate::EventSourceBuilder::terminal_event) | [`EndOfBody`](Cause::EndOfBody), or any loss |
/// | [`InsideEvent`](Failure::InsideEvent) | the body ended in the middle of an event | [`EndOfBody`](Cause::EndOfBody) |
/// | [`ByHook`](Failure::ByHook) | an [`on_end`](crate::EventSourceBuilder::on_end) hook decided so | any |
/// | `None` | there is no tokio runtime | none |
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let mut source = wellspring::EventSource::new("https://example.com/not-a-stream")?;
/// if let Some(Err(error)) = source.next().await {
///     eprintln!("{error:#}");
///     if let Some(help) = error.help() {
///         eprintln!("({help})");
///     }
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

    /// Returns why the source does not go on; `None` when there is no tokio runtime to go on in.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        self.0.failure
    }

    /// Returns what became of the last connection, or of the last attempt at one.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        self.0.cause.as_ref()
    }

    /// Returns the URL that failed, after redirects, without userinfo.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// Returns the status of the response that was refused.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.refused().map(|refused| refused.status)
    }

    /// Returns the headers of the response that was refused.
    #[must_use]
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.refused().map(|refused| &refused.headers)
    }

    /// Returns the beginning of the body of the response that was refused: at most 16 KiB, and what came
    /// within 150 ms of the head. Empty when there was no response.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        self.refused().map_or(&[], |refused| &refused.body)
    }

    /// Returns what to do about it, where there is anything.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match (&self.0.failure, &self.0.cause) {
            (None, _) => Some("poll the source inside one, or use it as a blocking iterator"),
            (Some(Failure::ContentType), _) => {
                Some("check that the URL is that of an event stream")
            }
            (Some(Failure::ContentCoding), _) => {
                Some("have the server send event streams uncompressed")
            }
            (Some(_), cause) => cause.as_ref()?.help(),
        }
    }

    fn refused(&self) -> Option<&Refused> {
        match &self.0.cause {
            Some(Cause::Refused(refused)) => Some(refused),
            _ => None,
        }
    }

    /// What happened, unless the failure says it too.
    fn fmt_cause(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = shortened(&self.0.url);
        match &self.0.cause {
            Some(Cause::Fetch(error)) => fmt::Display::fmt(error, f),
            None | Some(Cause::Limit(_)) => f.write_str(&url),
            Some(Cause::Refused(refused)) if self.0.failure == Some(refused.failure()) => {
                f.write_str(&url)
            }
            Some(Cause::Body(error)) => {
                write!(f, "{url}: ")?;
                fmt::Display::fmt(error, f)
            }
            Some(cause) => write!(f, "{url}: {cause}"),
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
            Some(Failure::Permanent) if self.0.cause.is_some() => {}
            Some(failure) => {
                f.write_str(separator)?;
                fmt_failure(failure, self.refused(), f)?;
            }
            None => f.write_str(": there is no tokio runtime here")?,
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
            Some(essence) => {
                let essence = shortened(&essence);
                write!(f, "the MIME type is {essence}, not text/event-stream")
            }
            None => f.write_str("the response has no valid MIME type, text/event-stream is needed"),
        },
        (Failure::ContentCoding, Some(refused)) => write!(
            f,
            "the body has the content coding {}, which is not decoded here",
            refused.content_coding().unwrap_or_default()
        ),
        (failure, _) => write!(f, "{failure}"),
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // What the text says already is no cause of it.
        match &self.0.cause {
            Some(Cause::Fetch(error)) => error.source(),
            Some(Cause::Body(error)) => error.source(),
            _ => None,
        }
    }
}
