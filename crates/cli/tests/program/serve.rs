//! `wellspring serve`: input, history, formats, and how it ends.
//!
//! Next: `serve_access.rs`.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::time::timeout;
use wellspring_testkit::tool;

use crate::http::{Server, ids};
use crate::support::{PATIENCE, Program, wellspring, wellspring_reading};

#[tokio::test]
async fn two_lines_are_two_events_for_tail_and_for_curl() {
    let mut server = Server::start(&[]).await;
    server.write("a\nb\n").await;
    server.program.close_stdin();
    assert_eq!(
        server.program.note().await,
        "wellspring: end of input after 2 events; serving on"
    );
    let run = wellspring(&["tail", &server.stream(), "--data-only", "--count", "2"]).await;
    run.is(0, "a\nb\n");

    let Some(curl) = tool("curl") else { return };
    let mut command = Command::new(curl);
    command
        .args(["-sN", &server.stream()])
        .stdout(Stdio::piped());
    let mut curl = command.kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(curl.stdout.take().unwrap()).lines();
    let mut data = Vec::new();
    while data.len() < 2 {
        let line = timeout(PATIENCE, lines.next_line()).await.unwrap();
        let line = line.unwrap().unwrap();
        data.extend(line.strip_prefix("data: ").map(str::to_owned));
    }
    assert_eq!(data, ["a", "b"]);
}

#[tokio::test]
async fn a_line_is_there_as_soon_as_it_ends() {
    let mut server = Server::start(&[]).await;
    let mut client = server.subscribe("").await;
    client.until("\n\n").await;
    server.write("first\nsec").await;
    client.until("data: first\n").await;
    server.write("ond\n").await;
    client.until("data: second\n").await;
}

#[tokio::test]
async fn the_history_is_as_long_as_wanted_and_newcomers_get_it() {
    let mut server = Server::start(&["--history", "2"]).await;
    server.write("1\n2\n3\n").await;
    server.program.close_stdin();
    server.program.note().await;
    let text = server.subscribe("").await.until("data: 3\n").await;
    assert!(
        text.contains("data: 2\n") && !text.contains("data: 1\n"),
        "{text}"
    );
}

#[tokio::test]
async fn newcomers_can_begin_now() {
    let mut server = Server::start(&["--from", "now"]).await;
    server.write("1\n").await;
    let mut first = server.subscribe("").await;
    first.until("\n\n").await;
    server.write("2\n").await;
    first.until("data: 2\n").await;
    let mut late = server.subscribe("").await;
    late.until("\n\n").await;
    server.write("3\n").await;
    let text = late.until("data: 3\n").await;
    assert!(!text.contains("data: 2\n"), "{text}");
}

