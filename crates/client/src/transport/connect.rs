//! In: where to connect. Out: a TCP connection, from whichever address of the host answers first (RFC 8305).
//! Next: `tls.rs`.

use std::future::{Future, poll_fn};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::future::BoxFuture;
use http::Uri;
use http::uri::Scheme;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::localhost::{LOOPBACK, is_localhost};
use super::{Route, TcpKeepAlive, TransportError, TransportErrorKind, shortened};

/// How long an attempt may take before the next address is tried beside it (RFC 8305, section 5).
const STAGGER: Duration = Duration::from_millis(250);

/// Where a request goes; requests to equal endpoints may share a connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Endpoint {
    pub(super) tls: bool,
    /// A name or an address, IPv6 without brackets.
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) route: Route,
}

impl Endpoint {
    /// The endpoint of an absolute `http` or `https` URI.
    pub(super) fn of(uri: &Uri) -> Result<Self, TransportError> {
        let invalid = |detail: &str| {
            let uri = uri.to_string();
            TransportError::new(TransportErrorKind::InvalidRequest, &shortened(&uri), detail)
        };
        let tls = match uri.scheme() {
            Some(scheme) if *scheme == Scheme::HTTPS => true,
            Some(scheme) if *scheme == Scheme::HTTP => false,
            _ => return Err(invalid("the URL's scheme must be http or https")),
        };
        let host = uri
            .host()
            .filter(|host| !host.is_empty())
            .ok_or_else(|| invalid("the URL has no host"))?;
        let host = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
        let route = Route::Direct;
        Ok(Self {
            tls,
            host,
            port,
            route,
        })
    }

    /// `host:port`.
    pub(super) fn authority(&self) -> String {
        authority(&self.host, self.port)
    }

    /// The same and the way there, for errors.
    pub(super) fn place(&self) -> String {
        let authority = self.authority();
        match &self.route {
            Route::Direct => authority,
            Route::Proxy(proxy) => format!("{authority} through {proxy}"),
            Route::UnixSocket(path) => format!("{authority} at {}", path.display()),
        }
    }
}

fn authority(host: &str, port: u16) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// Resolves the host and connects to it.
pub(super) async fn connect(
    host: &str,
    port: u16,
    keep_alive: TcpKeepAlive,
) -> Result<TcpStream, TransportError> {
    let addresses = resolve(host, port).await?;
    let socket = race(interleave(&addresses), &authority(host, port)).await?;
    // A request is one small write that should leave at once; a socket that refuses the option still works.
    let _ = socket.set_nodelay(true);
    keep_alive_on(&socket, keep_alive);
    Ok(socket)
}

/// Likewise, a socket that refuses it works without.
fn keep_alive_on(socket: &TcpStream, keep_alive: TcpKeepAlive) {
    if let Some((idle, interval, probes)) = keep_alive.times() {
        let keep_alive = socket2::TcpKeepalive::new().with_time(idle);
        // Other systems do not let a program choose these.
        #[cfg(any(
            target_os = "android",
            target_os = "freebsd",
            target_os = "ios",
            target_os = "linux",
            target_os = "macos",
            target_os = "netbsd",
            target_os = "windows",
        ))]
        let keep_alive = keep_alive.with_interval(interval).with_retries(probes);
        let _ = (interval, probes);
        let _ = socket2::SockRef::from(socket).set_tcp_keepalive(&keep_alive);
    }
}

/// The resolver's first choice.
pub(super) async fn first_address(host: &str, port: u16) -> Result<SocketAddr, TransportError> {
    Ok(resolve(host, port).await?[0])
}

