//! In: the user's settings. Out: [`TransportOptions`], what `HttpTransport` is built from.
//! Next: `http_transport.rs`.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::{Proxy, Route, TcpKeepAlive};

/// How the default transport connects.
///
/// ```
/// use std::time::Duration;
/// use wellspring::transport::{HttpTransport, TransportOptions};
///
/// let options = TransportOptions::new()
///     .connect_timeout(Duration::from_secs(5))
///     .http2_keep_alive(Duration::from_secs(30), Duration::from_secs(10));
/// let transport = HttpTransport::new(options)?;
/// # let _ = transport;
/// # Ok::<(), wellspring::transport::TransportError>(())
/// ```
#[derive(Clone)]
pub struct TransportOptions {
    pub(super) connect_timeout: Duration,
    pub(super) tcp_keep_alive: TcpKeepAlive,
    pub(super) http2: bool,
    pub(super) http2_prior_knowledge: bool,
    pub(super) http2_keep_alive: Option<KeepAlive>,
    pub(super) route: Option<Route>,
    pub(super) built_in_roots: bool,
    pub(super) roots_pem: Vec<Vec<u8>>,
    pub(super) roots_der: Vec<Vec<u8>>,
    pub(super) client_certificate_pem: Option<Vec<u8>>,
    pub(super) accept_invalid_certificates: bool,
}

/// When to ask a silent HTTP/2 peer whether it is there, and how long to wait for the answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeepAlive {
    pub(super) interval: Duration,
    pub(super) timeout: Duration,
}

impl TransportOptions {
    /// The defaults: 30 s to connect, TCP keep-alive, HTTP/2 where TLS negotiates it, the built-in roots, no client certificate, and the
    /// proxies of the environment.
    ///
    /// These are `http_proxy`, `https_proxy` and `all_proxy`, with `no_proxy` for exceptions, read when the transport is
    /// made; upper case counts too, but not for `HTTP_PROXY`, which a CGI server makes of a client's header. Loopback
    /// addresses and `localhost` are never reached through them.
    #[must_use]
    pub fn new() -> Self {
        Self {
            connect_timeout: Duration::from_secs(30),
            tcp_keep_alive: TcpKeepAlive::default(),
            http2: true,
            http2_prior_knowledge: false,
            http2_keep_alive: None,
            route: None,
            built_in_roots: true,
            roots_pem: Vec::new(),
            roots_der: Vec::new(),
            client_certificate_pem: None,
            accept_invalid_certificates: false,
        }
    }

    /// How long resolving, connecting and the TLS handshake may take together. 30 s by default.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets when the system probes a silent TCP connection, and when it gives it up. After 60 s, every 15 s, and after
    /// 4 probes by default; [`TcpKeepAlive::off`] sends none.
    #[must_use]
    pub fn tcp_keep_alive(mut self, keep_alive: TcpKeepAlive) -> Self {
        self.tcp_keep_alive = keep_alive;
        self
    }

    /// Whether HTTP/2 is offered to TLS servers (by ALPN). On by default.
    #[must_use]
    pub fn http2(mut self, enabled: bool) -> Self {
        self.http2 = enabled;
        self
    }

    /// Whether servers are taken to speak HTTP/2 without negotiation, `http` ones too. Off by default.
    #[must_use]
    pub fn http2_prior_knowledge(mut self, enabled: bool) -> Self {
        self.http2_prior_knowledge = enabled;
        self
    }

    /// Pings an HTTP/2 peer every `interval`, and gives the connection up when the answer, and everything else the peer
    /// may say, takes longer than `timeout`. Off by default. Whatever is said here, a peer is also pinged when a stream is given up while others are left on its
    /// connection, and has `timeout`, or 10 s, to answer. Intervals under a second count as a second, times over a year as a year.
    #[must_use]
    pub fn http2_keep_alive(mut self, interval: Duration, timeout: Duration) -> Self {
        let year = Duration::from_secs(365 * 24 * 60 * 60);
        let interval = interval.clamp(Duration::from_secs(1), year);
        let timeout = timeout.min(year);
        self.http2_keep_alive = Some(KeepAlive { interval, timeout });
        self
    }

    /// Connects through this proxy, whatever the environment says.
    #[must_use]
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.route = Some(Route::Proxy(proxy));
        self
    }

    /// Connects without a proxy, whatever the environment says.
    #[must_use]
    pub fn no_proxy(mut self) -> Self {
        self.route = Some(Route::Direct);
        self
    }

    /// Connects to the Unix domain socket at this path, whatever the host of the URL. On Unix only.
    #[must_use]
    pub fn unix_socket(mut self, path: impl Into<PathBuf>) -> Self {
        self.route = Some(Route::UnixSocket(path.into()));
        self
    }

    /// Whether the platform's roots are trusted (feature `platform-roots`), or, where they cannot be loaded or the feature
    /// is off, those of Mozilla's programme (feature `webpki-roots`). On by default; when off, only roots added here count.
    #[must_use]
    pub fn built_in_roots(mut self, enabled: bool) -> Self {
        self.built_in_roots = enabled;
        self
    }

    /// Also trusts the root certificates in `pem`, one or several, and a server that presents one of them itself, byte
    /// for byte: a self-signed certificate, say. Names and dates are checked in any case.
    #[must_use]
    pub fn root_certificates_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots_pem.push(pem.into());
        self
    }

    /// Also trusts the root certificate `der`, as [`root_certificates_pem`](Self::root_certificates_pem) does.
    #[must_use]
    pub fn root_certificate_der(mut self, der: impl Into<Vec<u8>>) -> Self {
        self.roots_der.push(der.into());
        self
    }

    /// Presents a client certificate: its chain, leaf first, and its private key (PKCS #8, PKCS #1 or SEC1), all in `pem`.
    #[must_use]
    pub fn client_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.client_certificate_pem = Some(pem.into());
        self
    }

    /// Accepts any server certificate: expired, for another name, from an unknown issuer, of X.509 version 1, with a
    /// key of any kind and size. The handshake's signature is not checked either, since it would prove nothing.
    /// Anyone between the two can then read and change everything. For tests only.
    ///
    /// What is left is what rustls speaks: TLS 1.2 with ECDHE and AEAD ciphers, and TLS 1.3. Servers that offer only TLS
    /// 1.1 or older, RSA key exchange or CBC ciphers cannot be connected to, nor those with a key on P-521 or Ed448 over TLS
    /// 1.2.
    #[must_use]
    pub fn danger_accept_invalid_certificates(mut self, accept: bool) -> Self {
        self.accept_invalid_certificates = accept;
        self
    }
}

impl Default for TransportOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for TransportOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportOptions")
            .field("connect_timeout", &self.connect_timeout)
            .field("tcp_keep_alive", &self.tcp_keep_alive)
            .field("http2", &self.http2)
            .field("http2_prior_knowledge", &self.http2_prior_knowledge)
            .field("http2_keep_alive", &self.http2_keep_alive)
            .field("route", &self.route)
            .field("built_in_roots", &self.built_in_roots)
            .field(
                "extra_roots",
                &(self.roots_pem.len() + self.roots_der.len()),
            )
            .field("client_certificate", &self.client_certificate_pem.is_some())
            .field(
                "accept_invalid_certificates",
                &self.accept_invalid_certificates,
            )
            .finish()
    }
}
