//! A channel on a socket. In: a channel, a certificate if wanted. Out: an HTTP/1.1 and HTTP/2 server on
//! loopback that can be cut off, and that can get another channel.
//!
//! Next: `tests/channel.rs`, `tests/http2.rs`.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinHandle};
use tokio_rustls::TlsAcceptor;
use wellspring_server::{Channel, EventStream, Start, Subscription};

/// Serves a channel at every path: live, or from the oldest event at `/oldest`. The reconnection time
/// is 100 ms. Dropping it ends everything at once.
#[derive(Debug)]
pub struct ChannelServer {
    address: SocketAddr,
    scheme: &'static str,
    state: Arc<State>,
    accepting: JoinHandle<()>,
}

#[derive(Debug)]
struct State {
    channel: Mutex<Channel>,
    connections: Mutex<Vec<AbortHandle>>,
    accepted: AtomicUsize,
    /// What each request brought as its last event ID.
    last_event_ids: Mutex<Vec<Option<String>>>,
    keep_alive: Mutex<Option<Duration>>,
}

impl ChannelServer {
    /// Listens on a free port, in the clear.
    ///
    /// # Errors
    /// There is none.
    pub async fn start(channel: Channel) -> io::Result<Self> {
        Self::run(channel, None).await
    }

    /// Listens on a free port, with TLS.
    ///
    /// # Errors
    /// There is none.
    pub async fn start_tls(channel: Channel, config: ServerConfig) -> io::Result<Self> {
        Self::run(channel, Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn run(channel: Channel, tls: Option<TlsAcceptor>) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let state = Arc::new(State {
            channel: Mutex::new(channel),
            connections: Mutex::default(),
            accepted: AtomicUsize::new(0),
            last_event_ids: Mutex::default(),
            keep_alive: Mutex::default(),
        });
        Ok(Self {
            address: listener.local_addr()?,
            scheme: if tls.is_some() { "https" } else { "http" },
            accepting: tokio::spawn(accept(listener, tls, Arc::clone(&state))),
            state,
        })
    }

    /// The URL of a path, which begins with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        let port = self.address.port();
        format!("{}://localhost:{port}{path}", self.scheme)
    }

    /// Ends every connection there is, in the middle of whatever it does.
    pub fn cut(&self) {
        let mut connections = lock(&self.state.connections);
        for connection in connections.drain(..) {
            connection.abort();
        }
    }

    /// From now on requests are for this channel. The other one is given back.
    pub fn replace(&self, channel: Channel) -> Channel {
        std::mem::replace(&mut lock(&self.state.channel), channel)
    }

    /// How many connections were accepted so far.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.state.accepted.load(Ordering::SeqCst)
    }

    /// How many requests came so far.
    #[must_use]
    pub fn requests(&self) -> usize {
        lock(&self.state.last_event_ids).len()
    }

    /// The `Last-Event-ID` of each request so far.
    #[must_use]
    pub fn last_event_ids(&self) -> Vec<Option<String>> {
        lock(&self.state.last_event_ids).clone()
    }

    /// From now on a new stream sends a comment after so much silence, in place of 15 s.
    pub fn keep_alive(&self, silence: Duration) {
        *lock(&self.state.keep_alive) = Some(silence);
    }
}

impl Drop for ChannelServer {
    fn drop(&mut self) {
        self.accepting.abort();
        self.cut();
    }
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, state: Arc<State>) {
    while let Ok((socket, _)) = listener.accept().await {
        state.accepted.fetch_add(1, Ordering::SeqCst);
        let connection = tokio::spawn(connect(socket, tls.clone(), Arc::clone(&state)));
        lock(&state.connections).push(connection.abort_handle());
    }
}

async fn connect(socket: TcpStream, tls: Option<TlsAcceptor>, state: Arc<State>) {
    let _ = socket.set_nodelay(true);
    match tls {
        None => serve(TokioIo::new(socket), state).await,
        Some(tls) => {
            if let Ok(socket) = tls.accept(socket).await {
                serve(TokioIo::new(socket), state).await;
            }
        }
    }
}

async fn serve(io: impl Read + Write + Unpin + Send + 'static, state: Arc<State>) {
    let service = service_fn(|request| {
        let response = state.answer(&request);
        std::future::ready(Ok::<_, Infallible>(response))
    });
    let builder = auto::Builder::new(TokioExecutor::new());
    // An error is a client that has gone.
    let _ = builder.serve_connection(io, service).await;
}

impl State {
    fn answer(&self, request: &Request<Incoming>) -> Response<EventStream> {
        let last_event_id = request.headers().get("last-event-id");
        let last_event_id =
            last_event_id.map(|id| String::from_utf8_lossy(id.as_bytes()).into_owned());
        lock(&self.last_event_ids).push(last_event_id);
        let Ok(mut subscription) = Subscription::from_request(request) else {
            return EventStream::refusal_response(StatusCode::BAD_REQUEST);
        };
        if request.uri().path() == "/oldest" {
            subscription = subscription.start(Start::Oldest);
        }
        let mut stream = lock(&self.channel).subscribe(subscription);
        if let Some(silence) = *lock(&self.keep_alive) {
            stream = stream.keep_alive(silence);
        }
        stream.retry(Duration::from_millis(100)).into_response()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
