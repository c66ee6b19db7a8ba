//! `wellspring check` against good servers and bad ones.
//!
//! Next: `check/resumption.rs`, `check/connections.rs`, `check/between.rs`, then `failures.rs`.

mod between;
mod connections;
mod meddler;
mod report;
mod resumption;
mod through;

use std::time::{Duration, Instant};

use wellspring_testkit::server::{Script, ScriptedServer};

use crate::http::Server;
use crate::support::{Program, wellspring};

use report::Report;

/// Every connection is answered like this, with these header lines, this body, and then silence.
async fn answering(headers: &str, body: impl AsRef<[u8]>) -> (ScriptedServer, String) {
    let head = format!("HTTP/1.1 200 OK\r\n{headers}\r\n");
    let script = Script::new().expect_request().send(head).send(body).hang();
    let server = ScriptedServer::start_repeating(script).await;
    let url = server.url("/sse");
    (server, url)
}

const TYPE: &str = "Content-Type: text/event-stream\r\n";

#[tokio::test]
async fn our_own_server_has_no_errors_and_resumes() {
    let mut server = Server::start(&[]).await;
    server.write("1\n2\n3\n4\n5\n6\n").await;
    let report = Report::of(&server.stream(), &["--for", "3"]).await;
    for (check, start) in [
        ("status", "ok 200"),
        ("type", "ok text/event-stream"),
        ("cache", "ok "),
        ("buffering", "ok "),
        ("coding", "ok "),
        ("first-byte", "ok "),
        ("ids", "ok 6 events"),
        (
            "resumption",
            "ok works: after Last-Event-ID the same 4 events came",
        ),
        (
            "http",
            "note HTTP/1.1, and HTTP/2 with prior knowledge; no TLS",
        ),
    ] {
        report.says(check, start);
    }
    assert_ne!(report.json["worst"], "error", "{:#}", report.json);
    assert_eq!(report.run.code, Some(0));
}

#[tokio::test]
async fn the_demo_has_no_errors_and_resumes() {
    let mut demo = Program::start(&["demo", "--port", "0", "--interval", "100"]);
    demo.line().await.unwrap();
    let line = demo.line().await.unwrap();
    let url = line.strip_prefix("The stream  ").unwrap();
    let report = Report::of(url, &["--for", "5"]).await;
    report.says("resumption", "ok works");
    report.says("flush", "ok ");
    assert_eq!(report.run.code, Some(0), "{:#}", report.json);
}

#[tokio::test]
async fn a_server_that_does_everything_wrong_hears_of_all_of_it() {
    let body = b"retry: 1\n\ndata: one\n\nid: a\ndata: \xFF\n\nid: b\ndata: three\n\n";
    let headers = format!("{TYPE}Cache-Control: max-age=60\r\nServer: nginx\r\nAge: 5\r\n");
    let (_server, url) = answering(&headers, body).await;
    let report = Report::of(&url, &["--for", "3"]).await;
    for (check, start) in [
        ("cache", "warning Cache-Control: max-age=60"),
        (
            "cached",
            "warning a cache answered the first request: age: 5",
        ),
        ("buffering", "note nginx keeps X-Accel-Buffering to itself"),
        ("ids", "note 3 events, 2 with an id of its own"),
        (
            "resumption",
            "error the event whose id was sent comes again: Last-Event-ID is ignored, or",
        ),
        ("retry", "warning retry: 1"),
        ("encoding", "warning bytes that are not UTF-8 came"),
        ("cors", "note pages of other origins cannot"),
        ("http", "note HTTP/1.1, no TLS"),
    ] {
        report.says(check, start);
    }
    assert_eq!(report.json["worst"], "error");
    assert_eq!(report.run.code, Some(1));
}

#[tokio::test]
async fn a_replacement_character_that_was_sent_is_utf_8() {
    let (_server, url) = answering(TYPE, "id: 1\ndata: \u{FFFD}\n\n").await;
    let report = Report::of(&url, &["--for", "0.5"]).await;
    report.says("encoding", "note U+FFFD was sent in data");
}

#[tokio::test]
async fn an_event_that_is_cut_in_two_shows_a_buffer() {
    let script = Script::event_stream("id: 1\nda")
        .pause(Duration::from_millis(700))
        .send("ta: a\n\n")
        .hang();
    let server = ScriptedServer::start_repeating(script).await;
    let report = Report::of(&server.url("/"), &["--for", "2"]).await;
    report.says("flush", "error a line that was cut waited");
}

