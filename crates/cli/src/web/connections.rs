//! Connections. In: listening sockets, a [`Site`]. Out: its answers, until it has to stop; then it
//! waits for what is going on to end.
//!
//! Next: `demo/server.rs` and `serve/site.rs` are sites.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use wellspring_server::EventStream;

use super::listen::Listeners;
use super::tls::{Tls, is_http2};

/// How long HTTP/2 goes without a word from the client before it asks, and waits for the answer.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// What a connection over HTTP/1.1 may have before it that was not yet written, in bytes: frames are
/// copied side by side, which costs less than a list of small ones.
const MOST_BUFFERED: usize = 64 << 10;

/// Answers requests: with bytes that are there, or with an event stream.
pub(crate) trait Site: Send + Sync + 'static {
    fn answer(
        &self,
        request: Request<Incoming>,
    ) -> impl Future<Output = Response<Either<Full<Bytes>, EventStream>>> + Send;
}

/// Serves until the other end of `stop` is gone, and until every connection has ended after that.
pub(crate) async fn serve(
    listeners: Listeners,
    tls: Option<Tls>,
    site: impl Site,
    mut stop: oneshot::Receiver<()>,
) {
    let site = Arc::new(site);
    let connections = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listeners.accept() => accepted,
            _ = &mut stop => break,
        };
        match accepted {
            Ok(socket) => {
                let (tls, site) = (tls.clone(), Arc::clone(&site));
                tokio::spawn(connect(socket, tls, site, connections.watcher()));
            }
            // Out of sockets, mostly: there will be some again.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    drop(listeners);
    connections.shutdown().await;
}

async fn connect(socket: TcpStream, tls: Option<Tls>, site: Arc<impl Site>, watcher: Watcher) {
    // Events are small writes that should leave at once; without that they still leave.
    let _ = socket.set_nodelay(true);
    let Some(tls) = tls else {
        return speak_http1(socket, site, watcher).await;
    };
    // Without a handshake there is no connection.
    let Ok(stream) = tls.accept(socket).await else {
        return;
    };
    if is_http2(&stream) {
        speak_http2(stream, site, watcher).await;
    } else {
        speak_http1(stream, site, watcher).await;
    }
}

async fn speak_http1(
    io: impl AsyncRead + AsyncWrite + Unpin + 'static,
    site: Arc<impl Site>,
    watcher: Watcher,
) {
    let service = service_fn(|request| async {
        let response = site.answer(request).await;
        Ok::<_, Infallible>(response)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .max_buf_size(MOST_BUFFERED)
        .serve_connection(TokioIo::new(io), service);
    // A client that breaks off or makes no sense ends its own connection, and no other.
    let _ = watcher.watch(connection).await;
}

async fn speak_http2(
    io: impl AsyncRead + AsyncWrite + Unpin + 'static,
    site: Arc<impl Site>,
    watcher: Watcher,
) {
    let service = service_fn(move |request| {
        let site = Arc::clone(&site);
        async move { Ok::<_, Infallible>(site.answer(request).await) }
    });
    let connection = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .keep_alive_interval(Some(KEEP_ALIVE))
        .keep_alive_timeout(KEEP_ALIVE)
        .max_send_buf_size(MOST_BUFFERED)
        .serve_connection(TokioIo::new(io), service);
    let _ = watcher.watch(connection).await;
}
