//! `wellspring tail` where all goes well: every option.
//!
//! Next: `failures.rs`.

use std::time::{Duration, Instant};

use crate::support::{Program, command_of, wellspring};
use wellspring_testkit::server::{Script, ScriptedServer};

const THREE: &str = "data: hello\n\nevent: notice\nid: 7\ndata: disk is full\ndata: send help\n\n\
                     : a comment\n\nevent: update\ndata: {\"a\":1}\n\n";

async fn serving(body: &str) -> (ScriptedServer, String) {
    let server = ScriptedServer::start([Script::event_stream(body).hang()]).await;
    let url = server.url("/sse");
    (server, url)
}

#[tokio::test]
async fn events_are_printed_for_people() {
    let (_server, url) = serving(THREE).await;
    let run = wellspring(&["tail", &url, "--count", "3"]).await;
    run.is(
        0,
        "message  hello\n\
         notice   [7] disk is full\n             send help\n\
         update   [7] {\"a\":1}\n",
    );
    assert_eq!(run.stderr, format!("open: {url} (HTTP/1.1)\n"));
}

#[tokio::test]
async fn json_is_one_object_a_line_and_nothing_else() {
    let (server, url) = serving(THREE).await;
    let origin = server.url("");
    let run = wellspring(&["tail", &url, "--json", "--count", "3"]).await;
    run.is(
        0,
        &format!(
            "{{\"type\":\"message\",\"data\":\"hello\",\"lastEventId\":\"\",\"origin\":\"{origin}\"}}\n\
             {{\"type\":\"notice\",\"data\":\"disk is full\\nsend help\",\"lastEventId\":\"7\",\"origin\":\"{origin}\"}}\n\
             {{\"type\":\"update\",\"data\":\"{{\\\"a\\\":1}}\",\"lastEventId\":\"7\",\"origin\":\"{origin}\"}}\n"
        ),
    );
}

#[tokio::test]
async fn data_only_is_the_data_as_it_is() {
    let (_server, url) = serving("data: \u{1b}[31mred\ndata: two\n\n").await;
    let run = wellspring(&["tail", &url, "--data-only", "--count", "1"]).await;
    assert_eq!(run.stdout, "\u{1b}[31mred\ntwo\n");
    assert_eq!(run.code, Some(0));
}

#[tokio::test]
async fn only_the_named_events_are_printed_and_counted() {
    let (_server, url) = serving(THREE).await;
    let run = wellspring(&[
        "tail",
        &url,
        "--event",
        "update",
        "--event",
        "message",
        "--data-only",
        "--count",
        "2",
    ])
    .await;
    run.is(0, "hello\n{\"a\":1}\n");
}

#[tokio::test]
async fn headers_and_the_last_event_id_are_sent() {
    let (server, url) = serving("data: a\n\n").await;
    let run = wellspring(&[
        "tail",
        &url,
        "-H",
        "X-One: 1",
        "-H",
        "Authorization:Bearer x:y",
        "--last-event-id",
        "ä7",
        "--count",
        "1",
    ])
    .await;
    run.is(0, "message  [ä7] a\n");
    let request = server.request(0).await;
    assert_eq!(request.header("x-one").unwrap(), b"1");
    assert_eq!(request.header("authorization").unwrap(), b"Bearer x:y");
    assert_eq!(request.header("last-event-id").unwrap(), "ä7".as_bytes());
    assert_eq!(request.header("accept").unwrap(), b"text/event-stream");
}

/// Also of an attempt that is refused.
#[tokio::test]
async fn an_id_that_is_not_sent_is_told_at_each_attempt() {
    let server = ScriptedServer::start([Script::answer("404 Gone", &[])]).await;
    let run = wellspring(&["tail", &server.url("/"), "--last-event-id", " a"]).await;
    let why = "the last event ID is not sent: the last event ID begins or ends with white space";
    assert!(run.stderr.contains(why), "{}", run.stderr);
    assert_eq!(server.request(0).await.header("last-event-id"), None);
}

#[tokio::test]
async fn a_lost_connection_is_told_and_resumed() {
    let server = ScriptedServer::start([
        Script::event_stream("retry: 150\nid: 1\ndata: a\n\n"),
        // A reset may overtake what was sent before it.
        Script::event_stream("id: 2\ndata: b\n\ndata: half an ev")
            .gate()
            .reset(),
        Script::event_stream("id: 3\ndata: c\n\n").hang(),
    ])
    .await;
    let url = server.url("/sse");
    let mut tail = Program::start(&["tail", &url, "--count", "3"]);
    assert_eq!(tail.line().await.unwrap(), "message  [1] a");
    assert_eq!(tail.line().await.unwrap(), "message  [2] b");
    server.open_gate();
    let run = tail.end().await;
    run.is(0, "message  [3] c\n");
    let lines: Vec<&str> = run.stderr.lines().collect();
    let open = format!("open: {url} (HTTP/1.1)");
    assert_eq!(lines[0], open);
    assert_eq!(
        lines[1],
        format!("reconnecting in 150 ms: {url}: the body ended")
    );
    assert_eq!(lines[2], open);
    assert!(lines[3].starts_with("reconnecting in "), "{}", lines[3]);
    assert!(
        lines[3].contains(&format!(": {url}: the response broke off")),
        "{}",
        lines[3]
    );
    assert_eq!(lines[4], open);
    assert_eq!(
        server.request(2).await.header("last-event-id").unwrap(),
        b"2"
    );
}

