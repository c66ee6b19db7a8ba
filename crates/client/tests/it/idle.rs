//! The idle timer. In: servers that fall silent, and programs that do. Out: a new connection for the
//! first, patience for the second.
//!
//! Next: `close.rs`.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use crate::support::{
    CHUNKED, assert_says, builder, ms, next_data, next_loss, next_signal, signals_until, stream,
    whole,
};
use bytes::Bytes;
use futures_core::future::BoxFuture;
use http_body::Frame;
use tokio::time::Interval;
use wellspring::EventSource;
use wellspring::transport::{Body, Transport, TransportError};
use wellspring_testkit::server::{Script, ScriptedServer};

/// Answers with a body that has something to say every hour: comments, and sometimes an event.
struct Hourly {
    /// Of so many the last is an event.
    event_every: u32,
}

impl Transport for Hourly {
    fn send(
        &self,
        _request: http::Request<Body>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        let response = http::Response::builder().header("content-type", "text/event-stream");
        let hours = tokio::time::interval(Duration::from_secs(3600));
        let body = Body::new(Hours {
            hours,
            count: 0,
            event_every: self.event_every,
        });
        Box::pin(std::future::ready(Ok(response.body(body).unwrap())))
    }
}

struct Hours {
    hours: Interval,
    count: u32,
    event_every: u32,
}

impl http_body::Body for Hours {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        ready!(self.hours.poll_tick(cx));
        self.count += 1;
        let text = if self.count.is_multiple_of(self.event_every) {
            format!("data: {}\n\n", self.count)
        } else {
            ": still here\n\n".to_owned()
        };
        Poll::Ready(Some(Ok(Frame::data(text.into()))))
    }
}

fn impatient(server: &ScriptedServer, timeout: Duration) -> EventSource {
    let builder = builder(server.url("/")).idle_timeout(Some(timeout));
    builder.build().unwrap()
}

#[tokio::test]
async fn a_silent_server_is_left_and_connected_again() {
    let scripts = [
        stream("id: 1\ndata: a\n\n").hang(),
        stream("data: b\n\n").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let mut source = impatient(&server, ms(100));
    assert_eq!(next_data(&mut source).await, "a");
    let start = Instant::now();
    let loss = next_loss(&mut source).await;
    assert!(start.elapsed() >= ms(100));
    assert_says(
        &loss,
        &[
            &server.url("/"),
            "nothing was received for 100ms",
            "attempt 1 in 10ms",
        ],
    );
    server.ended(1).await;
    assert_eq!(next_data(&mut source).await, "b");
    let sent = server.request(1).await.header("last-event-id");
    assert_eq!(sent.unwrap(), b"1");
}

#[tokio::test]
async fn a_server_that_never_answers_is_left_too() {
    let scripts = [
        Script::new().expect_request().hang(),
        stream("data: a\n\n").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let mut source = impatient(&server, ms(150));
    let loss = next_loss(&mut source).await;
    assert_says(&loss, &["nothing was received for 150ms", "attempt 2"]);
    assert_eq!(next_data(&mut source).await, "a");
}

#[tokio::test]
async fn every_byte_counts_comments_included() {
    let mut script = stream("data: a\n\n");
    for _ in 0..8 {
        script = script.pause(ms(50)).send_chunk(":\n");
    }
    let script = script.send_chunk("data: b\n\n").hang();
    let server = ScriptedServer::start([script]).await;
    let mut source = impatient(&server, ms(300));
    let start = Instant::now();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    assert!(start.elapsed() > ms(300), "longer than the timeout");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_slow_program_does_not_trip_it() {
    let body = "data: a\n\ndata: b\n\n";
    let script = stream(body).pause(ms(20)).send_chunk("data: c\n\n");
    let server = ScriptedServer::start([script.hang()]).await;
    let mut source = impatient(&server, ms(150));
    for data in ["a", "b", "c"] {
        assert_eq!(next_data(&mut source).await, data);
        tokio::time::sleep(ms(200)).await;
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn bytes_that_came_while_nobody_asked_count() {
    let script = stream("data: a\n\n")
        .pause(ms(50))
        .send_chunk("data: b\n\n");
    let server = ScriptedServer::start([script.hang()]).await;
    let mut source = impatient(&server, ms(300));
    assert_eq!(next_data(&mut source).await, "a");
    // The read is pending when the program turns away for longer than the timeout.
    let pulled = tokio::time::timeout(ms(5), source.next()).await;
    assert!(pulled.is_err());
    tokio::time::sleep(ms(400)).await;
    assert_eq!(next_data(&mut source).await, "b");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn without_a_timeout_silence_is_no_fault() {
    let script = stream("data: a\n\n")
        .pause(ms(300))
        .send_chunk("data: b\n\n");
    let server = ScriptedServer::start([script.hang()]).await;
    let mut source = builder(server.url("/")).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    assert_eq!(server.connections(), 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_limits_how_long_a_stream_lives() {
    // Of a transport without sockets, since the clock runs ahead of them.
    let mut source = EventSource::builder("http://localhost/")
        .transport(Hourly { event_every: 1 })
        .idle_timeout(Some(Duration::from_secs(5400)))
        .build()
        .unwrap();
    for hour in 1..=1000 {
        let event = source.next().await.unwrap().unwrap();
        assert_eq!(event.data, hour.to_string());
    }
}

#[tokio::test(start_paused = true)]
async fn comments_alone_keep_a_stream_for_ever() {
    let mut source = EventSource::builder("http://localhost/")
        .transport(Hourly { event_every: 1000 })
        .idle_timeout(Some(Duration::from_secs(5400)))
        .build()
        .unwrap();
    assert_eq!(next_signal(&mut source).await.unwrap(), "open");
    let event = source.next().await.unwrap().unwrap();
    assert_eq!(event.data, "1000");
    assert_eq!(source.counters().attempts, 1);
}

#[tokio::test]
async fn a_server_that_goes_silent_after_the_headers_is_left() {
    let scripts = [
        Script::new().expect_request().send(CHUNKED).hang(),
        stream("data: a\n\n").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let mut source = impatient(&server, ms(100));
    let told = signals_until(&mut source, "message: a").await;
    assert_eq!(
        told,
        [
            "open",
            "lost: nothing was received for 100ms; attempt 1",
            "open"
        ]
    );
    server.ended(1).await;
}

/// More than the socket's buffers hold, so that the server is held up too.
#[tokio::test]
async fn a_program_that_does_not_read_does_not_trip_it() {
    let body = format!("data: {}\n\n", "x".repeat(1000)).repeat(20_000);
    let server = ScriptedServer::start([stream(&body).hang()]).await;
    let mut source = impatient(&server, ms(100));
    for _ in 0..4 {
        assert_eq!(next_data(&mut source).await.len(), 1000);
        tokio::time::sleep(ms(300)).await;
    }
    for _ in 4..20_000 {
        assert_eq!(next_data(&mut source).await.len(), 1000);
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_clean_end_is_no_silence() {
    let scripts = [whole("data: a\n\n"), stream("data: b\n\n").hang()];
    let server = ScriptedServer::start(scripts).await;
    let mut source = impatient(&server, ms(500));
    assert_says(&next_loss(&mut source).await, &["the body ended"]);
    assert_eq!(next_data(&mut source).await, "b");
}
