//! The transport over real sockets, against servers that do exactly what a test says.

mod body;
mod dialling;
mod heads;
mod http1;
mod http2;
mod http2_limits;
mod http2_pings;
mod keep_alive;
mod peer;
mod pieces;
mod server;
#[cfg(feature = "ring")]
mod tls;
#[cfg(feature = "ring")]
mod tls_accepting;
#[cfg(feature = "ring")]
mod tls_given;

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use super::{Body, HttpTransport, Transport, TransportError, TransportErrorKind, TransportOptions};

/// Longer than anything here takes, shorter than anyone's patience.
const SOON: Duration = Duration::from_secs(10);

fn get(url: &str) -> Request<Body> {
    Request::get(url).body(Body::empty()).unwrap()
}

async fn send(
    transport: &HttpTransport,
    request: Request<Body>,
) -> Result<Response<Body>, TransportError> {
    tokio::time::timeout(SOON, transport.send(request))
        .await
        .expect("a response or an error, soon")
}

/// Reads to the end: the bytes, and the error if the end was not clean.
async fn read(body: &mut Body) -> (Vec<u8>, Option<TransportError>) {
    let mut bytes = Vec::new();
    loop {
        match next(body).await {
            Some(Ok(chunk)) => bytes.extend_from_slice(&chunk),
            Some(Err(error)) => return (bytes, Some(error)),
            None => return (bytes, None),
        }
    }
}

async fn next(body: &mut Body) -> Option<Result<Bytes, TransportError>> {
    tokio::time::timeout(SOON, body.next_chunk())
        .await
        .expect("bytes, an error or the end, soon")
}

async fn next_bytes(body: &mut Body) -> Bytes {
    next(body).await.expect("not the end").expect("no error")
}

fn alive_tasks() -> usize {
    tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks()
}

/// Waits until no more than `tasks` are alive.
async fn settles_at(tasks: usize) {
    let settled = async {
        while alive_tasks() > tasks {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(SOON, settled)
        .await
        .expect("the tasks end");
}
