//! In: the URL of a proxy. Out: [`Proxy`], and [`Route`], which way a request leaves.
//! Next: `proxy/bypass.rs` (what goes past it), `proxy/environment.rs`, `proxy/tunnel.rs`, `proxy/socks.rs`.

mod bypass;
#[cfg(feature = "http-transport")]
mod environment;
#[cfg(feature = "http-transport")]
mod socks;
#[cfg(feature = "http-transport")]
mod tunnel;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use url::Url;

use self::bypass::Bypass;
#[cfg(feature = "http-transport")]
pub(super) use self::environment::Environment;
#[cfg(feature = "http-transport")]
pub(super) use self::{socks::ask as ask_socks, tunnel::open as open_tunnel};
use super::basic_auth::percent_decode;
use super::{TransportError, TransportErrorKind};

/// Which way a request leaves this machine.
///
/// ```
/// use wellspring::transport::Route;
///
/// let route = Route::UnixSocket("/run/news.sock".into());
/// assert_ne!(route, Route::Direct);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Route {
    /// To the host of the URL.
    #[default]
    Direct,
    /// Through a proxy, unless the host is one of those that [go past it](Proxy::except).
    Proxy(Proxy),
    /// To the Unix domain socket at this path, whatever the host of the URL. On Unix only.
    UnixSocket(PathBuf),
}

/// A proxy: HTTP, HTTPS or SOCKS5, with its user and password if it wants them.
///
/// `http` URLs are asked for through an HTTP proxy in absolute form; for `https`, and for HTTP/2 with prior knowledge, it
/// is asked for a tunnel (`CONNECT`). An `https` proxy is itself spoken to over TLS. With `socks5` names are resolved
/// here, with `socks5h` by the proxy.
///
/// ```
/// use wellspring::transport::Proxy;
///
/// let proxy = Proxy::new("http://user:secret@proxy.example:3128")?.except("localhost, .internal, 10.0.0.0/8");
/// assert_eq!(format!("{proxy:?}"), "Proxy(http://proxy.example:3128)");
/// # Ok::<(), wellspring::transport::TransportError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Proxy {
    description: Arc<Description>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Description {
    scheme: Scheme,
    host: String,
    port: u16,
    /// User and password.
    credentials: Option<(Vec<u8>, Vec<u8>)>,
    bypass: Bypass,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(not(feature = "http-transport"), allow(dead_code))]
pub(super) enum Scheme {
    Http,
    Https,
    Socks { resolves_names: bool },
}

impl Scheme {
    fn of(name: &str) -> Option<(Self, u16)> {
        Some(match name {
            "http" => (Self::Http, 80),
            "https" => (Self::Https, 443),
            "socks5" | "socks5h" => {
                let resolves_names = name == "socks5h";
                (Self::Socks { resolves_names }, 1080)
            }
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Socks { resolves_names } if resolves_names => "socks5h",
            Self::Socks { .. } => "socks5",
        }
    }
}

impl Proxy {
    /// The proxy at `url`: `http`, `https`, `socks5` or `socks5h`, `http` when there is no scheme. The ports are 80, 443
    /// and 1080 unless another is given. Reserved characters in user and password are percent-encoded.
    ///
    /// # Errors
    /// [`TransportErrorKind::InvalidRequest`] for what is no such URL. The error does not repeat it: it may hold a password.
    pub fn new(url: impl AsRef<str>) -> Result<Self, TransportError> {
        let invalid = |detail: &str| {
            let place = "the proxy's URL";
            TransportError::new(TransportErrorKind::InvalidRequest, place, detail)
        };
        let text = url.as_ref().trim();
        let url = if text.contains("://") {
            Url::parse(text)
        } else {
            Url::parse(&format!("http://{text}"))
        };
        let url = url.map_err(|error| invalid(&error.to_string()))?;
        let (scheme, port) = Scheme::of(url.scheme())
            .ok_or_else(|| invalid("the scheme must be http, https, socks5 or socks5h"))?;
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| invalid("there is no host"))?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let named = !url.username().is_empty() || url.password().is_some();
        let credentials = named.then(|| {
            let password = url.password().unwrap_or_default();
            (percent_decode(url.username()), percent_decode(password))
        });
        Ok(Self {
            description: Arc::new(Description {
                scheme,
                host: host.to_ascii_lowercase(),
                port: url.port().unwrap_or(port),
                credentials,
                bypass: Bypass::default(),
            }),
        })
    }

    /// The same, but these hosts are connected to without it. The list is that of the environment variable `no_proxy`:
    /// names, which take their subdomains along, addresses, networks as in `10.0.0.0/8`, each with a port if only that is
    /// meant, with commas or white space between; `*` for all.
    #[must_use]
    pub fn except(mut self, hosts: impl AsRef<str>) -> Self {
        let description = Arc::make_mut(&mut self.description);
        description.bypass = Bypass::parse(hosts.as_ref());
        self
    }
}

#[cfg(feature = "http-transport")]
impl Proxy {
    pub(super) fn scheme(&self) -> Scheme {
        self.description.scheme
    }

    pub(super) fn host(&self) -> &str {
        &self.description.host
    }

    pub(super) fn port(&self) -> u16 {
        self.description.port
    }

    pub(super) fn credentials(&self) -> Option<(&[u8], &[u8])> {
        let (user, password) = self.description.credentials.as_ref()?;
        Some((user, password))
    }

    /// `Proxy-Authorization`, for an HTTP proxy that wants it.
    pub(super) fn authorization(&self) -> Option<http::HeaderValue> {
        let (user, password) = self.credentials()?;
        Some(super::basic_auth::basic_authorization(user, password))
    }

    pub(super) fn passes_by(&self, host: &str, port: u16) -> bool {
        self.description.bypass.matches(host, port)
    }
}

impl fmt::Display for Proxy {
    /// Without user and password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Description { host, port, .. } = &*self.description;
        let scheme = self.description.scheme.name();
        if host.contains(':') {
            write!(f, "{scheme}://[{host}]:{port}")
        } else {
            write!(f, "{scheme}://{host}:{port}")
        }
    }
}

/// Without user and password.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

#[cfg(test)]
mod tests;