#[tokio::test]
async fn without_reconnection_an_end_of_body_is_a_good_end() {
    let server = ScriptedServer::start([Script::event_stream("data: a\n\n: b")]).await;
    let run = wellspring(&["tail", &server.url("/"), "--no-reconnect"]).await;
    run.is(0, "message  a\n");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_timeout_ends_it_with_124() {
    let (_server, url) = serving("data: a\n\n").await;
    let started = Instant::now();
    let run = wellspring(&["tail", &url, "--timeout", "0.5"]).await;
    run.is(124, "message  a\n");
    assert!(
        run.stderr.contains("stopped after 500 ms (--timeout)"),
        "{}",
        run.stderr
    );
    assert!(started.elapsed() >= Duration::from_millis(500));
}

#[tokio::test]
async fn a_timeout_ends_it_also_while_nobody_takes_its_output() {
    let line = format!("data: {}\n\n", "x".repeat(1000));
    let (_server, url) = serving(&line.repeat(1000)).await;
    let program = Program::start(&["tail", &url, "--timeout", "0.5"]);
    tokio::time::sleep(Duration::from_millis(800)).await;
    let run = program.end().await;
    assert_eq!(run.code, Some(124));
}

/// One event is printed, and the other waits for the gate.
async fn between_two_events() -> (ScriptedServer, Program) {
    let script = Script::event_stream("data: first\n\n")
        .gate()
        .send("data: second\n\n")
        .hang();
    let server = ScriptedServer::start([script]).await;
    let mut tail = Program::start(&["tail", &server.url("/")]);
    assert_eq!(tail.line().await.unwrap(), "message  first");
    (server, tail)
}

#[tokio::test]
async fn events_come_as_they_come() {
    let (server, mut tail) = between_two_events().await;
    server.open_gate();
    assert_eq!(tail.line().await.unwrap(), "message  second");
}

#[tokio::test]
async fn a_closed_pipe_is_a_quiet_end() {
    let (server, tail) = between_two_events().await;
    server.open_gate();
    let run = tail.close_stdout().await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
}

#[tokio::test]
async fn many_events_are_all_printed_in_order() {
    let body: String = (0..20_000).map(|n| format!("data: {n}\n\n")).collect();
    let (_server, url) = serving(&body).await;
    let run = wellspring(&["tail", &url, "--data-only", "--count", "20000"]).await;
    let expected: String = (0..20_000).map(|n| format!("{n}\n")).collect();
    assert!(run.stdout == expected);
    assert_eq!(run.code, Some(0));
}

#[tokio::test]
async fn a_204_is_a_good_end() {
    let server = ScriptedServer::start([
        Script::event_stream("retry: 100\ndata: a\n\n"),
        Script::answer("204 No Content", &[]),
    ])
    .await;
    let run = wellspring(&["tail", &server.url("/sse")]).await;
    run.is(0, "message  a\n");
    assert!(
        run.stderr
            .contains("the server ended the stream (status 204)"),
        "{run:?}"
    );
}

#[tokio::test]
async fn a_redirect_is_told() {
    let server = ScriptedServer::start([
        Script::answer("307 Temporary Redirect", &["Location: /there"]),
        Script::event_stream("data: a\n\n").hang(),
    ])
    .await;
    let run = wellspring(&["tail", &server.url("/here"), "--count", "1"]).await;
    run.is(0, "message  a\n");
    let there = server.url("/there");
    assert_eq!(
        run.stderr,
        format!("open: {there} (HTTP/1.1, after a redirect)\n")
    );
}

/// Who starts the tests may have had them ignore Ctrl-C, as a shell does for what runs in its
/// background; `env` undoes that.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn ctrl_c_ends_it_as_a_signal_does() {
    use std::os::unix::process::ExitStatusExt;

    let (_server, url) = serving("data: a\n\n").await;
    let program = env!("CARGO_BIN_EXE_wellspring");
    let mut tail = Program::spawn(command_of(
        "env",
        &["--default-signal=INT", program, "tail", &url],
    ));
    assert_eq!(tail.line().await.unwrap(), "message  a");
    crate::terminal::interrupt(&tail.child);
    let status = tail.child.wait().await.unwrap();
    assert_eq!(status.signal(), Some(2));
}
