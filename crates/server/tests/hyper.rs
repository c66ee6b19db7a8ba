//! An event stream on a real socket, served by plain hyper.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use wellspring_server::{Channel, EventStream, HistoryLimits, Subscription};

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(channel: Channel) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
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
                    let response = match Subscription::from_request(&request) {
                        Ok(subscription) => channel.subscribe(subscription).into_response(),
                        Err(_) => EventStream::stop_response(),
                    };
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

    async fn request(&self, extra: &[u8]) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        let mut request = b"GET /events HTTP/1.1\r\nHost: x\r\n".to_vec();
        request.extend_from_slice(extra);
        request.extend_from_slice(b"\r\n");
        socket.write_all(&request).await.unwrap();
        socket
    }
}

/// Reads until `end` has come.
async fn read_until(socket: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    while !text.contains(end) {
        let read = timeout(Duration::from_secs(20), socket.read(&mut buffer));
        let read = read.await.unwrap().unwrap();
        assert_ne!(read, 0, "ended before {end:?}: {text}");
        text.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
    text
}

#[tokio::test]
async fn headers_and_the_first_comment_come_at_once() {
    let server = Server::start(Channel::new()).await;
    let mut socket = server.request(b"").await;
    let text = read_until(&mut socket, "\n\n").await.to_lowercase();
    assert!(text.starts_with("http/1.1 200 ok\r\n"), "{text}");
    for header in [
        "content-type: text/event-stream\r\n",
        "cache-control: no-cache, no-transform\r\n",
        "x-accel-buffering: no\r\n",
    ] {
        assert!(text.contains(header), "{text}");
    }
    assert!(!text.contains("wellspring-resume"), "{text}");
    assert!(text.contains("\r\n:\nid: "), "{text}");
}

#[tokio::test]
async fn the_outcome_of_a_resume_is_a_header() {
    let channel = Channel::builder().epoch("e").unwrap().build();
    channel.publish("one").unwrap();
    channel.publish("two").unwrap();
    let server = Server::start(channel).await;
    let mut socket = server.request(b"Last-Event-ID: e-1\r\n").await;
    let text = read_until(&mut socket, "data: two").await;
    assert!(text.contains("wellspring-resume: found\r\n"), "{text}");
    assert!(!text.contains("data: one"));
    let mut socket = server.request("Last-Event-ID: é\r\n".as_bytes()).await;
    let text = read_until(&mut socket, "data: two").await;
    assert!(text.contains("wellspring-resume: unknown\r\n"), "{text}");
    assert!(text.contains("data: one"));
    let mut socket = server.request(b"Last-Event-ID: \xE9\r\n").await;
    let text = read_until(&mut socket, "\r\n\r\n").await;
    assert!(text.starts_with("HTTP/1.1 204 "), "{text}");
}

#[tokio::test]
async fn a_graceful_shutdown_delivers_what_was_published_and_finishes() {
    let channel = Channel::new();
    let server = Server::start(channel.clone()).await;
    let mut sockets = Vec::new();
    for _ in 0..50 {
        let mut socket = server.request(b"").await;
        read_until(&mut socket, "\n\n").await;
        sockets.push(socket);
    }
    assert_eq!(channel.subscriber_count(), 50);
    channel.publish("last words").unwrap();
    server.stop.send(()).unwrap();
    let ended = timeout(Duration::from_secs(10), server.task).await;
    ended.unwrap().unwrap();
    for mut socket in sockets {
        let mut rest = String::new();
        socket.read_to_string(&mut rest).await.unwrap();
        assert!(rest.contains("data: last words\n"), "{rest}");
        assert!(rest.ends_with("0\r\n\r\n"), "{rest}");
    }
    assert_eq!(channel.subscriber_count(), 0);
}

#[tokio::test]
async fn a_client_that_never_reads_costs_no_more_than_its_frames() {
    let limits = HistoryLimits::default().with_bytes(1 << 20);
    let channel = Channel::builder().history(limits).build();
    let server = Server::start(channel.clone()).await;
    let _stuck = server.request(b"").await;
    let mut healthy = server.request(b"").await;
    read_until(&mut healthy, "\n\n").await;
    while channel.subscriber_count() < 2 {
        tokio::task::yield_now().await;
    }
    let data = "x".repeat(1_000);
    let mut last = String::new();
    for number in 0..15_000 {
        last = format!("data: {number} ");
        channel.publish(format!("{number} {data}")).unwrap();
        if number % 16 == 0 {
            read_until(&mut healthy, &last).await;
        }
    }
    read_until(&mut healthy, &last).await;
    let stats = channel.stats();
    assert!(stats.history_bytes <= 1 << 20, "{stats:?}");
    assert!(stats.pinned_bytes <= 2 * (256 << 10), "{stats:?}");
    assert_eq!(stats.subscribers, 2, "{stats:?}");
}
