//! HTTP/2 as hyper speaks it, by prior knowledge or because a handshake has agreed on it. In: a connection
//! whose client has begun with the preface. Out: answers.
//!
//! All streams of a connection share its socket, so no event stream can leave hyper here; each holds up to 64 KiB
//! that was not yet sent. A client that does not answer a ping within 20 s is gone, and all its streams end.
//! Extended CONNECT requests (RFC 8441), which carry web sockets, reach the service.
//!
//! Next: `stream.rs`, for what HTTP/1 does instead.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::time::Duration;

use http::{Request, Response};
use http_body::Body;
use hyper::server::conn::http2::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tower_service::Service;

use super::client::Client;
use super::gate::{Flushed, Gate};
use super::request::{RequestBody, received};

/// How long a client goes without a word before it is asked, and how long it may take to answer.
const KEEP_ALIVE: Duration = Duration::from_secs(20);

/// What a stream may hold that was not yet written, in bytes.
const MOST_BUFFERED: usize = 64 << 10;

/// Serves the connection until it ends.
pub(super) async fn serve<T, S, A, B>(
    ahead: Vec<u8>,
    io: T,
    client: Client<S, A>,
    stop: impl Future<Output = ()>,
) where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request<RequestBody>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    S::Future: Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn Error + Send + Sync>>,
{
    let gate = Gate::new(ahead, io, Flushed::default());
    let answer = service_fn(move |request| {
        let (request, _) = received(request, &client.address, client.tell.as_ref());
        let mut service = client.service.clone();
        async move {
            poll_fn(|cx| service.poll_ready(cx)).await?;
            service.call(request).await
        }
    });
    let mut connection = pin!(
        Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .keep_alive_interval(Some(KEEP_ALIVE))
            .keep_alive_timeout(KEEP_ALIVE)
            .max_send_buf_size(MOST_BUFFERED)
            .enable_connect_protocol()
            .serve_connection(TokioIo::new(gate), answer)
    );
    let mut stop = pin!(stop);
    let mut stopping = false;
    poll_fn(|cx| {
        if !stopping && stop.as_mut().poll(cx).is_ready() {
            stopping = true;
            connection.as_mut().graceful_shutdown();
        }
        Pin::new(&mut connection).poll(cx).map(drop)
    })
    .await;
}
