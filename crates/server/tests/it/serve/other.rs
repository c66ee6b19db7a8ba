//! Listeners, handshakes, and what is known of a client.

use std::future::IntoFuture;
use std::io;
use std::net::SocketAddr;

use http::{Request, Response, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wellspring_server::{Channel, EventStream, RequestBody, Start, Subscription, serve};

use super::app::{App, Client, get};

#[derive(Clone, Debug, PartialEq)]
struct From(SocketAddr);

/// Answers only those whose address is known.
#[derive(Clone)]
struct Known(Channel);

impl tower_service::Service<Request<RequestBody>> for Known {
    type Response = Response<EventStream>;
    type Error = std::convert::Infallible;
    type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Self::Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        std::future::ready(Ok(match request.extensions().get::<From>() {
            None => EventStream::refusal_response(StatusCode::FORBIDDEN),
            Some(from) => {
                self.0.publish(from.0.to_string()).unwrap();
                let oldest = Subscription::new().start(Start::Oldest);
                self.0.subscribe(oldest).into_response()
            }
        }))
    }
}

#[tokio::test]
async fn requests_are_told_the_clients_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let channel = Channel::builder().epoch("e").unwrap().build();
    let serving = serve(listener, Known(channel)).with_extensions(|address, extensions| {
        extensions.insert(From(*address));
    });
    let address = serving.local_addr().unwrap();
    tokio::spawn(serving.into_future());
    let mut client = Client(TcpStream::connect(address).await.unwrap());
    client.write(&get("/")).await;
    let own = client.0.local_addr().unwrap();
    client.read_until(&format!("data: {own}\n")).await;
}

#[cfg(unix)]
#[tokio::test]
async fn unix_sockets_are_served() {
    let folder = std::env::temp_dir().join(format!("wellspring-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("socket");
    let _ = std::fs::remove_file(&path);
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let channel = Channel::builder().epoch("e").unwrap().build();
    let app = App {
        channel: channel.clone(),
    };
    tokio::spawn(serve(listener, app).into_future());
    let mut socket = tokio::net::UnixStream::connect(&path).await.unwrap();
    socket.write_all(&get("/events")).await.unwrap();
    let mut text = Vec::new();
    while !text.ends_with(b"id: e-0\n\n\r\n") {
        assert_ne!(socket.read_buf(&mut text).await.unwrap(), 0);
    }
    channel.close();
    socket.read_to_end(&mut text).await.unwrap();
    assert!(text.ends_with(b"\r\n0\r\n\r\n"));
    std::fs::remove_dir_all(&folder).unwrap();
}

/// The first byte is the handshake.
async fn shake(mut socket: TcpStream) -> io::Result<TcpStream> {
    match socket.read_u8().await? {
        b'!' => Ok(socket),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

#[tokio::test]
async fn a_handshake_stands_before_the_head_and_holds_nobody_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let channel = Channel::builder().epoch("e").unwrap().build();
    let serving = serve(listener, App { channel }).with_handshake(shake);
    let address = serving.local_addr().unwrap();
    tokio::spawn(serving.into_future());
    let connect = || async { Client(TcpStream::connect(address).await.unwrap()) };
    let _never = connect().await;
    let mut bad = connect().await;
    bad.write(&get("/plain")).await;
    assert_eq!(bad.read_to_end().await, "");
    let mut good = connect().await;
    good.write(b"!").await;
    good.write(&get("/events")).await;
    good.read_until("id: e-0\n\n\r\n").await;
}
