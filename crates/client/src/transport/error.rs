//! In: what went wrong on one hop. Out: [`TransportError`], which says what failed and where, and what to do about it.
//! Next: `error/kind.rs`, `body.rs`.

mod kind;
mod text;

use std::error::Error;
use std::fmt;
use std::sync::Arc;

pub use self::kind::TransportErrorKind;
pub(crate) use self::text::{chain, shortened};
#[cfg(feature = "http-transport")]
use super::tls::words::{self, Words};

/// One hop failed, before its response or in the middle of its body. Cheap to clone.
///
/// As text it says what failed and where, `{:#}` the causes as well. [`source`](Error::source) is the error underneath,
/// where there was one, [`help`](Self::help) the advice.
///
/// ```
/// use wellspring::transport::{TransportError, TransportErrorKind};
///
/// let error = TransportError::new(TransportErrorKind::Connect, "127.0.0.1:8080", "the port is closed");
/// assert_eq!(error.to_string(), "cannot connect: 127.0.0.1:8080: the port is closed");
/// assert_eq!(error.help(), "check that the server is running and listens there");
/// ```
#[derive(Clone, Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    place: Arc<str>,
    detail: Arc<str>,
    /// Whether `detail` is what the source and those below it say.
    told_by_source: bool,
    /// Where there is better advice than the kind's.
    help: Option<&'static str>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl TransportError {
    /// An error of `kind` at `place` (host and port, or a URL without credentials); `detail` says what happened there.
    #[must_use]
    pub fn new(kind: TransportErrorKind, place: &str, detail: &str) -> Self {
        Self {
            kind,
            place: place.into(),
            detail: detail.into(),
            told_by_source: false,
            help: None,
            source: None,
        }
    }

    /// An error of ours about TLS, without rustls's own words.
    #[cfg(feature = "http-transport")]
    pub(super) fn in_words(kind: TransportErrorKind, place: &str, words: &Words) -> Self {
        Self {
            help: words.help,
            ..Self::new(kind, place, &words.detail)
        }
    }

    /// The same error, caused by `source`.
    ///
    /// ```
    /// use std::error::Error;
    /// use wellspring::transport::{TransportError, TransportErrorKind};
    ///
    /// let error = TransportError::new(TransportErrorKind::Other, "", "").with_source(std::io::Error::other("why"));
    /// assert_eq!(error.source().unwrap().to_string(), "why");
    /// assert_eq!(error.to_string(), "the request failed");
    /// assert_eq!(format!("{error:#}"), "the request failed: why");
    /// ```
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// Creates an error of `kind` at `place` whose detail is `source` and the causes below it.
    #[must_use]
    pub fn caused_by(
        kind: TransportErrorKind,
        place: &str,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        let source = source.into();
        #[cfg(feature = "http-transport")]
        if let Some(words) = words::of(source.as_ref()) {
            return Self::in_words(kind, place, &words);
        }
        let mut error = Self::new(kind, place, &chain(source.as_ref()));
        error.told_by_source = true;
        error.with_source(source)
    }

    /// The same error, with better advice than that of its kind.
    #[cfg(feature = "http-transport")]
    pub(super) fn with_help(mut self, help: &'static str) -> Self {
        self.help = Some(help);
        self
    }

    /// The same error, said of another place.
    #[cfg(feature = "http-transport")]
    pub(super) fn at(mut self, place: &str) -> Self {
        self.place = place.into();
        self
    }

    /// The kind of failure.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Where it happened: host and port, or a URL. Empty when unknown.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.place
    }

    /// What happened there, in a few words.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Returns what to do about it, in a few words.
    #[must_use]
    pub fn help(&self) -> &str {
        self.help.unwrap_or_else(|| self.kind.advice())
    }

    /// As its text, behind a text that has said `host` already, a host and a port.
    pub(crate) fn fmt_behind(&self, host: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.what())?;
        match self.place.strip_prefix(host) {
            // Such as " through http://proxy:8080".
            Some(way) if !host.is_empty() && (way.is_empty() || way.starts_with(' ')) => {
                f.write_str(way)?;
            }
            _ if self.place.is_empty() => {}
            _ => write!(f, ": {}", self.place)?,
        }
        if !self.detail.is_empty() && (f.alternate() || !self.told_by_source) {
            write!(f, ": {}", self.detail)?;
        }
        match &self.source {
            Some(source) if f.alternate() && !self.told_by_source => {
                write!(f, ": {}", chain(source.as_ref()))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fmt_behind("", f)
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}
