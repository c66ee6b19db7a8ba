//! Listening sockets. In: addresses, and what to do when the port is taken. Out: a socket for each, all
//! on one port, or why there is none.
//!
//! Next: `connections.rs` accepts.

use std::future::{Future, poll_fn};
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::task::Poll;

use tokio::net::{TcpListener, TcpStream};
use wellspring_server::Listener;

use crate::args::ListenHost;
use crate::exit::Ending;
use crate::note::note;

/// How many ports are tried when any will do and several addresses have to share it.
const ATTEMPTS: u32 = 16;

/// What to do when the port cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IfTaken {
    /// Take any other, and say so.
    UseAnother,
    Fail,
}

/// Sockets that listen on the same port of several addresses.
#[derive(Debug)]
pub(crate) struct Listeners {
    sockets: Vec<TcpListener>,
    /// Theirs; there is at least one.
    addresses: Vec<SocketAddr>,
}

impl Listeners {
    pub(crate) fn port(&self) -> u16 {
        self.addresses.first().map_or(0, SocketAddr::port)
    }

    /// Whether only programs on this machine reach them.
    pub(crate) fn are_on_loopback(&self) -> bool {
        let mut ips = self.addresses.iter().map(SocketAddr::ip);
        ips.all(|ip| ip.to_canonical().is_loopback())
    }
}

impl Listener for Listeners {
    type Io = TcpStream;
    type Addr = SocketAddr;

    /// The next connection to any of them.
    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        let mut accepting: Vec<_> = self
            .sockets
            .iter_mut()
            .map(|socket| Box::pin(Listener::accept(socket)))
            .collect();
        poll_fn(|cx| {
            let mut polled = accepting
                .iter_mut()
                .map(|accepting| accepting.as_mut().poll(cx));
            polled.find(Poll::is_ready).unwrap_or(Poll::Pending)
        })
        .await
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        let address = self.addresses.first().copied();
        address.ok_or_else(|| ErrorKind::NotConnected.into())
    }
}

/// Listens on this port of every address that the host has.
pub(crate) async fn listen(
    host: &ListenHost,
    port: u16,
    if_taken: IfTaken,
) -> Result<Listeners, Ending> {
    let ips = resolve(host).await?;
    let error = match bind(&ips, port).await {
        Ok(bound) => return Ok(bound),
        Err(error) => error,
    };
    let why = match error.kind() {
        ErrorKind::AddrInUse => "is taken".to_owned(),
        _ => format!("cannot be had ({error})"),
    };
    if if_taken == IfTaken::Fail {
        return Err(Ending::failed(format_args!(
            "port {port} on {host} {why}; --port 0 takes any that is free"
        )));
    }
    let bound = bind(&ips, 0).await;
    let bound =
        bound.map_err(|error| Ending::failed(format_args!("cannot listen on {host}: {error}")))?;
    note(&format!(
        "wellspring: port {port} {why}; using {} instead",
        bound.port()
    ));
    Ok(bound)
}

/// localhost is this machine, whatever a name server says (RFC 6761, section 6.3).
async fn resolve(host: &ListenHost) -> Result<Vec<IpAddr>, Ending> {
    let name = match host {
        ListenHost::Ip(ip) => return Ok(vec![*ip]),
        ListenHost::Name(name) if name == "localhost" || name.ends_with(".localhost") => {
            return Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
        }
        ListenHost::Name(name) => name,
    };
    let found = tokio::net::lookup_host((name.as_str(), 0)).await;
    let found = found.map_err(|error| {
        Ending::failed(format_args!("--host {name}: no address found: {error}"))
    })?;
    let mut ips = Vec::new();
    for ip in found.map(|address| address.ip()) {
        if !ips.contains(&ip) {
            ips.push(ip);
        }
    }
    Ok(ips)
}

/// Another program may have the chosen port on the second address: then another is chosen.
async fn bind(ips: &[IpAddr], port: u16) -> io::Result<Listeners> {
    let mut left = ATTEMPTS;
    loop {
        left -= 1;
        match bind_once(ips, port).await {
            Err(error) if error.kind() == ErrorKind::AddrInUse && port == 0 && left > 0 => {}
            done => return done,
        }
    }
}

/// Leaves out an address that this machine does not have, unless it has none of them.
async fn bind_once(ips: &[IpAddr], mut port: u16) -> io::Result<Listeners> {
    let mut bound = Listeners {
        sockets: Vec::new(),
        addresses: Vec::new(),
    };
    let mut absent = None;
    for ip in ips {
        let socket = match TcpListener::bind((*ip, port)).await {
            Err(error) if is_taken(&error) => return Err(error),
            Err(error) => {
                absent = Some(error);
                continue;
            }
            Ok(socket) => socket,
        };
        let address = socket.local_addr()?;
        port = address.port();
        bound.sockets.push(socket);
        bound.addresses.push(address);
    }
    match absent {
        Some(error) if bound.sockets.is_empty() => Err(error),
        _ => Ok(bound),
    }
}

/// Whether it is the port that cannot be had, and not the address.
fn is_taken(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::AddrInUse | ErrorKind::PermissionDenied
    )
}
