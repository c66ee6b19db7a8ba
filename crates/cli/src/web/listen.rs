//! A listening socket. In: an address, and what to do when it is taken. Out: the socket and where it
//! is, or why there is none.
//!
//! Next: `connections.rs` accepts.

use std::io;
use std::net::SocketAddr;

use tokio::net::TcpListener;

use crate::exit::Ending;
use crate::output::note;

/// What to do when the port cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IfTaken {
    /// Take any other, and say so.
    UseAnother,
    Fail,
}

/// Listens on this address.
pub(crate) async fn listen(
    wanted: SocketAddr,
    if_taken: IfTaken,
) -> Result<(TcpListener, SocketAddr), Ending> {
    let error = match bind(wanted).await {
        Ok(bound) => return Ok(bound),
        Err(error) => error,
    };
    let (host, port) = (wanted.ip(), wanted.port());
    let why = match error.kind() {
        io::ErrorKind::AddrInUse => "is taken".to_owned(),
        _ => format!("cannot be had ({error})"),
    };
    if if_taken == IfTaken::Fail {
        return Err(Ending::failed(format_args!(
            "port {port} on {host} {why}; --port 0 takes any that is free"
        )));
    }
    let bound = bind(SocketAddr::new(host, 0)).await;
    let (listener, address) =
        bound.map_err(|error| Ending::failed(format_args!("cannot listen on {host}: {error}")))?;
    note(&format!(
        "wellspring: port {port} {why}; using {} instead",
        address.port()
    ));
    Ok((listener, address))
}

async fn bind(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
