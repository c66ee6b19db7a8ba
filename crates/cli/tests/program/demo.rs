//! `wellspring demo`.
//!
//! Next: `terminal.rs`; the page is for `tests-js/page.test.js`.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::support::{Program, wellspring};

/// Reads what the demo says first; returns the origin of its page.
async fn introduction(demo: &mut Program) -> String {
    let page = demo.line().await.unwrap();
    let origin = page.strip_prefix("The page    ").unwrap();
    let stream = demo.line().await.unwrap();
    assert_eq!(stream, format!("The stream  {origin}api/v1/sse"));
    origin.trim_end_matches('/').to_owned()
}

/// The numbers in brackets.
fn ids(text: &str) -> Vec<u64> {
    let opened = text.lines().filter_map(|line| line.split_once('['));
    let ids = opened.filter_map(|(_, rest)| rest.split_once(']')?.0.parse().ok());
    ids.collect()
}

fn assert_consecutive(ids: &[u64]) {
    assert!(ids.windows(2).all(|pair| pair[1] == pair[0] + 1), "{ids:?}");
}

#[tokio::test]
async fn the_first_event_is_there_within_two_seconds() {
    let started = Instant::now();
    let mut demo = Program::start(&["demo", "--port", "0"]);
    introduction(&mut demo).await;
    let mut lines = Vec::new();
    while !lines.last().is_some_and(|line: &String| line.contains('[')) {
        lines.push(demo.line().await.unwrap());
    }
    let passed = started.elapsed();
    println!("first event after {passed:?}");
    assert!(passed < Duration::from_secs(2), "{passed:?}");
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("open: http://127.0.0.1:")),
        "{lines:?}"
    );
    assert!(lines.contains(&"retry: 1 s".to_owned()), "{lines:?}");
}

#[tokio::test]
async fn all_kinds_of_events_come_in_order() {
    let run = wellspring(&["demo", "--port", "0", "--interval", "50", "--count", "30"]).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let ids = ids(&run.stdout);
    assert_eq!(ids.len(), 30);
    assert_consecutive(&ids);
    for start in ["message  [", "notice   [", "update   [", ": the presses"] {
        assert!(
            run.stdout.lines().any(|line| line.starts_with(start)),
            "{start}"
        );
    }
    assert!(!run.stdout.contains('\u{1b}'));
}

#[tokio::test]
async fn a_taken_port_is_said_and_another_taken() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = wellspring(&["demo", "--port", &port, "--count", "1"]).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let said = format!("wellspring: port {port} is taken; using ");
    assert!(run.stderr.starts_with(&said), "{}", run.stderr);
    assert!(
        !run.stdout.contains(&format!("127.0.0.1:{port}/")),
        "{}",
        run.stdout
    );
}

#[tokio::test]
async fn a_demo_that_was_killed_goes_on_where_it_was() {
    let arguments = ["demo", "--interval", "50", "--port"];
    let mut demo = Program::start(&[&arguments[..], &["0"]].concat());
    let origin = introduction(&mut demo).await;
    let port = origin.rsplit(':').next().unwrap();

    let url = format!("{origin}/api/v1/sse");
    let mut tail = Program::start(&["tail", &url, "--count", "80"]);
    let mut seen = Vec::new();
    for _ in 0..20 {
        seen.push(tail.line().await.unwrap());
    }
    demo.child.kill().await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut again = Program::start(&[&arguments[..], &[port]].concat());
    assert_eq!(introduction(&mut again).await, origin);

    let rest = tail.end().await;
    assert_eq!(rest.code, Some(0), "{rest:?}");
    let ids = ids(&(seen.join("\n") + "\n" + &rest.stdout));
    assert_eq!(ids.len(), 80);
    assert_consecutive(&ids);
    assert!(rest.stderr.contains("reconnecting in "), "{}", rest.stderr);
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_it_and_every_stream_in_good_order() {
    let mut demo = Program::start(&["demo", "--port", "0"]);
    let origin = introduction(&mut demo).await;
    let url = format!("{origin}/api/v1/sse");
    let mut tail = Program::start(&["tail", &url, "--no-reconnect"]);
    tail.line().await.unwrap();

    crate::terminal::interrupt(&demo.child);
    let started = Instant::now();
    let run = demo.end().await;
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
    // The body came to its proper end: `tail` would say otherwise.
    assert_eq!(tail.end().await.code, Some(0));
}

#[tokio::test]
async fn a_closed_pipe_is_a_quiet_end() {
    let mut demo = Program::start(&["demo", "--port", "0", "--interval", "50"]);
    introduction(&mut demo).await;
    let run = demo.close_stdout().await;
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn over_tls_its_own_event_source_speaks_http2() {
    let arguments = ["demo", "--tls", "--port", "0", "--interval", "50"];
    let mut demo = Program::start(&[&arguments[..], &["--count", "20"]].concat());
    let origin = introduction(&mut demo).await;
    assert!(origin.starts_with("https://127.0.0.1:"), "{origin}");
    let url = format!("{origin}/api/v1/sse");
    let refused = wellspring(&["tail", &url, "--no-reconnect"]).await;
    refused.fails(1, &["TLS failed"]);
    let tail = wellspring(&["tail", &url, "-k", "--count", "1"]).await;
    assert_eq!(tail.code, Some(0), "{tail:?}");
    let run = demo.end().await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let opened = format!("open: {url} (HTTP/2.0)");
    assert!(run.stdout.contains(&opened), "{}", run.stdout);
}
