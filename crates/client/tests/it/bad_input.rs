//! What is wrong with servers, networks and arguments. In: all of it. Out: a clear error and the end,
//! or a clear reason and another attempt; no panic, no busy loop, no event lost.
//!
//! Next: `idle.rs`.

use std::sync::Arc;

use crate::peer as tls;
use crate::support;
use crate::support::{
    CHUNKED, assert_says, builder, ms, next_data, next_error, next_loss, soon, source, stream,
    whole, whole_text,
};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use wellspring::transport::{HttpTransport, TransportOptions};
use wellspring::{BuildError, Error, EventSource, Failure, LimitKind, Limits, ReadyState};
use wellspring_testkit::server::{Script, ScriptedServer};

/// Asserts that the source is alive and tries again.
async fn goes_on(source: &mut EventSource) {
    for attempt in 3..6 {
        let loss = next_loss(source).await;
        assert_says(&loss, &[&format!("; attempt {attempt} in 10ms")]);
        assert_eq!(source.ready_state(), ReadyState::Connecting);
    }
}

/// Asserts that the error says where and that it is the end; then lets the server see that it is.
async fn ends(server: &ScriptedServer, source: &mut EventSource) -> Error {
    let error = next_error(source).await;
    assert_says(
        &error.to_string(),
        &[&server.url("/"), "; not trying again"],
    );
    assert_eq!(source.ready_state(), ReadyState::Closed);
    tokio::time::sleep(ms(30)).await;
    assert_eq!(server.connections(), 1);
    error
}

#[tokio::test]
async fn a_url_that_does_not_parse() {
    let error = EventSource::new("http://exa mple/").unwrap_err();
    assert_says(
        &error.to_string(),
        &["'http://exa mple/' is not a valid URL: invalid"],
    );
}

#[tokio::test]
async fn a_scheme_that_is_not_http() {
    let mut source = source("file:///etc/passwd");
    let error = next_error(&mut source).await;
    assert_says(
        &whole_text(&error),
        &["file:///etc/passwd", "use http or https"],
    );
    assert_eq!(error.status(), None);
    assert!(error.body().is_empty() && error.headers().is_none());
}

#[tokio::test]
async fn a_header_that_is_not_legal() {
    let builder = |name: &str, value: &[u8]| {
        EventSource::builder("http://localhost/")
            .header(name, value)
            .build()
    };
    for (value, position) in [(&b"a\r\nx: y"[..], 1), (b"\0", 0), (b"ab\x7f", 2)] {
        let error = builder("x-mine", value).unwrap_err();
        assert!(
            matches!(&error, BuildError::HeaderValue { name, offset: at }
                if name == "x-mine" && *at == position),
            "{error:?}"
        );
        let byte = format!("control character at byte {position}");
        assert_says(&error.to_string(), &["'x-mine'", &byte]);
    }
    for name in ["", "a b", "a:", "é", "a\n"] {
        let error = builder(name, b"x").unwrap_err();
        assert_says(
            &error.to_string(),
            &[&format!("'{name}' is not a header name")],
        );
    }
    assert!(builder("x", "é\tü".as_bytes()).is_ok());
    let two = EventSource::builder("nowhere").header("a b", "").build();
    assert!(
        matches!(two, Err(BuildError::Url { .. })),
        "the first counts"
    );
}

#[tokio::test]
async fn a_refused_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let mut source = source(&url);
    let loss = next_loss(&mut source).await;
    let parts = [
        url.as_str(),
        "cannot connect",
        "refused",
        "check that the server is running",
        "attempt 2 in 10ms",
    ];
    assert_says(&loss, &parts);
    goes_on(&mut source).await;
}

#[tokio::test]
async fn a_name_that_does_not_resolve() {
    let mut source = source("http://nobody.invalid/");
    let loss = next_loss(&mut source).await;
    let parts = [
        "http://nobody.invalid/: cannot resolve the host: ",
        "check the host name",
        "attempt 2 in 10ms",
    ];
    assert_says(&loss, &parts);
    goes_on(&mut source).await;
}

