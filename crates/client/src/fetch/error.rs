//! In: what kept a fetch from its response. Out: [`FetchError`], which names the URL and the reason.
//! Next: back to `../fetch.rs`.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use url::Url;

use super::target::without_credentials;
use super::{CorsError, RedirectError};
use crate::transport::{TransportError, chain, shortened};

/// There is no response: a network error, in the standard's words.
///
/// As text it says where and what, `{:#}` the causes as well. [`help`](Self::help) is the advice.
///
/// ```
/// use wellspring::fetch::FetchError;
///
/// fn report(error: &FetchError) -> String {
///     format!("{error}; {}", if error.is_permanent() { "giving up" } else { "trying again" })
/// }
/// ```
#[derive(Clone, Debug)]
pub struct FetchError {
    url: String,
    kind: FetchErrorKind,
}

/// Why there is no response.
///
/// ```
/// use wellspring::fetch::FetchErrorKind;
/// use wellspring::transport::TransportErrorKind;
///
/// fn is_tls(kind: &FetchErrorKind) -> bool {
///     matches!(kind, FetchErrorKind::Transport(error) if error.kind() == TransportErrorKind::Tls)
/// }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug)]
pub enum FetchErrorKind {
    /// The URL's scheme is neither `http` nor `https`.
    Scheme,
    /// The URL's port belongs to another protocol, and pages may not ask there (Fetch, "port blocking").
    BadPort,
    /// The URL cannot be put into a request; the text says why.
    InvalidUrl(String),
    /// A hop failed.
    Transport(TransportError),
    /// A redirect could not be followed.
    Redirect(RedirectError),
    /// The page may not ask for this, or may not read the answer.
    Cors(CorsError),
    /// The program's [hook](crate::EventSourceBuilder::before_attempt) failed, so nothing was sent.
    Hook(Arc<dyn Error + Send + Sync>),
}

impl FetchError {
    pub(super) fn new(url: &Url, kind: FetchErrorKind) -> Self {
        Self {
            url: without_credentials(url),
            kind,
        }
    }

    pub(crate) fn of_hook(url: &Url, error: Arc<dyn Error + Send + Sync>) -> Self {
        Self::new(url, FetchErrorKind::Hook(error))
    }

    /// Returns the URL of the hop that failed, without userinfo.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns what went wrong.
    #[must_use]
    pub fn kind(&self) -> &FetchErrorKind {
        &self.kind
    }

    /// Returns what to do about it, where there is anything.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match &self.kind {
            FetchErrorKind::Scheme => Some("use http or https"),
            FetchErrorKind::BadPort => Some("have the server listen elsewhere"),
            FetchErrorKind::Transport(error) => Some(error.help()),
            FetchErrorKind::Redirect(error) => error.help(),
            FetchErrorKind::Cors(error) => Some(error.help()),
            FetchErrorKind::InvalidUrl(_) | FetchErrorKind::Hook(_) => None,
        }
    }

    /// Host and port of the URL.
    fn host(&self) -> String {
        let url = Url::parse(&self.url).ok();
        let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
        match url.as_ref().and_then(Url::port_or_known_default) {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }

    /// Returns whether trying again cannot help: the scheme is not `http(s)`, the request cannot be built, or a CORS check
    /// failed.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match &self.kind {
            FetchErrorKind::Scheme
            | FetchErrorKind::BadPort
            | FetchErrorKind::InvalidUrl(_)
            | FetchErrorKind::Cors(_) => true,
            FetchErrorKind::Transport(error) => error.kind().is_permanent(),
            FetchErrorKind::Redirect(error) => *error == RedirectError::BodyNotReplayable,
            FetchErrorKind::Hook(_) => false,
        }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", shortened(&self.url))?;
        match &self.kind {
            FetchErrorKind::Scheme => f.write_str("the URL's scheme is not supported"),
            FetchErrorKind::BadPort => {
                f.write_str("the URL's port belongs to another protocol, where no page may ask")
            }
            FetchErrorKind::InvalidUrl(reason) => {
                write!(f, "the URL cannot be requested: {reason}")
            }
            FetchErrorKind::Transport(error) => error.fmt_behind(&self.host(), f),
            FetchErrorKind::Redirect(error) => error.fmt(f),
            FetchErrorKind::Cors(error) => error.fmt(f),
            FetchErrorKind::Hook(error) if f.alternate() => {
                write!(f, "the program's hook failed: {}", chain(error.as_ref()))
            }
            FetchErrorKind::Hook(_) => f.write_str("the program's hook failed"),
        }
    }
}

impl Error for FetchError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            FetchErrorKind::Transport(error) => error.source(),
            FetchErrorKind::Hook(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}
