//! `wellspring serve` and clients that do what they should not. In: each of it, on real sockets. Out: an
//! answer, and others that are served on as if nothing were.
//!
//! Next: `serve_tls.rs`.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::time::{Instant, sleep};

use crate::http::{Client, Server};

/// Somebody who does nothing wrong, beside those who do.
struct Healthy {
    client: Client,
    events: usize,
}

impl Healthy {
    async fn beside(server: &Server) -> Self {
        let mut client = server.subscribe("").await;
        client.until("\n\n").await;
        Self { client, events: 0 }
    }

    async fn is_served(&mut self, server: &mut Server) {
        self.events += 1;
        let line = format!("healthy {}", self.events);
        server.write(&format!("{line}\n")).await;
        self.client.until(&format!("data: {line}\n")).await;
    }
}

/// The value of a metric.
async fn metric(server: &Server, name: &str) -> u64 {
    let text = server.ask("GET /metrics", "").await;
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap().trim().parse().unwrap()
}

#[tokio::test]
async fn an_invalid_last_event_id_is_a_bad_request() {
    let mut server = Server::start(&[]).await;
    let mut healthy = Healthy::beside(&server).await;
    for header in [
        b"Last-Event-ID: \xE9".as_slice(),
        b"Last-Event-ID: a\r\nLast-Event-ID: b",
    ] {
        let head = b"GET /events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
        let request = [head.as_slice(), header, b"\r\n\r\n"].concat();
        let answer = server.send(request).await.rest().await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        assert!(answer.contains("last event ID"), "{answer}");
    }
    for query in ["%00", "%FF", "a%0Ab"] {
        let request = format!("GET /events?lastEventId={query}");
        let answer = server.ask(&request, "").await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    }
    healthy.is_served(&mut server).await;
}

#[tokio::test]
async fn an_id_that_never_existed_is_served_and_told() {
    let mut server = Server::start(&[]).await;
    server.write("a\n").await;
    let header = "Last-Event-ID: elsewhere-7\r\n";
    let text = server.subscribe(header).await.until("\n\n").await;
    assert!(text.starts_with("HTTP/1.1 200 "), "{text}");
    assert!(
        text.contains("wellspring-resume: other-epoch\r\n"),
        "{text}"
    );
}

#[tokio::test]
async fn a_body_on_get_is_not_waited_for() {
    let mut server = Server::start(&[]).await;
    let mut healthy = Healthy::beside(&server).await;
    for framing in [
        "Content-Length: 5\r\n\r\nhello",
        "Content-Length: 1000000000\r\n\r\nthe rest never comes",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    ] {
        let request = format!("GET /events HTTP/1.1\r\nHost: localhost\r\n{framing}");
        let mut client = server.send(request).await;
        client.until("\n\n").await;
        healthy.is_served(&mut server).await;
        client.until("data: healthy").await;
    }
}

#[tokio::test]
async fn an_http_1_0_client_gets_a_stream_that_ends_with_the_connection() {
    let mut server = Server::start(&["--exit-on-eof"]).await;
    let mut healthy = Healthy::beside(&server).await;
    let mut client = server.send("GET /events HTTP/1.0\r\n\r\n").await;
    let head = client.until("\n\n").await.to_lowercase();
    assert!(head.starts_with("http/1.0 200 "), "{head}");
    assert!(!head.contains("transfer-encoding"), "{head}");
    server.write("old friend\n").await;
    let text = client.until("data: old friend\n").await;
    assert!(!text.contains('\r'), "no chunks: {text}");
    healthy.is_served(&mut server).await;
    server.program.close_stdin();
    let rest = client.rest().await;
    assert!(
        rest.contains("data: healthy") && !rest.contains('\r'),
        "{rest}"
    );
}

#[tokio::test]
async fn what_is_not_http_is_refused() {
    let mut server = Server::start(&[]).await;
    let mut healthy = Healthy::beside(&server).await;
    for nonsense in [
        "SSH-2.0-OpenSSH_9.9\r\n",
        "\x16\x03\x01\x02\0\x01",
        "GET\r\n\r\n",
    ] {
        let answer = server.send(nonsense).await.rest().await;
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 400 "),
            "{answer}"
        );
    }
    healthy.is_served(&mut server).await;
}

/// A client whose system takes little, and which asks for the stream.
async fn small_client(server: &Server) -> Client {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut socket = socket.connect(server.address).await.unwrap();
    let request = b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n";
    socket.write_all(request).await.unwrap();
    Client { socket }
}

/// More than the system and the server take for one that does not read.
async fn flood(server: &mut Server, healthy: &mut Healthy) {
    let line = "x".repeat(10_000) + "\n";
    for number in 0..800 {
        server.write(&line).await;
        if number % 20 == 0 {
            healthy.is_served(server).await;
        }
    }
    healthy.is_served(server).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_client_that_never_reads_holds_up_nobody_not_even_the_end() {
    let mut server = Server::start(&["--history", "50"]).await;
    let mut healthy = Healthy::beside(&server).await;
    let _stuck = small_client(&server).await;
    while metric(&server, "wellspring_subscribers ").await < 2 {
        sleep(Duration::from_millis(5)).await;
    }
    flood(&mut server, &mut healthy).await;
    assert_eq!(metric(&server, "wellspring_subscribers ").await, 2);
    assert!(metric(&server, "wellspring_history_bytes ").await < 50 * 10_200);
    assert!(metric(&server, "wellspring_pinned_bytes ").await <= 512 << 10);
    crate::terminal::interrupt(&server.program.child);
    let started = Instant::now();
    let run = server.program.end().await;
    run.is(0, "");
    assert_eq!(
        run.stderr,
        "wellspring: 1 of the subscribers had not read to the end\n"
    );
    assert!(
        started.elapsed() < Duration::from_secs(4),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn a_client_that_reads_a_byte_at_a_time_is_told_what_it_missed() {
    let mut server = Server::start(&["--history", "50"]).await;
    let mut healthy = Healthy::beside(&server).await;
    let mut slow = small_client(&server).await;
    let reading = tokio::spawn(async move {
        let mut read = 0;
        for _ in 0..100 {
            read += slow.socket.read(&mut [0]).await.unwrap();
            sleep(Duration::from_millis(10)).await;
        }
        (slow, read)
    });
    flood(&mut server, &mut healthy).await;
    let (mut slow, read) = reading.await.unwrap();
    assert_eq!(read, 100);
    healthy.is_served(&mut server).await;
    slow.until("\n: gap: slow; ").await;
}

#[tokio::test]
async fn one_that_goes_away_is_gone_at_once_or_at_the_next_write() {
    let mut server = Server::start(&[]).await;
    let mut healthy = Healthy::beside(&server).await;
    let mut closing = server.subscribe("").await;
    closing.until("\n\n").await;
    let mut resetting = server.subscribe("").await;
    resetting.until("\n\n").await;
    assert_eq!(metric(&server, "wellspring_subscribers ").await, 3);
    drop(closing);
    resetting.socket.set_zero_linger().unwrap();
    drop(resetting);
    let deadline = Instant::now() + Duration::from_secs(10);
    while metric(&server, "wellspring_subscribers ").await > 1 {
        assert!(Instant::now() < deadline);
        healthy.is_served(&mut server).await;
    }
    healthy.is_served(&mut server).await;
}