/// Without the roots of the platform, which take long to load.
fn over_tls(url: &str) -> EventSource {
    let options = TransportOptions::new().built_in_roots(false);
    let (_, stranger) = tls::server_config("http/1.1");
    let transport = HttpTransport::new(options.root_certificate_der(stranger)).unwrap();
    builder(url).transport(transport).build().unwrap()
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for() {
    let (config, _) = tls::server_config("http/1.1");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "https://localhost:{}/",
        listener.local_addr().unwrap().port()
    );
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let _ = acceptor.accept(socket).await;
        }
    });
    let mut source = over_tls(&url);
    let loss = next_loss(&mut source).await;
    let parts = [&url, "TLS failed", "trust its issuer", "attempt 2 in 10ms"];
    assert_says(&loss, &parts);
    goes_on(&mut source).await;
}

#[tokio::test]
async fn a_server_that_does_not_speak_tls() {
    let server = ScriptedServer::start_repeating(Script::new().send("SSH-2.0-x\r\n").hang()).await;
    let mut source = over_tls(&server.url("/").replace("http:", "https:"));
    assert_says(&next_loss(&mut source).await, &["TLS failed"]);
    goes_on(&mut source).await;
}

#[tokio::test]
async fn a_server_that_does_not_speak_http() {
    for answer in [
        "SSH-2.0-OpenSSH_9.6\r\n",
        "<html>\r\n\r\n",
        "\u{1}\u{2}\r\n\r\n",
    ] {
        let script = Script::new().expect_request().send(answer);
        let server = ScriptedServer::start_repeating(script).await;
        let mut source = source(server.url("/"));
        let loss = next_loss(&mut source).await;
        assert_says(&loss, &[&server.url("/"), "not valid HTTP", "attempt 2"]);
        goes_on(&mut source).await;
    }
}

#[tokio::test]
async fn a_404() {
    let script = Script::answer("404 Not Found", &["X-A: b"]);
    let server = ScriptedServer::start_repeating(script).await;
    let error = ends(&server, &mut source(server.url("/"))).await;
    assert_says(&error.to_string(), &["status 404, not 200"]);
    assert_eq!(error.headers().unwrap()["x-a"], "b");
}

#[tokio::test]
async fn a_500() {
    let script = Script::answer("500 Oops", &["Retry-After: 0"]);
    let server = ScriptedServer::start_repeating(script).await;
    let error = ends(&server, &mut source(server.url("/"))).await;
    assert_says(&error.to_string(), &["status 500, not 200"]);
}

#[tokio::test]
async fn a_wrong_mime_type() {
    let body = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>";
    let script = Script::new().expect_request().send(body);
    let server = ScriptedServer::start_repeating(script).await;
    let error = ends(&server, &mut source(server.url("/"))).await;
    assert_says(
        &whole_text(&error),
        &["MIME type is text/html, not text/event-stream"],
    );
    assert_eq!(
        (error.status().unwrap().as_u16(), error.body()),
        (200, &b"<html>"[..])
    );
}

#[tokio::test]
async fn a_body_in_a_coding_that_nobody_decodes() {
    let types = [
        "Content-Type: text/event-stream",
        "Content-Encoding: compress",
    ];
    let script = Script::answer("200 OK", &types);
    let server = ScriptedServer::start_repeating(script).await;
    let error = ends(&server, &mut source(server.url("/"))).await;
    assert_says(
        &whole_text(&error),
        &["content coding compress", "uncompressed"],
    );
}

#[tokio::test]
async fn a_word_that_names_no_content_coding() {
    for word in ["none", "UTF-8", "identity, chunked"] {
        let head = CHUNKED.replace("Transfer", &format!("Content-Encoding: {word}\r\nTransfer"));
        let script = Script::new().expect_request().send(head);
        let script = script.send_chunk("data: a\n\n").hang();
        let server = ScriptedServer::start([script]).await;
        let mut source = source(server.url("/"));
        assert_eq!(next_data(&mut source).await, "a");
        let last = word.rsplit(' ').next().unwrap().to_lowercase();
        assert_eq!(source.opened().unwrap().unknown_coding, Some(last));
    }
}

