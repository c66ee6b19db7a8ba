//! Who accepts. In: a listening socket. Out: connections, set up for streams.
//!
//! Next: `accept.rs` asks for them, `handshake.rs` encrypts them.

use std::future::Future;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};

/// How long a client is silent before the kernel asks whether it is still there, and between its questions.
const SILENCE: Duration = Duration::from_secs(60);
const QUESTIONS: Duration = Duration::from_secs(15);
const MOST_QUESTIONS: u32 = 4;

/// How many bytes that were not yet sent the kernel may hold for a client: one frame. What is sent and not
/// yet acknowledged is bounded by the client's window.
const UNSENT: u32 = 16 << 10;

/// Accepts connections for [`serve`](crate::serve()). Of the same shape as axum's trait of this name, so that
/// what implements one implements the other in a few lines.
///
/// tokio's `TcpListener` sets `TCP_NODELAY`, asks after clients that were silent for a minute, and lets the
/// kernel hold 16 KiB that were not yet sent (`TCP_NOTSENT_LOWAT`, on Linux; elsewhere a send buffer of 64
/// KiB). tokio's `UnixListener` is one on Unix.
pub trait Listener: Send + 'static {
    /// A connection.
    type Io: AsyncRead + AsyncWrite + Unpin + Send + 'static;
    /// Where it comes from.
    type Addr: Send + 'static;

    /// Accepts the next connection. What cannot be accepted is the listener's to handle: it waits until it
    /// can accept again. May be dropped and called again at any time.
    fn accept(&mut self) -> impl Future<Output = (Self::Io, Self::Addr)> + Send;

    /// Returns the address it listens on.
    ///
    /// # Errors
    /// Those of the system.
    fn local_addr(&self) -> io::Result<Self::Addr>;
}

impl Listener for TcpListener {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            match Self::accept(self).await {
                Ok((socket, address)) => {
                    set_up(&socket);
                    return (socket, address);
                }
                Err(error) => pause(&error).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Self::local_addr(self)
    }
}

#[cfg(unix)]
impl Listener for tokio::net::UnixListener {
    type Io = tokio::net::UnixStream;
    type Addr = tokio::net::unix::SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            match Self::accept(self).await {
                Ok(accepted) => return accepted,
                Err(error) => pause(&error).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Self::local_addr(self)
    }
}

/// A connection serves without any of this too: less well.
fn set_up(socket: &TcpStream) {
    let _ = socket.set_nodelay(true);
    let socket = SockRef::from(socket);
    let keep_alive = TcpKeepalive::new()
        .with_time(SILENCE)
        .with_interval(QUESTIONS);
    #[cfg(not(target_os = "windows"))]
    let keep_alive = keep_alive.with_retries(MOST_QUESTIONS);
    let _ = socket.set_tcp_keepalive(&keep_alive);
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let _ = socket.set_tcp_notsent_lowat(UNSENT);
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let _ = socket.set_send_buffer_size(4 * UNSENT as usize);
}

/// A client that was gone before it was accepted is no reason to wait. Anything else is, mostly that there
/// are no more file descriptors: there will be some again.
async fn pause(error: &io::Error) {
    let gone = matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    );
    if !gone {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