#[tokio::test]
async fn whoever_comes_back_gets_what_it_missed() {
    let mut server = Server::start(&["--from", "now"]).await;
    server.write("1\n").await;
    server.write("2\n3\n").await;
    server.program.close_stdin();
    server.program.note().await;
    let opening = server.subscribe("").await.until("\n\n").await;
    let (epoch, place) = ids(&opening)[0].split_once('-').unwrap();
    assert_eq!(place, "3", "{opening}");
    let first = format!("{epoch}-1");
    let header = format!("Last-Event-ID: {first}\r\n");
    let text = server.subscribe(&header).await.until("data: 3\n").await;
    assert!(text.contains("wellspring-resume: found\r\n"), "{text}");
    assert!(
        text.contains("data: 2\n") && !text.contains("data: 1\n"),
        "{text}"
    );
    let query = format!("GET /events?lastEventId={first} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let text = server.send(query).await.until("data: 3\n").await;
    assert!(!text.contains("data: 1\n"), "{text}");
}

#[tokio::test]
async fn objects_set_type_id_and_data() {
    let mut server = Server::start(&["--format", "json"]).await;
    server
        .write("{\"event\":\"notice\",\"id\":7,\"data\":\"x\"}\n{\"data\":{\"b\":1,\"a\":2}}\n")
        .await;
    let run = wellspring(&["tail", &server.stream(), "--json", "--count", "2"]).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let mut lines = run.stdout.lines();
    let first = lines.next().unwrap();
    let expected = "{\"type\":\"notice\",\"data\":\"x\",\"lastEventId\":\"7\"";
    assert!(first.starts_with(expected), "{first}");
    let second = lines.next().unwrap();
    let expected = "{\"type\":\"message\",\"data\":\"{\\\"b\\\":1,\\\"a\\\":2}\"";
    assert!(second.starts_with(expected), "{second}");
}

#[tokio::test]
async fn an_event_stream_can_be_served_again() {
    let mut first = Server::start(&[]).await;
    first.write("a\nb\n").await;
    let tail = Program::start(&["tail", &first.stream(), "--json", "--count", "2"]);
    let original = tail.end().await;

    let mut again = Server::start(&["--format", "sse"]).await;
    let mut client = first.subscribe("").await;
    let text = client.until("data: b\n").await;
    let (_, behind) = text.split_once("data: b\n").unwrap();
    let text = match behind.contains("\n\n") {
        true => text,
        false => text + &client.until("\n\n").await,
    };
    // The chunks of HTTP/1.1 are not part of the stream; a decoder ignores what is left of them.
    let body = text.split_once("\r\n\r\n").unwrap().1.replace('\r', "");
    again.write(&body).await;
    let copy = wellspring(&["tail", &again.stream(), "--json", "--count", "2"]).await;
    let without_origin = |run: &str| run.replace(&first.origin, "").replace(&again.origin, "");
    assert_eq!(
        without_origin(&copy.stdout),
        without_origin(&original.stdout)
    );
}

#[tokio::test]
async fn lines_that_make_no_sense_are_said_and_skipped() {
    let mut server = Server::start(&["--format", "json"]).await;
    server
        .write(
            "{\"data\":1}\nnonsense\n\n{\"data\":2,\"id\":\"a\\nb\"}\n{\"date\":3}\n{\"data\":4}\n",
        )
        .await;
    for (line, says) in [
        (2, "not a JSON object"),
        (4, "line feed"),
        (5, "the key \"date\" is none of"),
    ] {
        let note = server.program.note().await;
        let start = format!("wellspring: line {line} skipped: ");
        assert!(note.starts_with(&start) && note.contains(says), "{note}");
    }
    let text = server.subscribe("").await.until("data: 4\n").await;
    assert!(
        text.contains("data: 1\n") && !text.contains("data: 2\n"),
        "{text}"
    );
    let metrics = server.ask("GET /metrics", "").await;
    assert!(
        metrics.contains("wellspring_input_skipped_total 3\n"),
        "{metrics}"
    );
}

#[tokio::test]
async fn what_a_line_cannot_inject() {
    let mut server = Server::start(&[]).await;
    server
        .write("a\rdata: b\revent: c\r\nid: d\0\n: e\nend\n")
        .await;
    let run = wellspring(&["tail", &server.stream(), "--json", "--count", "4"]).await;
    let data: Vec<_> = run
        .stdout
        .lines()
        .map(|line| line.split_once(",\"lastEventId\"").unwrap().0)
        .collect();
    assert_eq!(
        data,
        [
            "{\"type\":\"message\",\"data\":\"a\\ndata: b\\nevent: c\"",
            "{\"type\":\"message\",\"data\":\"id: d\\u0000\"",
            "{\"type\":\"message\",\"data\":\": e\"",
            "{\"type\":\"message\",\"data\":\"end\"",
        ]
    );
}

#[tokio::test]
async fn a_line_of_100_mb_is_said_and_skipped() {
    let mut server = Server::start(&[]).await;
    let part = "x".repeat(1_000_000);
    for _ in 0..100 {
        server.write(&part).await;
    }
    server.write("\nshort\n").await;
    let note = server.program.note().await;
    let says = "wellspring: line 1 skipped: longer than 8388608 bytes";
    assert!(note.starts_with(says), "{note}");
    let text = server.subscribe("").await.until("data: short\n").await;
    assert!(!text.contains("xxx"), "{}", text.len());
}

#[tokio::test]
async fn at_the_end_of_input_it_can_end_too() {
    let mut server = Server::start(&["--exit-on-eof"]).await;
    let mut tail = Program::start(&["tail", &server.stream(), "--no-reconnect", "--data-only"]);
    server.write("a\n").await;
    assert_eq!(tail.line().await.unwrap(), "a");
    server.write("b\nlast").await;
    let started = Instant::now();
    server.program.close_stdin();
    server.program.end().await.is(0, "");
    assert!(
        started.elapsed() < Duration::from_secs(3),
        "{:?}",
        started.elapsed()
    );
    // A proper end of the body, or it would be a failure.
    tail.end().await.is(0, "b\nlast\n");
    let run = wellspring_reading(&["serve", "--port", "0", "--exit-on-eof"], b"a\nb\n").await;
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_every_stream_in_good_order() {
    let mut server = Server::start(&[]).await;
    server.write("a\n").await;
    let mut tail = Program::start(&["tail", &server.stream(), "--no-reconnect"]);
    tail.line().await.unwrap();
    crate::terminal::interrupt(&server.program.child);
    let started = Instant::now();
    server.program.end().await.is(0, "");
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(tail.end().await.code, Some(0));
}

#[tokio::test]
async fn a_taken_port_that_was_asked_for_is_a_failure() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = wellspring(&["serve", "--port", &port]).await;
    assert_eq!(run.stdout, "");
    let says = format!("wellspring: port {port} on 127.0.0.1 is taken; --port 0 takes any");
    run.fails(1, &[&says]);
}

#[tokio::test]
async fn a_taken_port_that_was_not_asked_for_is_replaced() {
    // Somebody else may have it already, which is as good.
    let _taken = TcpListener::bind("127.0.0.1:8080");
    let run = wellspring_reading(&["serve", "--exit-on-eof"], b"").await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let says = "wellspring: port 8080 is taken; using ";
    assert!(run.stderr.starts_with(says), "{}", run.stderr);
}