#[tokio::test]
async fn an_endless_line() {
    let mut script = stream("id: 1\ndata: a\n\n").send_chunk("data: ");
    for _ in 0..40 {
        script = script.send_chunk([b'x'; 1000]);
    }
    let server = ScriptedServer::start_repeating(script.hang()).await;
    let limits = Limits::default().with_line(20_000);
    let mut source = builder(server.url("/")).limits(limits).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let error = ends(&server, &mut source).await;
    let parts = [
        "a line exceeds the limit of 20000 bytes",
        "raise Limits::line",
    ];
    assert_says(&whole_text(&error), &parts);
    let Some(Failure::Limit(limit)) = error.failure() else {
        panic!("not a limit: {error:?}")
    };
    assert_eq!((limit.kind, limit.limit), (LimitKind::Line, 20_000));
    assert_eq!(source.last_event_id(), "1");
    soon(server.ended(1)).await;
}

#[tokio::test]
async fn an_endless_event() {
    let script = stream(&format!("data: a\n\n{}", "data: x\n".repeat(1000)));
    let server = ScriptedServer::start_repeating(script.hang()).await;
    let limits = Limits::default().with_event(1000);
    let mut source = builder(server.url("/")).limits(limits).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a", "before the limit");
    let error = ends(&server, &mut source).await;
    assert_says(
        &whole_text(&error),
        &["an event exceeds the limit of 1000 bytes"],
    );
}

#[tokio::test]
async fn an_endless_id() {
    let id = "x".repeat(65 * 1024);
    let script = stream(&format!("id: 1\ndata: a\n\nid: {id}"));
    let server = ScriptedServer::start_repeating(script.hang()).await;
    let mut source = builder(server.url("/")).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let error = ends(&server, &mut source).await;
    let parts = ["an id exceeds the limit of 65536 bytes", "raise Limits::id"];
    assert_says(&whole_text(&error), &parts);
    assert_eq!(source.last_event_id(), "1");
}

#[tokio::test]
async fn a_body_cut_in_the_middle() {
    let event = "id: 1\ndata: é1\n\n";
    let next = "id: 2\ndata: é2\n\n";
    let bytes = next.as_bytes();
    for cut in 0..bytes.len() {
        let half = Script::new().expect_request().send(support::CHUNKED);
        let half = half.send_chunk(event).send_chunk(&bytes[..cut.max(1)]);
        // In good order, and broken off.
        for script in [half.clone().send_chunk(""), half] {
            let rest = stream(next).hang();
            let server = ScriptedServer::start([script, rest]).await;
            let mut source = source(server.url("/"));
            assert_eq!(next_data(&mut source).await, "é1");
            assert_eq!(next_data(&mut source).await, "é2", "once, cut at {cut}");
            let sent = server.request(1).await.header("last-event-id");
            assert_eq!(sent.unwrap(), b"1", "cut at {cut}");
        }
    }
}

#[tokio::test]
async fn bytes_that_are_not_utf8() {
    let body = b"\xEF\xBB\xBFdata: a\xFFb\xC3\n\ndata: \xE2\x82\n\ndata: c\n\n";
    let script = Script::new().expect_request().send(support::CHUNKED);
    let script = body
        .iter()
        .fold(script, |script, byte| script.send_chunk([*byte]));
    let server = ScriptedServer::start([script.hang()]).await;
    let mut source = source(server.url("/"));
    for data in ["a\u{FFFD}b\u{FFFD}", "\u{FFFD}", "c"] {
        assert_eq!(next_data(&mut source).await, data);
    }
}

#[tokio::test]
async fn a_last_event_id_that_no_header_can_carry() {
    let server = ScriptedServer::start([stream("data: a\n\n").hang()]).await;
    let builder = builder(server.url("/")).last_event_id("a\nb");
    let mut source = builder.build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let reason = source.opened().unwrap().last_event_id_not_sent.unwrap();
    assert_says(reason, &["control character"]);
    assert_eq!(server.request(0).await.header("last-event-id"), None);
}

#[tokio::test]
async fn a_response_head_without_end() {
    let endless = format!("HTTP/1.1 200 OK\r\nX-A: {}\r\n", "x".repeat(200_000));
    let script = Script::new().expect_request().send(endless).hang();
    let server = ScriptedServer::start([script, whole("data: a\n\n")]).await;
    let mut source = source(server.url("/"));
    let loss = next_loss(&mut source).await;
    assert_says(&loss, &[&server.url("/"), "attempt 2"]);
    assert_eq!(next_data(&mut source).await, "a");
}
