//! What clients and publishers do that they should not. In: each of it, on real sockets. Out: an
//! answer, and others that are served on as if nothing were.

use std::sync::mpsc;
use std::time::Duration;

use crate::support::server::{Server, answer, read_until};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};
use wellspring_server::{
    Block, Channel, EventId, EventType, HistoryLimits, InvalidReason, LeaveReason, Presence,
    PublishError,
};

/// Somebody who does nothing wrong, beside those who do.
struct Healthy {
    socket: TcpStream,
    channel: Channel,
    events: usize,
}

impl Healthy {
    async fn beside(server: &Server, channel: &Channel) -> Self {
        let mut socket = server.request(b"").await;
        read_until(&mut socket, "\n\n").await;
        Self {
            socket,
            channel: channel.clone(),
            events: 0,
        }
    }

    async fn is_served(&mut self) {
        self.events += 1;
        let data = format!("healthy {}", self.events);
        self.channel.publish(data.as_str()).unwrap();
        read_until(&mut self.socket, &format!("data: {data}\n")).await;
    }
}

async fn serve() -> (Channel, Server, Healthy) {
    let channel = Channel::builder().epoch("e").unwrap().build();
    let server = Server::start(channel.clone()).await;
    let healthy = Healthy::beside(&server, &channel).await;
    (channel, server, healthy)
}

#[tokio::test]
async fn line_ends_and_nul_in_any_field_inject_nothing() {
    let (channel, server, mut healthy) = serve().await;
    let mut socket = server.request(b"").await;
    read_until(&mut socket, "\n\n").await;
    for bad in ["\n", "\r", "\0"] {
        let text = format!("a{bad}data: injected");
        let reason = match bad {
            "\n" => InvalidReason::LineFeed,
            "\r" => InvalidReason::CarriageReturn,
            _ => InvalidReason::Nul,
        };
        let error = EventType::new(text.as_str()).unwrap_err();
        assert_eq!(error.reason, reason);
        assert_eq!(EventId::new(text.as_str()).unwrap_err().reason, reason);
        let block = Block::data(text.as_str()).comment(text.as_str());
        channel.publish(block).unwrap();
    }
    channel.publish("end").unwrap();
    let text = read_until(&mut socket, "data: end\n").await;
    assert_eq!(text.matches("data: data: injected\n").count(), 2, "{text}");
    assert_eq!(text.matches(": data: injected\n").count(), 4, "{text}");
    assert_eq!(text.matches(": a\u{FFFD}data: injected\n").count(), 1);
    assert_eq!(text.matches("data: a\0data: injected\n").count(), 1);
    healthy.is_served().await;
}

#[tokio::test]
async fn a_data_field_of_100_mb_is_refused() {
    let (channel, _server, mut healthy) = serve().await;
    let refused = channel.publish("x".repeat(100_000_000));
    let too_large = PublishError::TooLarge {
        length: 100_000_000,
        limit: 8 << 20,
    };
    assert_eq!(refused, Err(too_large));
    healthy.is_served().await;
}

#[tokio::test]
async fn an_invalid_last_event_id_is_a_bad_request() {
    let (channel, server, mut healthy) = serve().await;
    for header in [
        b"Last-Event-ID: \xE9\r\n".as_slice(),
        b"Last-Event-ID: e-1\r\nLast-Event-ID: e-2\r\n",
    ] {
        let mut socket = server.request(header).await;
        let text = read_until(&mut socket, "\r\n\r\n").await;
        assert!(text.starts_with("HTTP/1.1 400 "), "{text}");
    }
    for query in ["lastEventId=%00", "lastEventId=%FF", "lastEventId=a%0Ab"] {
        let mut socket = TcpStream::connect(server.address).await.unwrap();
        let request = format!("GET /events?{query} HTTP/1.1\r\nHost: x\r\n\r\n");
        socket.write_all(request.as_bytes()).await.unwrap();
        let text = read_until(&mut socket, "\r\n\r\n").await;
        assert!(text.starts_with("HTTP/1.1 400 "), "{text}");
    }
    assert_eq!(channel.subscriber_count(), 1);
    healthy.is_served().await;
}

#[tokio::test]
async fn a_body_on_get_is_not_waited_for() {
    let (channel, server, mut healthy) = serve().await;
    for framing in [
        "Content-Length: 5\r\n\r\nhello",
        "Content-Length: 1000000000\r\n\r\nthe rest never comes",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ] {
        let mut socket = TcpStream::connect(server.address).await.unwrap();
        let request = format!("GET /events HTTP/1.1\r\nHost: x\r\n{framing}");
        socket.write_all(request.as_bytes()).await.unwrap();
        let text = read_until(&mut socket, "\n:\nid: e-").await;
        assert!(text.starts_with("HTTP/1.1 200 "), "{text}");
        channel.publish("despite the body").unwrap();
        read_until(&mut socket, "data: despite the body\n").await;
    }
    healthy.is_served().await;
}

