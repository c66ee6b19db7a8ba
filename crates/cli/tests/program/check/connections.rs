//! In which order `check` connects, for how long it looks, and what it says of ends.
//!
//! Next: `between.rs`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use wellspring_testkit::server::{Script, ScriptedServer};

use super::report::Report;

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

#[tokio::test]
async fn the_first_connection_is_alone_until_its_head_is_there() {
    let script = Script::new()
        .expect_request()
        .pause(Duration::from_millis(600))
        .send(HEAD)
        .hang();
    let server = ScriptedServer::start_repeating(script).await;
    let url = server.url("/");
    let report = Report::of(&url, &["--for", "2"]);
    let early = async {
        server.request(0).await;
        tokio::time::sleep(Duration::from_millis(400)).await;
        server.connections()
    };
    let (_, early) = tokio::join!(report, early);
    assert_eq!(early, 1, "connections before the first head");
    assert!(server.connections() > 1);
}

/// As the servers of MCP do it: a second stream of a session is refused while the first is open.
#[tokio::test]
async fn a_server_that_allows_one_stream_a_session_has_no_errors() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let taken = Arc::new(AtomicBool::new(false));
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let taken = Arc::clone(&taken);
            tokio::spawn(async move {
                let mut head = vec![0; 4096];
                let read = socket.read(&mut head).await.unwrap();
                let head = String::from_utf8_lossy(&head[..read]).to_lowercase();
                if taken.swap(true, Ordering::SeqCst) {
                    let _ = socket
                        .write_all(b"HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\n\r\n")
                        .await;
                    return;
                }
                let last = head.split("last-event-id: ").nth(1);
                let last = last.and_then(|rest| rest.lines().next()?.parse().ok());
                let events =
                    (last.unwrap_or(0_u64) + 1..=6).map(|id| format!("id: {id}\ndata: {id}\n\n"));
                let body: String = events.collect();
                let _ = socket.write_all(format!("{HEAD}{body}").as_bytes()).await;
                while socket.read(&mut [0; 64]).await.is_ok_and(|read| read > 0) {}
                taken.store(false, Ordering::SeqCst);
            });
        }
    });
    let report = Report::of(&url, &["--for", "3"]).await;
    report.has_no_errors();
    report.says(
        "cors",
        "note a second request, as of a page, was answered with 409",
    );
    report.says(
        "resumption",
        "ok works: after Last-Event-ID the same 4 events came",
    );
}

#[tokio::test]
async fn an_end_inside_an_event_is_an_error_and_its_time_is_that_of_the_end() {
    let script = Script::event_stream("id: 1\ndata: a\n\nid: 2\ndata: b").pause(Duration::ZERO);
    let server = ScriptedServer::start_repeating(script).await;
    let report = Report::of(&server.url("/"), &["--for", "2"]).await;
    report.says("end", "error the stream ended inside an event after");
    assert!(
        report.text("end", "what").contains(" ms"),
        "{:#}",
        report.json
    );
    assert!(
        report.text("end", "advice").contains("Caddy"),
        "{:#}",
        report.json
    );
    assert_eq!(report.run.code, Some(1));
}

#[tokio::test]
async fn an_end_behind_a_comment_or_a_retry_is_not_inside_an_event() {
    for body in [
        ":\nretry: 2000\n",
        "id: 1\ndata: a\n\n:\nid: 2\n",
        "event: x\n",
    ] {
        let server = ScriptedServer::start_repeating(Script::event_stream(body)).await;
        let report = Report::of(&server.url("/"), &["--for", "1"]).await;
        report.says("end", "warning the stream ended after");
    }
}

#[tokio::test]
async fn lines_that_take_effect_alone_are_no_half_event() {
    for (body, found) in [
        (":\nretry: 2000\n", "note 0 events"),
        ("id: 1\ndata: a\n\n:\n", "note 1 event"),
        (
            "event: tick\n",
            "note 0 events in 1 piece; the event or id line of one came",
        ),
        ("data: a\n", "error the data of an event waited"),
    ] {
        let script = Script::event_stream(body).hang();
        let server = ScriptedServer::start_repeating(script).await;
        let report = Report::of(&server.url("/"), &["--for", "1.2"]).await;
        report.says("flush", found);
    }
}