/// At least one address.
async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, TransportError> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    if is_localhost(host) {
        return Ok(LOOPBACK
            .map(|address| SocketAddr::new(address, port))
            .into());
    }
    let place = authority(host, port);
    let found = tokio::net::lookup_host((host, port)).await;
    let addresses: Vec<_> = found
        .map_err(|error| TransportError::caused_by(TransportErrorKind::Dns, &place, error))?
        .collect();
    if addresses.is_empty() {
        let detail = "the name has no address";
        return Err(TransportError::new(TransportErrorKind::Dns, &place, detail));
    }
    Ok(addresses)
}

/// Alternates the address families, beginning with the resolver's first choice.
pub(super) fn interleave(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let first_is_v6 = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) = addresses
        .iter()
        .copied()
        .partition(|address| address.is_ipv6() == first_is_v6);
    let mut second = second.into_iter();
    let mut order = Vec::with_capacity(addresses.len());
    for address in first {
        order.push(address);
        order.extend(second.next());
    }
    order.extend(second);
    order
}

/// Tries the addresses in order, the next one when the last failed or [`STAGGER`] passed. The first connection wins;
/// the others are dropped.
pub(super) async fn race(
    addresses: Vec<SocketAddr>,
    place: &str,
) -> Result<TcpStream, TransportError> {
    let mut race = Race {
        waiting: addresses.into_iter(),
        running: Vec::new(),
        failures: Vec::new(),
    };
    let mut stagger = pin!(sleep_until(Instant::now()));
    race.start_next(stagger.as_mut());
    match poll_fn(|cx| race.poll(stagger.as_mut(), cx)).await {
        Some(socket) => Ok(socket),
        None => Err(race.into_error(place)),
    }
}

struct Race {
    waiting: std::vec::IntoIter<SocketAddr>,
    running: Vec<(SocketAddr, BoxFuture<'static, io::Result<TcpStream>>)>,
    failures: Vec<(SocketAddr, io::Error)>,
}

impl Race {
    fn start_next(&mut self, stagger: Pin<&mut Sleep>) {
        if let Some(address) = self.waiting.next() {
            self.running
                .push((address, Box::pin(TcpStream::connect(address))));
            stagger.reset(Instant::now() + STAGGER);
        }
    }

    /// The winner, or `None` when every address failed.
    fn poll(
        &mut self,
        mut stagger: Pin<&mut Sleep>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<TcpStream>> {
        loop {
            let failed_before = self.failures.len();
            let mut index = 0;
            while index < self.running.len() {
                match self.running[index].1.as_mut().poll(cx) {
                    Poll::Ready(Ok(socket)) => return Poll::Ready(Some(socket)),
                    Poll::Ready(Err(error)) => {
                        let (address, _) = self.running.remove(index);
                        self.failures.push((address, error));
                    }
                    Poll::Pending => index += 1,
                }
            }
            if self.waiting.len() == 0 {
                return if self.running.is_empty() {
                    Poll::Ready(None)
                } else {
                    Poll::Pending
                };
            }
            if self.failures.len() == failed_before && stagger.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            self.start_next(stagger.as_mut());
        }
    }

    fn into_error(self, place: &str) -> TransportError {
        let kind = TransportErrorKind::Connect;
        let is_out_of_files = self.failures.iter().any(|(_, error)| out_of_files(error));
        let mut failures = self.failures;
        let error = if failures.len() == 1
            && let Some((address, error)) = failures.pop()
        {
            if address.to_string() == place {
                TransportError::caused_by(kind, place, error)
            } else {
                TransportError::new(kind, place, &address.to_string()).with_source(error)
            }
        } else {
            let told = failures
                .iter()
                .map(|(address, error)| format!("{address}: {error}"));
            TransportError::new(kind, place, &told.collect::<Vec<_>>().join("; "))
        };
        if is_out_of_files {
            return error
                .with_help("allow this program more open files, or open fewer connections");
        }
        error
    }
}

/// Whether this process, or the system, has as many files open as it may: `EMFILE`, `ENFILE`.
fn out_of_files(error: &io::Error) -> bool {
    cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24))
}

/// A byte stream to a server, whatever it is made of.
pub(super) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}
