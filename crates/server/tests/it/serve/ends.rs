//! How connections end: by the client, by the body, by the server.

use std::future::{IntoFuture, ready};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;
use wellspring_server::{Channel, Drain, ServeLimits, serve};

use super::app::{App, Client, PATIENCE, Served, get};

#[tokio::test]
async fn a_client_that_goes_is_noticed_while_nothing_happens() {
    let served = Served::start().await;
    let client = served.subscribe().await;
    assert_eq!(served.channel.subscriber_count(), 1);
    drop(client);
    served.count(0).await;
}

#[tokio::test]
async fn a_client_that_resets_or_closes_its_half_has_gone_too() {
    let served = Served::start().await;
    let client = served.subscribe().await;
    client.0.set_zero_linger().unwrap();
    drop(client);
    served.count(0).await;
    let mut client = served.subscribe().await;
    client.0.shutdown().await.unwrap();
    served.count(0).await;
    assert_eq!(client.read_to_end().await, "\r\n");
}

#[tokio::test]
async fn a_client_that_goes_behind_other_bytes_is_noticed() {
    let served = Served::start().await;
    let mut client = served.subscribe().await;
    client.write(&get("/plain")).await;
    drop(client);
    served.count(0).await;
}

#[tokio::test]
async fn who_sends_and_does_not_stop_is_no_reader() {
    let served = Served::start().await;
    let mut client = served.subscribe().await;
    let mut sent = 0;
    while client.0.write_all(&[b'x'; 1 << 10]).await.is_ok() {
        sent += 1;
        assert!(sent < 100_000, "nobody minds");
        tokio::task::yield_now().await;
    }
    served.count(0).await;
}

/// The system's buffers are full, and an event is on its way.
async fn stuck(served: &Served) -> Client {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut client = Client(socket.connect(served.address).await.unwrap());
    client.write(&get("/events")).await;
    served.count(1).await;
    let megabytes = "x".repeat(4 << 20);
    served.channel.publish(megabytes).unwrap();
    served.channel.publish("behind it").unwrap();
    client
}

#[tokio::test]
async fn a_client_that_does_not_read_is_noticed_when_it_goes() {
    let served = Served::start().await;
    let client = stuck(&served).await;
    client.0.set_zero_linger().unwrap();
    drop(client);
    served.count(0).await;
}

#[tokio::test]
async fn a_client_that_reads_late_gets_everything() {
    let served = Served::start().await;
    let client = stuck(&served).await;
    served.channel.close();
    let text = client.read_to_end().await;
    assert!(text.len() > 4 << 20);
    assert!(text.ends_with("data: behind it\nid: e-2\n\n\r\n0\r\n\r\n"));
    served.count(0).await;
}

#[tokio::test]
async fn a_body_that_fails_has_no_last_chunk() {
    let served = Served::start().await;
    let text = served.send(&get("/fails")).await.read_to_end().await;
    assert!(text.ends_with("\r\n\r\n9\r\ndata: a\n\n\r\n"), "{text}");
}

/// Notes whether a connection is shut down, as TLS says farewell then.
struct Watched(TcpStream, Arc<AtomicBool>);

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.1.store(true, Ordering::SeqCst);
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[tokio::test]
async fn a_body_that_fails_is_not_shut_down_in_peace() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let shut: Arc<AtomicBool> = Arc::default();
    let watch = Arc::clone(&shut);
    let app = App {
        channel: Channel::new(),
    };
    let serving = serve(listener, app)
        .with_handshake(move |socket| ready(Ok(Watched(socket, Arc::clone(&watch)))));
    let address = serving.local_addr().unwrap();
    tokio::spawn(serving.into_future());
    for (path, whole) in [("/fails", false), ("/pieces", true)] {
        let mut client = Client(TcpStream::connect(address).await.unwrap());
        let request = format!("GET {path} HTTP/1.0\r\n\r\n");
        client.write(request.as_bytes()).await;
        let text = client.read_to_end().await;
        assert!(text.contains("data: a\n\n"), "{text}");
        assert_eq!(shut.load(Ordering::SeqCst), whole, "{path}");
    }
}

#[tokio::test]
async fn a_server_that_is_dropped_lets_streams_end_and_nobody_wait() {
    let served = Served::start().await;
    let mut stream = served.subscribe().await;
    let silent = served.connect().await;
    let half = served.send(b"GET / HT").await;
    let mut idle = served.send(&get("/plain")).await;
    idle.read_until("plain").await;
    served.task.abort();
    assert_eq!(silent.read_to_end().await, "");
    assert_eq!(idle.read_to_end().await, "");
    let half = half.read_to_end().await;
    assert!(half.starts_with("HTTP/1.1 408 "), "{half}");
    served.channel.publish("still here").unwrap();
    stream.read_until("data: still here\n").await;
}

async fn done(served: Served) {
    timeout(PATIENCE, served.task).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_shutdown_waits_for_streams_and_for_nobody_else() {
    let served = Served::start().await;
    let mut stream = served.subscribe().await;
    let silent = served.connect().await;
    let mut idle = served.send(&get("/plain")).await;
    idle.read_until("plain").await;
    let Served {
        address,
        channel,
        stop,
        mut task,
    } = served;
    stop.send(()).unwrap();
    assert_eq!(silent.read_to_end().await, "");
    assert_eq!(idle.read_to_end().await, "");
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
    channel.publish("still here").unwrap();
    stream.read_until("data: still here\n").await;
    let waits = timeout(Duration::from_millis(50), &mut task).await;
    assert!(waits.is_err(), "a stream is open");
    channel.drain(Drain::over(Duration::from_millis(1))).await;
    assert!(stream.read_to_end().await.ends_with("0\r\n\r\n"));
    timeout(PATIENCE, task).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_head_that_has_begun_is_answered_after_the_shutdown() {
    let served = Served::start().await;
    let request = get("/plain");
    let mut client = served.send(&request[..10]).await;
    // Behind this one the server has seen the beginning of the other.
    let mut other = served.send(&get("/plain")).await;
    other.read_until("plain").await;
    let Served { stop, task, .. } = served;
    stop.send(()).unwrap();
    other.read_to_end().await;
    client.write(&request[10..]).await;
    let text = client.read_to_end().await;
    assert!(text.ends_with("plain"), "{text}");
    timeout(PATIENCE, task).await.unwrap().unwrap();
}

#[tokio::test]
async fn half_a_head_cannot_hold_a_shutdown_up() {
    let halves: [&[u8]; 3] = [b"GET / HT", b"!", b"PRI * HTTP/2.0\r\n\r\n"];
    for half in halves {
        let limits = ServeLimits::default().with_head_time(Duration::from_millis(200));
        let mut served = Served::with(limits).await;
        let client = served.send(half).await;
        // Behind this one the server has seen the half.
        served.send(&get("/plain")).await.read_until("plain").await;
        let (stop, _) = tokio::sync::oneshot::channel();
        let stop = std::mem::replace(&mut served.stop, stop);
        stop.send(()).unwrap();
        let text = client.read_to_end().await;
        assert!(text.starts_with("HTTP/1.1 408 "), "{text}");
        done(served).await;
    }
}
