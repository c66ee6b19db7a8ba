//! What follows the first connection. In: servers that end, break and come back. Out: the same
//! events as if nothing had happened.
//!
//! Next: `waiting.rs`.

use std::net::SocketAddr;

use crate::support::{
    assert_says, builder, ms, next_data, next_loss, next_signal, quick, signals_until, soon,
    source, stream, whole,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wellspring::{EventSource, ReadyState};
use wellspring_testkit::server::{Script, ScriptedServer};

#[tokio::test]
async fn every_attempt_sends_the_same_request() {
    let scripts = [whole("data: a\n\n"), stream("data: b\n\n").hang()];
    let server = ScriptedServer::start(scripts).await;
    let mut source = builder(server.url("/stream?x"))
        .header("authorization", "Bearer x")
        .header("x-mine", "1")
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    let requests = server.requests();
    assert_eq!(requests[0], requests[1]);
    assert_eq!(requests[1].header("authorization").unwrap(), b"Bearer x");
}

/// The `Last-Event-ID` of the second request, after this body.
async fn sent_after(body: &str) -> Option<Vec<u8>> {
    let scripts = [whole(body), stream("data: b\n\n").hang()];
    let server = ScriptedServer::start(scripts).await;
    let mut source = source(server.url("/"));
    while next_data(&mut source).await != "b" {}
    server.request(1).await.header("last-event-id")
}

#[tokio::test]
async fn the_last_event_id_is_sent() {
    let table: [(&str, Option<&str>); 9] = [
        ("data: a\n\n", None),
        ("id: 7\ndata: a\n\n", Some("7")),
        ("id: 7\ndata: a\n\ndata: c\n\n", Some("7")),
        ("id: 7\n\n", Some("7")),
        // Not committed: the block never ends.
        ("id: 7\ndata: a\n\nid: 8\ndata: c\n", Some("7")),
        // The bytes of UTF-8, not characters.
        ("id: é→\u{1F600}\n\n", Some("é→\u{1F600}")),
        // Emptied: no header rather than an empty one.
        ("id: 7\ndata: a\n\nid\ndata: c\n\n", None),
        ("id: 7\ndata: a\n\nid:\n\n", None),
        // Ignored: it holds NUL.
        ("id: 7\ndata: a\n\nid: 8\0\n\n", Some("7")),
    ];
    for (body, expected) in table {
        let sent = sent_after(body).await;
        assert_eq!(sent.as_deref(), expected.map(str::as_bytes), "{body:?}");
    }
}

#[tokio::test]
async fn the_last_event_id_survives_connections_without_one() {
    let scripts = [
        whole("id: 7\ndata: a\n\n"),
        whole(": nothing\n\n\n"),
        whole("data: b\n\n"),
        Script::new().expect_request().reset(),
        stream("data: c\n\n").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let mut source = source(server.url("/"));
    for data in ["a", "b", "c"] {
        let event = soon(source.next()).await.unwrap().unwrap();
        assert_eq!((event.data, event.last_event_id), (data, "7"));
    }
    for request in &server.requests()[1..] {
        assert_eq!(request.header("last-event-id").unwrap(), b"7");
    }
}

#[tokio::test]
async fn an_id_that_no_header_can_carry_is_left_out_and_reported() {
    let long = "x".repeat(5000);
    let table = [
        ("a\u{1}", "control character"),
        (" a", "white space"),
        ("a\t", "white space"),
        (&long, "longer than 4096 bytes"),
    ];
    for (id, why) in table {
        let first = whole(&format!("id: {id}\ndata: a\n\n"));
        let server = ScriptedServer::start([first, stream("data: b\n\n").hang()]).await;
        let mut source = source(server.url("/"));
        assert_eq!(next_data(&mut source).await, "a");
        assert_eq!(source.opened().unwrap().last_event_id_not_sent, None);
        assert_eq!(next_data(&mut source).await, "b");
        assert_eq!(source.last_event_id(), id);
        let reason = source.opened().unwrap().last_event_id_not_sent.unwrap();
        assert_says(reason, &[why]);
        assert_eq!(server.request(1).await.header("last-event-id"), None);
    }
}

#[tokio::test]
async fn messages_come_before_the_loss_of_their_connection() {
    let scripts = [
        whole("data: a\n\ndata: b\n\n"),
        stream("data: c\n\n").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let mut source = source(server.url("/"));
    let expected = [
        ("open", ReadyState::Open),
        ("message: a", ReadyState::Open),
        ("message: b", ReadyState::Open),
        ("lost: the body ended; attempt 1", ReadyState::Connecting),
        ("open", ReadyState::Open),
        ("message: c", ReadyState::Open),
    ];
    for (signal, state) in expected {
        // Long after the server's part is done, nothing has changed that was not told.
        tokio::time::sleep(ms(5)).await;
        assert_eq!(next_signal(&mut source).await.unwrap(), signal);
        assert_eq!(source.ready_state(), state);
    }
}

#[tokio::test]
async fn a_refused_reconnection_goes_on_until_the_server_is_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut source = source(format!("http://{address}/"));
    tokio::join!(
        async { assert_eq!(next_data(&mut source).await, "a") },
        answer(listener, b"id: 1\ndata: a\n\n")
    );
    for attempt in 1..5 {
        let loss = next_loss(&mut source).await;
        let url = format!("http://{address}/");
        assert_says(&loss, &[&url, &format!("attempt {attempt} in 10ms")]);
        if attempt > 1 {
            assert_says(&loss, &["cannot connect", "refused", "server is running"]);
        }
    }
    let listener = TcpListener::bind(address).await.unwrap();
    let (data, head) = tokio::join!(
        next_data(&mut source),
        answer(listener, b"id: 2\ndata: b\n\n")
    );
    assert_eq!(data, "b");
    assert_says(&head, &["last-event-id: 1\r\n"]);
}

/// Answers one request with a body that ends with the connection; the request's head.
async fn answer(listener: TcpListener, body: &[u8]) -> String {
    let (mut socket, _) = soon(listener.accept()).await.unwrap();
    let mut head = vec![0; 4096];
    let length = socket.read(&mut head).await.unwrap();
    let start = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    socket.write_all(&[start, body].concat()).await.unwrap();
    String::from_utf8_lossy(&head[..length]).into_owned()
}

#[tokio::test]
async fn a_body_that_breaks_off_is_told_from_one_that_ends() {
    let event = "data: a\n\n";
    let table = [
        (whole(event), "the body ended"),
        // Without a length the end of the connection is the end of the body.
        (Script::event_stream(event), "the body ended"),
        (stream(event), "the response broke off"),
        (stream(event).send("5\r\nda"), "the response broke off"),
        (stream(event).pause(ms(5)).reset(), "the response broke off"),
        (stream(event).send("zz\r\n"), "the response broke off"),
    ];
    for (script, cause) in table {
        let server = ScriptedServer::start([script, stream("data: b\n\n").hang()]).await;
        let mut source = source(server.url("/"));
        assert_eq!(next_data(&mut source).await, "a");
        let loss = next_loss(&mut source).await;
        assert_says(&loss, &[&server.url("/"), cause, "; attempt 1 in 10ms"]);
        assert_eq!(next_data(&mut source).await, "b");
    }
}

/// Serves numbered events from the one after `Last-Event-ID`, and breaks off after some bytes.
async fn serve_numbers(listener: TcpListener, last: u32) -> usize {
    let mut random = fastrand::Rng::with_seed(1);
    for connection in 1.. {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut head = vec![0; 4096];
        let length = socket.read(&mut head).await.unwrap();
        let head = String::from_utf8_lossy(&head[..length]).into_owned();
        let id = head
            .split_once("last-event-id: ")
            .map_or("0", |(_, rest)| rest.lines().next().unwrap_or_default());
        let from = id.parse::<u32>().unwrap() + 1;
        let mut text = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n".to_owned();
        for number in from..=last {
            text += &format!("id: {number}\nevent: number\ndata: é{number}\n\n");
        }
        let cut = random.usize(..2000);
        if cut >= text.len() {
            socket.write_all(text.as_bytes()).await.unwrap();
            let _ = socket.read(&mut [0]).await;
            return connection;
        }
        socket.write_all(&text.as_bytes()[..cut]).await.unwrap();
        if random.bool() {
            socket.set_zero_linger().unwrap();
        }
    }
    0
}

#[tokio::test]
async fn every_event_comes_once_however_often_the_server_dies() {
    const LAST: u32 = 400;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let server = tokio::spawn(serve_numbers(listener, LAST));
    let patience = quick().with_initial(ms(1));
    let mut source = EventSource::builder(format!("http://{address}/"))
        .reconnection(patience)
        .build()
        .unwrap();
    for number in 1..=LAST {
        let event = soon(source.next()).await.unwrap().unwrap();
        assert_eq!(event.data, format!("é{number}"));
        assert_eq!(event.last_event_id, number.to_string());
    }
    drop(source);
    assert!(soon(server).await.unwrap() > 5);
}

#[tokio::test]
async fn comments_and_positions_are_signalled_too() {
    let body = "retry: 20\n: hello\n\nid: 9\n\ndata: a\n\n";
    let server = ScriptedServer::start([stream(body).hang()]).await;
    let builder = builder(server.url("/")).comments(true);
    let mut source = builder.build().unwrap();
    let signals = signals_until(&mut source, "message").await;
    assert_eq!(
        signals,
        ["open", "time: 20ms", "comment:  hello", "position: 9"]
    );
    assert_eq!(source.last_event_id(), "9");
}