#[tokio::test]
async fn a_stream_that_ends_or_stays_silent_is_told() {
    let server = ScriptedServer::start_repeating(Script::event_stream("data: a\n\n")).await;
    let report = Report::of(&server.url("/"), &["--for", "2"]).await;
    report.says("end", "warning the stream ended after");
    report.says("ids", "warning 1 event, none with an id");
    report.says("resumption", "note could not be tried");
    let (_server, url) = answering(TYPE, "").await;
    let report = Report::of(&url, &["--for", "0.5"]).await;
    report.says("first-byte", "warning nothing came within");
    assert_eq!(report.run.code, Some(0), "warnings are no errors");
    let report = Report::of(&url, &["--for", "0.5", "--strict"]).await;
    assert_eq!(report.run.code, Some(1), "unless they are");
}

#[tokio::test]
async fn what_is_no_event_stream_is_told_at_once() {
    let started = Instant::now();
    let refuse = Script::answer("503 Service Unavailable", &[]);
    let server = ScriptedServer::start_repeating(refuse).await;
    Report::of(&server.url("/"), &[])
        .await
        .says("status", "error 503");
    let (_server, url) = answering("Content-Type: text/html\r\n", "<html>").await;
    Report::of(&url, &[]).await.says("type", "error text/html");
    let headers = format!("{TYPE}Content-Encoding: gzip\r\n");
    let (_server, url) = answering(&headers, "\u{1}").await;
    Report::of(&url, &[])
        .await
        .says("coding", "error Content-Encoding: gzip");
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", nobody.local_addr().unwrap());
    drop(nobody);
    let report = Report::of(&url, &[]).await;
    report.says("connect", "error ");
    assert!(report.found("connect").contains("cannot connect"));
    assert_eq!(report.run.code, Some(1));
    assert!(
        started.elapsed() < Duration::from_secs(60),
        "no full 20 s each"
    );
}

#[tokio::test]
async fn time_is_bounded_also_by_a_server_that_never_answers() {
    let server = ScriptedServer::start_repeating(Script::new().expect_request().hang()).await;
    let started = Instant::now();
    let report = Report::of(&server.url("/"), &["--for", "0.5"]).await;
    report.says("connect", "error no response within 500 ms");
    assert!(started.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn pages_and_credentials_are_asked_for() {
    let headers = format!("{TYPE}Access-Control-Allow-Origin: https://a.test\r\n");
    let (server, url) = answering(&headers, "id: 1\ndata: a\n\n").await;
    let more = [
        "--for",
        "1",
        "--origin",
        "https://a.test",
        "-u",
        "ann:s3cret",
        "-H",
        "X: 1",
    ];
    let report = Report::of(&url, &more).await;
    report.says("cors", "warning pages of https://a.test can read it, and");
    let requests = server.requests();
    let of_page = requests
        .iter()
        .find(|request| request.header("origin").is_some());
    assert_eq!(
        of_page.unwrap().header("origin").unwrap(),
        b"https://a.test"
    );
    let asked = requests
        .iter()
        .filter(|request| request.line().starts_with("GET"));
    for request in asked {
        assert_eq!(request.header("x").unwrap(), b"1");
        assert_eq!(
            request.header("authorization").unwrap(),
            b"Basic YW5uOnMzY3JldA=="
        );
    }
    assert_eq!(report.json["url"], url);
    assert!(!report.run.stdout.contains("s3cret"));
}

#[tokio::test]
async fn people_get_a_table_and_a_summary() {
    let (_server, url) = answering(TYPE, "id: 1\ndata: a\n\n").await;
    let run = wellspring(&["check", &url, "--for", "2.5"]).await;
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines[0].starts_with(&format!("{url} (")), "{run:?}");
    let shown = |line: &str| assert!(lines.contains(&line), "{line} is not in {run:?}");
    shown("ok       status      200");
    shown("warning  cache       no Cache-Control");
    let advice = "                     → send X-Accel-Buffering: no: nginx heeds it";
    shown(advice);
    let summary = lines.last().unwrap();
    assert!(
        summary.contains(" errors, ") || summary.contains(" error, "),
        "{summary}"
    );
    assert!(
        run.stderr.starts_with("watching the stream, up to 2.5 s"),
        "{run:?}"
    );
    let run = wellspring(&["check", &url, "--for", "0"]).await;
    run.fails(2, &["more than 0 seconds"]);
    wellspring(&["check", "nowhere"])
        .await
        .fails(2, &["http://nowhere"]);
}