#[tokio::test]
async fn a_stream_that_breaks_off_at_once_is_that_and_not_late() {
    let script = Script::new().expect_request().send(HEAD).reset();
    let server = ScriptedServer::start_repeating(script).await;
    let report = Report::of(&server.url("/"), &["--for", "1"]).await;
    report.says("end", "error the stream broke off after");
    assert!(report.finding("first-byte").is_none(), "{:#}", report.json);
}

#[tokio::test]
async fn a_cut_after_silence_is_named_when_two_connections_show_it() {
    let script = Script::event_stream("id: 1\ndata: a\n\n")
        .pause(Duration::from_millis(1200))
        .send("id: 2\ndata: b\n\n")
        .pause(Duration::from_millis(5000))
        .reset();
    let server = ScriptedServer::start_repeating(script).await;
    // The first connection is watched to its end, not for a part of the time.
    let report = Report::of(&server.url("/"), &["--for", "8"]).await;
    report.says(
        "end",
        "error cut off after 5 s of silence: an idle timeout, it seems",
    );
    let rests_on = report.text("end", "because");
    assert!(
        rests_on.starts_with("two connections ended 5 s after"),
        "{rests_on}"
    );
    assert!(
        report
            .text("end", "advice")
            .starts_with("send a comment after 15 s")
    );
}

#[tokio::test]
async fn a_request_that_is_not_safe_to_repeat_is_sent_once() {
    // As a model answers: late, with a length that is known by then.
    let script = Script::new()
        .expect_request()
        .pause(Duration::from_millis(2200))
        .send(HEAD.replace("\r\n\r\n", "\r\nContent-Length: 29\r\n\r\n"))
        .send("data: {\"n\":1}\n\ndata: [DONE]\n\n");
    let server = ScriptedServer::start_repeating(script).await;
    let more = ["--for", "4", "-d", "{\"stream\":true}", "-H", "X-Key: k"];
    let report = Report::of(&server.url("/chat"), &more).await;
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    assert_eq!(requests[0].line(), "POST /chat HTTP/1.1");
    assert_eq!(requests[0].body, b"{\"stream\":true}");
    assert_eq!(
        requests[0].header("content-type").unwrap(),
        b"application/json"
    );
    assert_eq!(requests[0].header("x-key").unwrap(), b"k");
    report.says("once", "note POST is sent once");
    report.says("end", "ok the stream ended after");
    for check in ["head", "length", "cache"] {
        report.says(check, "note ");
    }
    assert!(report.finding("ids").is_none(), "{:#}", report.json);
    report.has_no_errors();
}

#[tokio::test]
async fn a_safe_method_is_repeated_with_its_body() {
    let script = Script::event_stream("id: 1\ndata: a\n\nid: 2\ndata: b\n\n").hang();
    let server = ScriptedServer::start_repeating(script).await;
    let more = ["--for", "1", "-X", "GET", "-d", "a=b"];
    Report::of(&server.url("/"), &more).await;
    let requests = server.requests();
    let asked = requests
        .iter()
        .filter(|request| request.line() == "GET / HTTP/1.1");
    let bodies: Vec<_> = asked.map(|request| request.body.clone()).collect();
    assert!(
        bodies.len() > 2 && bodies.iter().all(|body| body == b"a=b"),
        "{bodies:?}"
    );
    let run = crate::support::wellspring(&["check", "http://a/", "-X", "a b"]).await;
    run.fails(2, &["-X a b: not a method"]);
}

#[tokio::test]
async fn secrets_are_not_printed() {
    let found = "HTTP/1.1 302 Found\r\nLocation: /b?token=t0ken\r\nContent-Length: 0\r\n\r\n";
    let server = ScriptedServer::start_answering(move |request| {
        if request.line().contains("/a") {
            return Script::new().send(found);
        }
        Script::new().send(HEAD).reset()
    })
    .await;
    let url = server.url("/a?api_key=k3y");
    for more in [&["--json"][..], &[]] {
        let arguments = [&["check", &url, "--for", "1", "-u", "ann:s3cret"], more].concat();
        let run = crate::support::wellspring(&arguments).await;
        let printed = format!("{}{}", run.stdout, run.stderr);
        for secret in ["t0ken", "k3y", "s3cret"] {
            assert!(!printed.contains(secret), "{secret} is in {printed}");
        }
        assert!(printed.contains("1 redirect to"), "{printed}");
    }
}
