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
/// How long the kernel waits for an answer before it asks again.
const QUESTIONS: Duration = Duration::from_secs(15);
/// After so many questions without an answer the connection is closed. Windows has a number of its own.
const MOST_QUESTIONS: u32 = 4;

/// How many bytes that were not yet sent the kernel may hold for a client: one frame. What is sent and not
/// yet acknowledged is bounded by the client's window.
const UNSENT: u32 = 16 << 10;

/// Accepts connections for [`serve`](crate::serve()). The methods are those of axum's trait of the same name, so a
/// type that implements one implements the other in a few lines.
///
/// Implemented for two listeners of tokio's:
///
/// | listener | what it sets on each connection |
/// |---|---|
/// | `TcpListener` | `TCP_NODELAY`; keep-alive: after 60 s of silence the kernel asks every 15 s, and gives the client up after 4 questions; on Linux `TCP_NOTSENT_LOWAT` of 16 KiB, elsewhere a send buffer of 64 KiB |
/// | `UnixListener`, on Unix | nothing |
///
/// These settings are what lets a server notice clients that vanished without a word, and keeps the memory of one
/// that does not read small. A listener of your own should make them too. A setting that the system refuses is left
/// off, without an error.
pub trait Listener: Send + 'static {
    /// A connection. Dropping it closes it.
    type Io: AsyncRead + AsyncWrite + Unpin + Send + 'static;
    /// The client's address; [`Serve::with_extensions`](crate::Serve::with_extensions) gets it.
    type Addr: Send + 'static;

    /// Accepts the next connection.
    ///
    /// There is no error to return: a listener that cannot accept, because the process has no file descriptors left
    /// for example, waits until it can. tokio's listeners try again after 100 ms.
    ///
    /// The future may be dropped before it is done, and must not lose a connection then: `serve` drops it when it
    /// is time to stop.
    fn accept(&mut self) -> impl Future<Output = (Self::Io, Self::Addr)> + Send;

    /// Returns the address it listens on, with the port that the system chose if it was bound to port 0.
    ///
    /// # Errors
    /// Those of the system, or of the listener inside.
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

/// Sets what a socket needs for streams. Errors are ignored: the connection works without, with more memory and
/// later notice of clients that vanish.
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

/// Waits 100 ms after an error that will come again, such as too few file descriptors. A client that went away
/// before it was accepted is no reason to wait.
async fn pause(error: &io::Error) {
    let gone = matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    );
    if !gone {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
