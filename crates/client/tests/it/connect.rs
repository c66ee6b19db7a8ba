//! The first connection. In: servers' answers. Out: events, or an error that says why there are none.
//!
//! Next: `reconnect.rs`.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Instant;

use crate::support;
use crate::support::{
    assert_says, builder, ms, next_data, next_error, soon, source, stream, whole, whole_text,
};
use futures_core::{FusedStream, Stream};
use wellspring::{BuildError, EventSource, Failure, ReadyState, Signal};
use wellspring_testkit::server::{Script, ScriptedServer};

const THREE: &str = "data: a\n\nevent: notice\nid: 7\ndata: b\n\ndata: c\n\n";

#[tokio::test]
async fn events_arrive() {
    let server = ScriptedServer::start([stream(THREE).hang()]).await;
    let mut source = source(server.url("/stream"));
    assert_eq!(source.ready_state(), ReadyState::Connecting);
    let mut seen = Vec::new();
    for _ in 0..3 {
        let event = soon(source.next()).await.unwrap().unwrap();
        seen.push(format!(
            "{}/{}/{}",
            event.event_type, event.data, event.last_event_id
        ));
    }
    assert_eq!(seen, ["message/a/", "notice/b/7", "message/c/7"]);
    assert_eq!(source.ready_state(), ReadyState::Open);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn events_arrive_as_a_stream() {
    let server = ScriptedServer::start([stream(THREE).hang()]).await;
    let mut source = source(server.url("/"));
    let event = soon(poll_fn(|cx| Pin::new(&mut source).poll_next(cx))).await;
    assert_eq!(event.unwrap().unwrap().data(), "a");
    let mut lent = &mut source;
    let event = soon(poll_fn(|cx| Pin::new(&mut lent).poll_next(cx))).await;
    assert_eq!(event.unwrap().unwrap().event_type(), "notice");
}

#[tokio::test]
async fn nothing_is_sent_before_the_first_poll() {
    let server = ScriptedServer::start([]).await;
    let source = source(server.url("/"));
    tokio::time::sleep(ms(20)).await;
    assert_eq!(server.connections(), 0);
    drop(source);
}

#[tokio::test]
async fn the_request_is_that_of_the_standard() {
    let server = ScriptedServer::start([stream("data: a\n\n").hang()]).await;
    let mut source = builder(server.url("/stream?x=1#top"))
        .header("x-mine", "1")
        .build()
        .unwrap();
    next_data(&mut source).await;
    let request = server.request(0).await;
    assert_eq!(request.line(), "GET /stream?x=1 HTTP/1.1");
    let table = [
        ("accept", "text/event-stream"),
        ("accept-encoding", support::ACCEPT_ENCODING),
        ("cache-control", "no-cache"),
        ("pragma", "no-cache"),
        ("x-mine", "1"),
        ("host", &server.address().to_string()),
    ];
    for (name, value) in table {
        assert_eq!(request.headers(name), [value.as_bytes()], "{name}");
    }
    assert_eq!(request.header("last-event-id"), None);
    assert!(request.body.is_empty());
}

#[tokio::test]
async fn a_query_is_encoded_as_utf8() {
    let server = ScriptedServer::start([stream("data: a\n\n").hang()]).await;
    let mut source = source(server.url("/?q=é→ \"x"));
    next_data(&mut source).await;
    let line = server.request(0).await.line();
    assert_eq!(line, "GET /?q=%C3%A9%E2%86%92%20%22x HTTP/1.1");
}

#[tokio::test]
async fn a_source_can_begin_where_another_ended() {
    let server = ScriptedServer::start([stream("data: a\n\n").hang()]).await;
    let mut source = builder(server.url("/"))
        .last_event_id("é42")
        .build()
        .unwrap();
    assert_eq!(source.last_event_id(), "é42");
    let event = soon(source.next()).await.unwrap().unwrap();
    assert_eq!(event.last_event_id, "é42");
    let sent = server.request(0).await.header("last-event-id");
    assert_eq!(sent.unwrap(), "é42".as_bytes());
}

#[tokio::test]
async fn the_position_is_that_of_the_last_event_taken() {
    let body = "id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\n\nid: 4\ndata: c\n\n";
    let server = ScriptedServer::start([stream(body).hang()]).await;
    let mut source = source(server.url("/"));
    for (data, id) in [("a", "1"), ("b", "2"), ("c", "4")] {
        assert_eq!(next_data(&mut source).await, data);
        assert_eq!(source.last_event_id(), id, "after {data}");
    }
}

#[tokio::test]
async fn a_bad_url_is_an_error_at_once() {
    let table = [
        ("", "'' is not an absolute URL"),
        ("/stream", "'/stream' is not an absolute URL: relative URL"),
        ("http://", "empty host"),
        ("http://[::1", "invalid IPv6"),
        ("http://localhost:99999/", "invalid port"),
    ];
    for (url, said) in table {
        let error = EventSource::new(url).unwrap_err();
        assert!(matches!(error, BuildError::Url { .. }));
        assert_says(&error.to_string(), &[said]);
        assert!(
            EventSource::builder(url)
                .last_event_id("1")
                .build()
                .is_err()
        );
    }
}

#[tokio::test]
async fn another_scheme_fails_when_it_is_polled() {
    for url in [
        "ftp://localhost/",
        "data:text/event-stream,data:a",
        "ws://localhost/",
    ] {
        let mut source = EventSource::new(url).unwrap();
        assert_eq!(source.ready_state(), ReadyState::Connecting);
        let error = whole_text(&next_error(&mut source).await);
        assert_says(&error, &[url, "use http or https", "not trying again"]);
        assert_eq!(source.ready_state(), ReadyState::Closed);
    }
}

#[tokio::test]
async fn a_failure_names_the_url_and_the_reason() {
    let json = Script::answer("200 OK", &["Content-Type: Application/JSON; charset=utf-8"]);
    let coded = Script::answer(
        "200 OK",
        &["Content-Type: text/event-stream", "Content-Encoding: zstd"],
    );
    let table = [
        (Script::answer("404 Not Found", &[]), "status 404, not 200"),
        (Script::answer("500 Oops", &[]), "status 500, not 200"),
        (Script::answer("204 No Content", &[]), "status 204, not 200"),
        (
            json,
            "the MIME type is application/json, not text/event-stream",
        ),
        (Script::answer("200 OK", &[]), "has no valid MIME type"),
        (coded, "content coding zstd"),
    ];
    for (script, reason) in table {
        let server = ScriptedServer::start([script]).await;
        let url = server.url("/stream");
        let mut source = source(url.replace("://", "://user:secret@"));
        let error = next_error(&mut source).await;
        assert_eq!(error.url(), url);
        let text = error.to_string();
        assert!(text.starts_with(&format!("{url}: ")), "{text}");
        assert_says(&text, &[reason, "; not trying again"]);
        assert!(!format!("{text}{error:?}").contains("secret"), "{error:?}");
    }
}

#[tokio::test]
async fn only_200_with_an_event_stream_opens() {
    let typed =
        |status: &str, mime: &str| Script::answer(status, &[&format!("Content-Type: {mime}")]);
    let table = [
        ("200 OK", "text/event-stream", true),
        ("200 OK", "Text/Event-Stream;charset=windows-1252", true),
        ("200 OK", "text/event-streamx", false),
        ("200 OK", "text/plain", false),
        ("201 Created", "text/event-stream", false),
        ("202 Accepted", "text/event-stream", false),
        ("206 Partial Content", "text/event-stream", false),
        ("304 Not Modified", "text/event-stream", false),
        ("401 Unauthorized", "text/event-stream", false),
        ("429 Too Many Requests", "text/event-stream", false),
        ("503 Service Unavailable", "text/event-stream", false),
    ];
    for (status, mime, opens) in table {
        let server = ScriptedServer::start([typed(status, mime)]).await;
        let mut source = source(server.url("/"));
        let mut signals = source.signals();
        let signal = soon(signals.next()).await.unwrap();
        assert_eq!(signal.is_ok(), opens, "{status} {mime}");
        assert!(!opens || matches!(signal, Ok(Signal::Open(_))));
    }
    let untyped = Script::new()
        .expect_request()
        .send("HTTP/1.1 200 OK\r\n\r\ndata: a\n\n");
    let server = ScriptedServer::start([untyped]).await;
    let error = next_error(&mut source(server.url("/"))).await;
    assert_eq!(error.failure(), Some(Failure::ContentType));
}

#[tokio::test]
async fn a_204_stops_it_for_good() {
    let server = ScriptedServer::start_repeating(Script::answer("204 No Content", &[])).await;
    let mut source = source(server.url("/"));
    let error = next_error(&mut source).await;
    assert_eq!(error.status().unwrap(), 204);
    source.reconnect_now();
    assert!(soon(source.next()).await.is_none());
    tokio::time::sleep(ms(50)).await;
    assert_eq!(server.connections(), 1);
    assert_eq!(source.ready_state(), ReadyState::Closed);
}

#[tokio::test]
async fn polling_after_a_failure_yields_nothing() {
    let server = ScriptedServer::start([Script::answer("404 Gone", &[])]).await;
    let mut source = source(server.url("/"));
    assert!(soon(source.next()).await.unwrap().is_err());
    assert!(soon(source.next()).await.is_none());
    assert!(soon(source.signals().next()).await.is_none());
    let next = poll_fn(|cx| Pin::new(&mut source).poll_next(cx));
    assert!(soon(next).await.is_none());
    assert!(source.is_terminated());
    soon(source.run()).await;
}

#[tokio::test]
async fn a_failure_carries_status_headers_and_body() {
    let answer = "HTTP/1.1 401 No\r\nX-Why: unknown\r\nContent-Length: 13\r\n\r\nlog in first\n";
    let script = Script::new().expect_request().send(answer);
    let server = ScriptedServer::start([script]).await;
    let error = next_error(&mut source(server.url("/"))).await;
    assert_eq!(error.status().unwrap(), 401);
    assert_eq!(error.headers().unwrap()["x-why"], "unknown");
    assert_eq!(error.body(), b"log in first\n");
    assert_eq!(error.failure(), Some(Failure::Status(401)));
}

#[tokio::test]
async fn the_body_of_a_failure_is_bounded() {
    let head = "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n";
    let script = Script::new().expect_request().send(head);
    let endless = script.clone().send_chunk(vec![b'x'; 100_000]).hang();
    let cut = script.clone().send_chunk("half").send("5\r\nof").reset();
    for (script, expected) in [(endless, vec![b'x'; 16 * 1024]), (cut, b"half".to_vec())] {
        let server = ScriptedServer::start([script]).await;
        let error = next_error(&mut source(server.url("/"))).await;
        assert_eq!(error.status().unwrap(), 404);
        assert!(error.body().starts_with(&expected[..4]));
        assert!(error.body().len() <= expected.len() + 2);
        soon(server.ended(1)).await;
    }
}

/// The standard fails at the head. What is on its way is waited for 150 ms, whatever stays open.
#[tokio::test]
async fn a_failure_hardly_waits_for_its_body() {
    let chunked = "Transfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n";
    let answers = [
        (format!("404 No\r\n{chunked}"), "some"),
        (
            format!("500 No\r\nContent-Type: text/event-stream\r\n{chunked}"),
            "some",
        ),
        (
            format!("200 OK\r\nContent-Type: text/html\r\n{chunked}"),
            "some",
        ),
        (
            "404 No\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned(),
            "",
        ),
        ("401 No\r\nContent-Length: 4\r\n\r\nsome".to_owned(), "some"),
        ("403 No\r\nContent-Length: 0\r\n\r\n".to_owned(), ""),
        ("204 No\r\n\r\n".to_owned(), ""),
    ];
    for (answer, body) in answers {
        let script = Script::new().expect_request();
        let script = script.send(format!("HTTP/1.1 {answer}")).hang();
        let server = ScriptedServer::start([script]).await;
        let start = Instant::now();
        let error = next_error(&mut source(server.url("/"))).await;
        assert!(
            start.elapsed() < ms(1500),
            "{answer:?}: {:?}",
            start.elapsed()
        );
        assert_eq!(error.body(), body.as_bytes(), "{answer:?}");
        soon(server.ended(1)).await;
    }
}

/// The program does something else for longer than the body is waited for.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_body_that_is_there_is_read_however_late() {
    let head = "HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n";
    let script = Script::new().expect_request().send(head).pause(ms(50));
    let server = ScriptedServer::start([script.send_chunk("some").hang()]).await;
    let mut source = source(server.url("/"));
    let early = tokio::time::timeout(ms(25), source.next()).await;
    assert!(early.is_err());
    std::thread::sleep(ms(500));
    assert_eq!(next_error(&mut source).await.body(), b"some");
}

