//! In: nothing. Out: the kinds of a [`TransportError`](super::TransportError), the words for each, and the advice.
//! Next: back to `../error.rs`.

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

    pub(super) fn what(self) -> &'static str {
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
            Self::Expansion => "the decompressed body exceeds the expansion limit",
            Self::InvalidRequest => "the request cannot be sent",
            Self::Unsupported => "not supported",
            Self::Other => "the request failed",
        }
    }

    pub(super) fn advice(self) -> &'static str {
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