#[tokio::test]
async fn an_http_1_0_client_gets_a_stream_that_ends_with_the_connection() {
    let (channel, server, mut healthy) = serve().await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    socket
        .write_all(b"GET /events HTTP/1.0\r\n\r\n")
        .await
        .unwrap();
    let head = read_until(&mut socket, "\n:\nid: e-").await.to_lowercase();
    assert!(head.starts_with("http/1.0 200 "), "{head}");
    assert!(!head.contains("transfer-encoding"), "{head}");
    assert!(!head.contains("content-length"), "{head}");
    channel.publish("old friend").unwrap();
    let text = read_until(&mut socket, "data: old friend\n").await;
    assert!(!text.contains('\r'), "no chunks: {text}");
    healthy.is_served().await;
    channel.close();
    let mut rest = String::new();
    socket.read_to_string(&mut rest).await.unwrap();
    assert!(!rest.contains("\r\n"), "{rest}");
}

#[tokio::test]
async fn a_client_that_never_reads_costs_no_more_than_its_frames() {
    let limits = HistoryLimits::default().with_bytes(1 << 20);
    let channel = Channel::builder().history(limits).build();
    let server = Server::start(channel.clone()).await;
    let _stuck = server.request(b"").await;
    let mut healthy = Healthy::beside(&server, &channel).await;
    while channel.subscriber_count() < 2 {
        tokio::task::yield_now().await;
    }
    let data = "x".repeat(10_000);
    for number in 0..1_500 {
        channel.publish(data.as_str()).unwrap();
        if number % 16 == 0 {
            healthy.is_served().await;
        }
    }
    healthy.is_served().await;
    let stats = channel.stats();
    assert!(stats.history_bytes <= 1 << 20, "{stats:?}");
    assert!(stats.pinned_bytes <= 2 * (256 << 10), "{stats:?}");
    assert_eq!(stats.subscribers, 2, "{stats:?}");
}

#[tokio::test]
async fn a_client_that_reads_a_byte_now_and_then_is_told_what_it_missed() {
    let limits = HistoryLimits::default().with_bytes(1 << 20);
    let channel = Channel::builder().history(limits).build();
    let server = Server::start(channel.clone()).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut slow = socket.connect(server.address).await.unwrap();
    let request = b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n";
    slow.write_all(request).await.unwrap();
    let mut healthy = Healthy::beside(&server, &channel).await;
    let reading = tokio::spawn(async move {
        let mut read = 0;
        for _ in 0..100 {
            read += slow.read(&mut [0]).await.unwrap();
            sleep(Duration::from_millis(5)).await;
        }
        (slow, read)
    });
    let data = "x".repeat(10_000);
    for number in 0..1_500 {
        channel.publish(data.as_str()).unwrap();
        if number % 16 == 0 {
            healthy.is_served().await;
        }
    }
    let (mut slow, read) = timeout(Duration::from_secs(20), reading)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read, 100);
    let stats = channel.stats();
    assert!(stats.pinned_bytes <= 2 * (256 << 10), "{stats:?}");
    healthy.is_served().await;
    read_until(&mut slow, "\n: gap: slow; ").await;
    assert_eq!(channel.stats().gaps, 1, "the healthy one has none");
}

/// A cable is pulled: nothing comes, and nothing says that it will not.
#[tokio::test]
async fn one_that_goes_away_without_closing_costs_its_frames_until_it_is_noticed() {
    let (sender, left) = mpsc::channel();
    let hook = move |presence: &Presence<'_>| {
        if let Presence::Left { reason, .. } = presence {
            let _ = sender.send(*reason);
        }
    };
    let limits = HistoryLimits::default().with_bytes(100_000);
    let builder = Channel::builder().history(limits).on_presence(hook);
    let channel = builder.build();
    let server = Server::start(channel.clone()).await;
    let mut healthy = Healthy::beside(&server, &channel).await;
    let (mut cable, io) = tokio::io::duplex(1_000);
    let of_service = channel.clone();
    let service = service_fn(move |request| {
        let response = answer(&of_service, &request);
        std::future::ready(Ok::<_, std::convert::Infallible>(response))
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(io), service);
    let connection = tokio::spawn(connection);
    let request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    cable.write_all(request).await.unwrap();
    let data = "x".repeat(10_000);
    for _ in 0..300 {
        channel.publish(data.as_str()).unwrap();
        healthy.is_served().await;
    }
    let stats = channel.stats();
    assert_eq!(stats.subscribers, 2, "nobody can know yet: {stats:?}");
    assert!(stats.pinned_bytes <= 256 << 10, "{stats:?}");
    assert!(left.try_recv().is_err());
    // The system gives up on the connection.
    drop(cable);
    assert!(connection.await.unwrap().is_err());
    assert_eq!(left.try_recv(), Ok(LeaveReason::Gone));
    assert_eq!(
        (channel.subscriber_count(), channel.stats().pinned_bytes),
        (1, 0)
    );
    healthy.is_served().await;
}

#[tokio::test]
async fn one_that_closes_is_gone_before_the_next_event() {
    let (channel, server, mut healthy) = serve().await;
    let mut socket = server.request(b"").await;
    read_until(&mut socket, "\n\n").await;
    assert_eq!(channel.subscriber_count(), 2);
    drop(socket);
    let gone = async {
        while channel.subscriber_count() > 1 {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(Duration::from_secs(20), gone).await.unwrap();
    healthy.is_served().await;
}