#[tokio::test]
async fn informational_responses_are_skipped() {
    let early = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n";
    let script = Script::new().expect_request().send(early);
    let script = script.send(support::CHUNKED).send_chunk("data: a\n\n");
    let server = ScriptedServer::start([script.hang()]).await;
    assert_eq!(next_data(&mut source(server.url("/"))).await, "a");
}

#[tokio::test]
async fn sources_in_one_program_do_not_meet() {
    let server = ScriptedServer::start_repeating(stream("data: a\n\n").hang()).await;
    let mut sources: Vec<_> = (0..8).map(|_| source(server.url("/"))).collect();
    for source in &mut sources {
        assert_eq!(next_data(source).await, "a");
    }
    assert_eq!(server.open_connections(), 8);
}

#[tokio::test]
async fn next_may_be_cancelled() {
    let script = stream("data: a\n\n").gate().send_chunk("data: b\n\n");
    let server = ScriptedServer::start([script.hang()]).await;
    let mut source = source(server.url("/"));
    assert_eq!(next_data(&mut source).await, "a");
    for _ in 0..5 {
        let pulled = tokio::time::timeout(ms(2), source.next()).await;
        assert!(pulled.is_err(), "the gate is shut");
    }
    server.open_gate();
    assert_eq!(next_data(&mut source).await, "b");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn it_says_how_it_is_without_what_is_secret() {
    let script = Script::new()
        .expect_request()
        .send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nSet-Cookie: secret\r\n\r\n");
    let server = ScriptedServer::start([script.send("data: a\n\n").hang()]).await;
    let mut source = source(server.url("/").replace("://", "://user:secret@"));
    next_data(&mut source).await;
    let opened = source.opened().unwrap();
    assert_eq!(opened.status, 200);
    assert_eq!(opened.headers["set-cookie"], "secret");
    let shown = format!("{source:?} {opened:?} {:?}", source.handle());
    assert!(!shown.contains("secret"), "{shown}");
}

#[test]
fn a_source_can_go_to_any_thread() {
    fn is_send_and_unpin<T: Send + Unpin>() {}
    fn is_shared<T: Send + Sync>() {}
    is_send_and_unpin::<EventSource>();
    is_shared::<wellspring::Handle>();
    is_shared::<wellspring::Error>();
}

#[tokio::test]
async fn an_empty_stream_is_open_and_ends() {
    let server = ScriptedServer::start([whole(""), stream("data: a\n\n").hang()]).await;
    let mut source = source(server.url("/"));
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(server.connections(), 2);
}
