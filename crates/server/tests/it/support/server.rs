//! A server on a real socket, and a client that writes and reads bytes.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use wellspring_server::{Channel, EventStream, Subscription};

/// What a program would do with a request.
pub fn answer(channel: &Channel, request: &Request<Incoming>) -> Response<EventStream> {
    let Ok(subscription) = Subscription::from_request(request) else {
        return EventStream::refusal_response(StatusCode::BAD_REQUEST);
    };
    match channel.try_subscribe(subscription) {
        Ok(stream) => stream.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

pub struct Server {
    pub address: SocketAddr,
    pub stop: oneshot::Sender<()>,
    pub task: JoinHandle<()>,
}

impl Server {
    pub async fn start(channel: Channel) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::on(listener, channel)
    }

    pub fn on(listener: TcpListener, channel: Channel) -> Self {
        let address = listener.local_addr().unwrap();
        let (stop, mut stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let graceful = GracefulShutdown::new();
            loop {
                let socket = tokio::select! {
                    accepted = listener.accept() => accepted.unwrap().0,
                    _ = &mut stopped => break,
                };
                let channel = channel.clone();
                let service = service_fn(move |request| {
                    let response = answer(&channel, &request);
                    std::future::ready(Ok::<_, Infallible>(response))
                });
                let io = TokioIo::new(socket);
                let connection = http1::Builder::new().serve_connection(io, service);
                tokio::spawn(graceful.watch(connection));
            }
            channel.close();
            graceful.shutdown().await;
        });
        Self {
            address,
            stop,
            task,
        }
    }

    pub async fn request(&self, extra: &[u8]) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let mut request = b"GET /events HTTP/1.1\r\nHost: x\r\n".to_vec();
        request.extend_from_slice(extra);
        request.extend_from_slice(b"\r\n");
        socket.write_all(&request).await.unwrap();
        socket
    }
}

/// Reads until `end` has come.
pub async fn read_until(socket: &mut TcpStream, end: &str) -> String {
    let mut bytes = Vec::new();
    let mut seen = 0;
    loop {
        let read = timeout(Duration::from_secs(20), socket.read_buf(&mut bytes));
        let read = read.await.unwrap().unwrap();
        let text = String::from_utf8_lossy(&bytes[seen..]);
        assert_ne!(read, 0, "ended before {end:?}: {text}");
        if text.contains(end) {
            return String::from_utf8(bytes).unwrap();
        }
        seen = bytes.len().saturating_sub(end.len());
        bytes.reserve(32 << 10);
    }
}
