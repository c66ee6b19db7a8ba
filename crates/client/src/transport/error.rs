//! In: what went wrong on one hop. Out: [`TransportError`], which says what failed, where, and what to do about it.
//! Next: `body.rs`.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

#[cfg(feature = "http-transport")]
use super::tls::words::{self, Words};

/// What kind of thing went wrong on the way to, or in the middle of, a response.
///
/// ```
/// use wellspring::transport::{TransportError, TransportErrorKind};
///
/// let error = TransportError::new(TransportErrorKind::Dns, "example.invalid:443", "the name has no address");
/// assert_eq!(error.kind(), TransportErrorKind::Dns);
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransportErrorKind {
    /// The host name could not be resolved.
    Dns,
    /// No address of the host accepted a connection.
    Connect,
    /// Resolving, connecting and the TLS handshake took longer than the connect timeout.
    ConnectTimeout,
    /// The TLS handshake failed, certificates included.
    Tls,
    /// A proxy did not do its part. The request was not sent.
    Proxy,
    /// What the peer sent is not valid HTTP.
    Protocol,
    /// The connection ended before the response's head was complete.
    Closed,
    /// The response's body ended before it was complete, or broke off with an error.
    Body,
    /// The response's body is not what its content coding says.
    ContentCoding,
    /// The response's body decodes to more than is allowed; trying again will not help.
    Expansion,
    /// The request itself cannot be sent; trying again will not help.
    InvalidRequest,
    /// The transport was built or configured without what the request needs; trying again will not help.
    Unsupported,
    /// Anything else.
    Other,
}

impl TransportErrorKind {
    /// Whether the same request would fail the same way for ever: it cannot be built, is not supported, or its
    /// response exceeds a limit.
    ///
    /// ```
    /// use wellspring::transport::TransportErrorKind;
    ///
    /// assert!(TransportErrorKind::InvalidRequest.is_permanent());
    /// assert!(!TransportErrorKind::Tls.is_permanent());
    /// ```
    #[must_use]
    pub fn is_permanent(self) -> bool {
        matches!(
            self,
            Self::Expansion | Self::InvalidRequest | Self::Unsupported
        )
    }

    fn what(self) -> &'static str {
        match self {
            Self::Dns => "cannot resolve the host",
            Self::Connect => "cannot connect",
            Self::ConnectTimeout => "connecting took too long",
            Self::Tls => "TLS failed",
            Self::Proxy => "the proxy does not connect",
            Self::Protocol => "the response is not valid HTTP",
            Self::Closed => "the connection closed before a response",
            Self::Body => "the response broke off",
            Self::ContentCoding => "the response's body cannot be decoded",
            Self::Expansion => "the response's body is too large for its size",
            Self::InvalidRequest => "the request cannot be sent",
            Self::Unsupported => "not supported",
            Self::Other => "the request failed",
        }
    }

    fn advice(self) -> &'static str {
        match self {
            Self::Dns => "check the host name and the network's name server",
            Self::Connect => "check that the server is running and listens there",
            Self::ConnectTimeout => {
                "check that the server can be reached, or allow a longer connect timeout"
            }
            Self::Tls => "check that the server speaks TLS 1.2 or 1.3, and how it is configured",
            Self::Proxy => "check the proxy's address, user and password, or go without it",
            Self::Protocol => "check that the URL's scheme and port belong to an HTTP server",
            Self::Closed | Self::Body => {
                "the server or a proxy in between closed the connection; try again"
            }
            Self::ContentCoding => {
                "correct the server's compression, or ask for 'Accept-Encoding: identity'"
            }
            Self::Expansion => "allow a larger expansion if the server can be trusted",
            Self::InvalidRequest => "correct the request",
            Self::Unsupported => "enable the feature or option",
            Self::Other => "see the cause",
        }
    }
}

/// One hop failed, before its response or in the middle of its body.
///
/// Cheap to clone. [`source`](Error::source) is the error underneath, where there was one.
///
/// ```
/// use wellspring::transport::{TransportError, TransportErrorKind};
///
/// let error = TransportError::new(TransportErrorKind::Connect, "127.0.0.1:8080", "connection refused");
/// assert_eq!(
///     error.to_string(),
///     "cannot connect: 127.0.0.1:8080: connection refused (check that the server is running and listens there)"
/// );
/// ```
#[derive(Clone, Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    place: Arc<str>,
    detail: Arc<str>,
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
    /// ```
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// An error of `kind` at `place` whose detail is `source` and the causes below it.
    pub(crate) fn caused_by(
        kind: TransportErrorKind,
        place: &str,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        let source = source.into();
        #[cfg(feature = "http-transport")]
        if let Some(words) = words::of(source.as_ref()) {
            return Self::in_words(kind, place, &words);
        }
        Self::new(kind, place, &chain(source.as_ref())).with_source(source)
    }

    /// The same error, with better advice than that of its kind.
    #[cfg(feature = "http-transport")]
    pub(super) fn with_help(mut self, help: &'static str) -> Self {
        self.help = Some(help);
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
    ///
    /// ```
    /// use wellspring::transport::{TransportError, TransportErrorKind};
    ///
    /// let error = TransportError::new(TransportErrorKind::Dns, "example.invalid:443", "the name has no address");
    /// assert_eq!(error.help(), "check the host name and the network's name server");
    /// ```
    #[must_use]
    pub fn help(&self) -> &str {
        self.help.unwrap_or_else(|| self.kind.advice())
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.what())?;
        for part in [&self.place, &self.detail] {
            if !part.is_empty() {
                write!(f, ": {part}")?;
            }
        }
        write!(f, " ({})", self.help())
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}

/// An error and its causes in one line, without saying the same thing twice.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let said = cause.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        next = cause.source();
    }
    text
}
