//! `wellspring tail`: options about waits, limits, and what becomes of an event.
//!
//! Next: `tail_told.rs`.

use std::time::{Duration, Instant};

use crate::support::{Program, wellspring};
use tempfile::TempDir;
use wellspring_testkit::server::{Script, ScriptedServer};

async fn serving(body: &str) -> (ScriptedServer, String) {
    let server = ScriptedServer::start_repeating(Script::event_stream(body).hang()).await;
    let url = server.url("/sse");
    (server, url)
}

#[tokio::test]
async fn a_silent_connection_is_given_up_after_the_idle_timeout() {
    let (server, url) = serving("retry: 100\ndata: a\n\n").await;
    let run = wellspring(&["tail", &url, "--idle-timeout", "0.3", "--count", "2"]).await;
    run.is(0, "message  a\nmessage  a\n");
    assert!(
        run.stderr.contains("nothing was received for 300ms"),
        "{run:?}"
    );
    assert_eq!(server.connections(), 2);
}

/// 2^64 - 1 ms, the longest there is.
#[tokio::test]
async fn a_servers_wait_is_told_in_words_and_can_be_cut() {
    let body = "retry: 18446744073709551615\ndata: a\n\n";
    let ending = || Script::event_stream(body);
    let server = ScriptedServer::start([ending(), ending(), ending()]).await;
    let url = server.url("/");
    let mut tail = Program::start(&["tail", &url]);
    tail.note().await;
    let note = tail.note().await;
    assert!(
        note.starts_with("reconnecting in more than 200 years: "),
        "{note}"
    );
    let started = Instant::now();
    let run = wellspring(&["tail", &url, "--max-wait", "0.2", "--count", "2"]).await;
    run.is(0, "message  a\nmessage  a\n");
    assert!(run.stderr.contains("reconnecting in 200 ms: "), "{run:?}");
    assert!(started.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn limits_can_be_set_and_errors_name_the_option() {
    let (_server, url) = serving("id: 12345\ndata: 1234567890\n\n").await;
    for (option, what) in [
        ("--max-line", "a line"),
        ("--max-event", "an event"),
        ("--max-id", "an id"),
    ] {
        let run = wellspring(&["tail", &url, option, "4"]).await;
        run.fails(
            1,
            &[
                &format!("{what} exceeds the limit of 4 bytes"),
                &format!("raise {option}"),
            ],
        );
    }
    let large = format!("data: {}\n\n", "x".repeat(17 << 20));
    let (_server, url) = serving(&large).await;
    let run = wellspring(&[
        "tail",
        &url,
        "--data-only",
        "--max-event",
        "18M",
        "--count",
        "1",
    ])
    .await;
    assert_eq!(
        (run.code, run.stdout.len()),
        (Some(0), (17 << 20) + 1),
        "{}",
        run.stderr
    );
    wellspring(&["tail", &url, "--max-event", "18X"])
        .await
        .fails(2, &["as in 64K"]);
}

#[tokio::test]
async fn the_time_of_each_event_is_printed() {
    let (_server, url) = serving("data: a\ndata: b\n\n").await;
    let run = wellspring(&["tail", &url, "--timestamps", "--count", "1"]).await;
    let lines: Vec<&str> = run.stdout.lines().collect();
    let (time, event) = lines[0].split_once(' ').unwrap();
    assert_eq!(
        (time.len(), &time[..2], &time[10..11], &time[23..]),
        (24, "20", "T", "Z"),
        "{run:?}"
    );
    assert_eq!(event, "message  a");
    assert_eq!(lines[1], format!("{:34}b", ""));
    let run = wellspring(&["tail", &url, "--timestamps", "--json", "--count", "1"]).await;
    assert!(run.stdout.contains("\",\"received\":\"20"), "{run:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_command_is_run_for_each_event() {
    let body = "id: 7\nevent: $(touch x);`touch y`\ndata: '; touch z; '\ndata: two\n\ndata: b\n\ndata: c\n\n";
    let (_server, url) = serving(body).await;
    let folder = TempDir::new().unwrap();
    let script = format!(
        "cd {}; echo \"$WELLSPRING_TYPE|$WELLSPRING_ID|$WELLSPRING_ORIGIN\"; cat; echo",
        folder.path().display()
    );
    let run = wellspring(&["tail", &url, "--count", "2", "--exec", &script]).await;
    let origin = url.strip_suffix("/sse").unwrap();
    let expected =
        format!("$(touch x);`touch y`|7|{origin}\n'; touch z; '\ntwo\nmessage|7|{origin}\nb\n");
    run.is(0, &expected);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn a_command_that_fails_ends_it_and_one_that_does_not_read_does_not() {
    let body = format!("id: 7\ndata: {}\n\ndata: b\n\n", "x".repeat(1 << 20));
    let (_server, url) = serving(&body).await;
    let run = wellspring(&["tail", &url, "--count", "2", "--exec", "echo a"]).await;
    run.is(0, "a\na\n");
    let run = wellspring(&["tail", &url, "--exec", "echo a; exit 3"]).await;
    run.fails(
        1,
        &["the command of --exec failed at event message [7]: exit status: 3"],
    );
    assert_eq!(run.stdout, "a\n");
    let run = wellspring(&[
        "tail",
        &url,
        "--event",
        "none",
        "--timeout",
        "1",
        "--exec",
        "echo a",
    ])
    .await;
    run.is(124, "");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_no_environment_holds_is_named() {
    let long = "x".repeat(130 << 10);
    for (name, body) in [
        ("type", format!("id: 7\nevent: {long}\ndata: a\n\n")),
        ("id", format!("id: {long}\ndata: a\n\n")),
    ] {
        let (_server, url) = serving(&body).await;
        let more = ["--max-id", "1M", "--exec", "cat"];
        let run = wellspring(&[&["tail", &url][..], &more].concat()).await;
        let says = format!("its {name} of 133120 bytes does not fit into the environment");
        run.fails(1, &[&says, "--event NAME"]);
        assert!(run.stderr.len() < 2000, "{}", run.stderr.len());
    }
}
