//! In: an endpoint, and the way to it. Out: a connection to it, through proxies and TLS as need be, and what is spoken
//! on it. What a plain connection has no need of is boxed, so that it does not pay for it in memory.
//! Next: `connect.rs`, `proxy.rs`, `tls.rs`.

use std::path::Path;

use super::connect::{self, Endpoint, Io};
use super::http2::Dialled;
use super::proxy::{Proxy, Scheme, ask_socks, open_tunnel};
use super::tls::Tls;
use super::{Route, TcpKeepAlive, TransportError, TransportErrorKind};

/// Connects to `endpoint`; `http2` is spoken without asking when it is known beforehand.
pub(super) async fn dial(
    tls: &Tls,
    endpoint: &Endpoint,
    http2: bool,
    keep_alive: TcpKeepAlive,
) -> Result<Dialled, TransportError> {
    match &endpoint.route {
        Route::Direct => {
            let socket = connect::connect(&endpoint.host, endpoint.port, keep_alive).await?;
            speak(tls, endpoint, http2, socket).await
        }
        Route::UnixSocket(path) => {
            let socket = connect_unix(path).await?;
            speak(tls, endpoint, http2, socket).await
        }
        Route::Proxy(proxy) => {
            let socket = connect::connect(proxy.host(), proxy.port(), keep_alive).await;
            let socket = socket.map_err(|error| of_proxy(proxy, error))?;
            if proxy.scheme() == Scheme::Https {
                let place = proxy.to_string();
                let connecting = tls.connect_to_proxy(socket, proxy.host(), &place);
                let socket = Box::pin(connecting).await?;
                Box::pin(dial_through(tls, endpoint, http2, proxy, socket)).await
            } else {
                Box::pin(dial_through(tls, endpoint, http2, proxy, socket)).await
            }
        }
    }
}

async fn dial_through<I: Io + 'static>(
    tls: &Tls,
    endpoint: &Endpoint,
    http2: bool,
    proxy: &Proxy,
    mut io: I,
) -> Result<Dialled, TransportError> {
    match proxy.scheme() {
        Scheme::Socks { resolves_names } => {
            if resolves_names {
                ask_socks(&mut io, proxy, &endpoint.host, endpoint.port).await?;
            } else {
                let address = connect::first_address(&endpoint.host, endpoint.port).await?;
                ask_socks(&mut io, proxy, &address.ip().to_string(), address.port()).await?;
            }
        }
        Scheme::Http | Scheme::Https if endpoint.tls || http2 => {
            open_tunnel(&mut io, proxy, &endpoint.authority()).await?;
        }
        // It gets the request itself.
        Scheme::Http | Scheme::Https => {}
    }
    speak(tls, endpoint, http2, io).await
}

async fn speak<I: Io + 'static>(
    tls: &Tls,
    endpoint: &Endpoint,
    http2: bool,
    io: I,
) -> Result<Dialled, TransportError> {
    if !endpoint.tls {
        let io: Box<dyn Io> = Box::new(io);
        return Ok(Dialled { io, http2 });
    }
    let place = endpoint.place();
    let stream = Box::pin(tls.connect(io, &endpoint.host, &place)).await?;
    let negotiated = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    Ok(Dialled {
        io: Box::new(stream),
        http2: http2 || negotiated,
    })
}

/// The same error, said of the proxy.
fn of_proxy(proxy: &Proxy, error: TransportError) -> TransportError {
    error.at(&format!("the proxy {proxy}"))
}

#[cfg(unix)]
async fn connect_unix(path: &Path) -> Result<impl Io + 'static, TransportError> {
    let socket = tokio::net::UnixStream::connect(path).await;
    socket.map_err(|error| {
        let place = path.display().to_string();
        TransportError::caused_by(TransportErrorKind::Connect, &place, error)
    })
}

#[cfg(not(unix))]
async fn connect_unix(path: &Path) -> Result<tokio::net::TcpStream, TransportError> {
    let detail = "this system has no Unix domain sockets";
    let place = path.display().to_string();
    let kind = TransportErrorKind::Unsupported;
    Err(TransportError::new(kind, &place, detail))
}
