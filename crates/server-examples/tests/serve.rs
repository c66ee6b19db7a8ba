//! What people do with `axum::serve`, on ours: axum's own `Sse`, `ConnectInfo`, layers, a listener of axum's.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::convert::Infallible;
use std::future::{Future, IntoFuture};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::ConnectInfo;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use axum::serve::ListenerExt;
use futures_core::Stream;
use support::{read_to_end, read_until, subscribe};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;
use wellspring_server::serve;

struct Events(mpsc::Receiver<Event>);

impl Stream for Events {
    type Item = Result<Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|event| event.map(Ok))
    }
}

/// An event with the client's address, and the end.
async fn events(
    ConnectInfo(address): ConnectInfo<SocketAddr>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (sender, events) = mpsc::channel(2);
    sender
        .try_send(Event::default().data(address.to_string()))
        .unwrap();
    Sse::new(Events(events)).keep_alive(KeepAlive::default())
}

fn app() -> Router {
    let app = Router::new().route("/events", get(events));
    let app = app
        .layer(CompressionLayer::new())
        .layer(CorsLayer::permissive());
    app.route("/", get(|| async { "plain" }))
}

/// axum's listeners are ours in a few lines.
struct Axums<L>(L);

impl<L: axum::serve::Listener> wellspring_server::Listener for Axums<L> {
    type Io = L::Io;
    type Addr = L::Addr;

    fn accept(&mut self) -> impl Future<Output = (L::Io, L::Addr)> + Send {
        self.0.accept()
    }

    fn local_addr(&self) -> io::Result<L::Addr> {
        self.0.local_addr()
    }
}

async fn looks_right(address: SocketAddr) {
    let socket = subscribe(address, "Accept-Encoding: gzip\r\nOrigin: http://x\r\n").await;
    let own = socket.local_addr().unwrap();
    let text = read_to_end(socket).await;
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("connection: close"), "taken over: {head}");
    assert!(head.contains("access-control-allow-origin: *"), "{head}");
    assert!(!head.contains("content-encoding"), "{head}");
    let data = format!("data: {own}\n\n");
    assert_eq!(body, format!("{:x}\r\n{data}\r\n0\r\n\r\n", data.len()));
}

#[tokio::test]
async fn a_router_with_layers_is_served_and_told_who_asks() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let serving = serve(listener, app()).with_extensions(|address, extensions| {
        extensions.insert(ConnectInfo(*address));
    });
    let address = serving.local_addr().unwrap();
    tokio::spawn(serving.into_future());
    looks_right(address).await;
    let mut other = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    tokio::io::AsyncWriteExt::write_all(&mut other, request)
        .await
        .unwrap();
    read_until(&mut other, "plain").await;
}

#[tokio::test]
async fn a_listener_of_axums_is_served() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let listener = listener.tap_io(|socket| socket.set_nodelay(true).unwrap());
    let serving = serve(Axums(listener), app()).with_extensions(|address, extensions| {
        extensions.insert(ConnectInfo(*address));
    });
    let address = serving.local_addr().unwrap();
    tokio::spawn(serving.into_future());
    looks_right(address).await;
}
