//! What is asked for wrongly, and what cannot be done.

use super::hub::{Faults, Hub};
use super::load;
use crate::support::wellspring;

const URL: &str = "http://127.0.0.1:1/.well-known/mercure";

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let cases: [(&[&str], &str); 10] = [
        (&["--topics", "2"], "--topics is less than --publishers"),
        (
            &["--topic", "https://a.example/"],
            "--topic has no {n} in it",
        ),
        (&["--pid", "4294967295"], "--pid 4294967295: /proc/"),
        (&["--pid", "x"], "neither the number of a process"),
        (&["--private", "101"], "0 to 100 percent"),
        (&["--cuts", "-1"], "0 to 1000000 a second"),
        (&["--seconds", "1000000"], "a week at most"),
        (&["--size", "17M"], "--size: 16M at most"),
        (&["--publisher-key", "@/there/is/none"], "/there/is/none: "),
        (
            &["--dialect", "1.0", "--selector", "urlpattern:("],
            "the selector '('",
        ),
    ];
    for (options, says) in cases {
        let arguments = [&["load", URL], options].concat();
        wellspring(&arguments).await.fails(2, &[says]);
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn too_few_open_files_are_told_before_the_start() {
    let program = env!("CARGO_BIN_EXE_wellspring");
    let line = format!("ulimit -n 256; exec {program} load {URL} --subscribers 1000");
    let run = crate::support::Program::spawn(crate::support::command_of("sh", &["-c", &line]));
    let says = [
        "1004 connections need 1068 open files, and this process may have 256",
        "ulimit -n 1068",
    ];
    run.end().await.fails(2, &says);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_to_be() {
    let mut hub = Hub::start(Faults::default()).await;
    hub.kill().await;
    let options = [
        "--publisher-key",
        "k",
        "--subscribers",
        "2",
        "--connect-within",
        "1",
    ];
    let run = wellspring(&[&["load", &hub.url()], &options[..]].concat()).await;
    run.fails(
        1,
        &[
            "0 of 2 subscribers were connected: a subscriber: ",
            "cannot connect",
        ],
    );
}

/// The smallest and the largest there are.
#[tokio::test]
async fn extreme_numbers_are_no_panic() {
    let hub = Hub::start(Faults::default()).await;
    let keys = ["--publisher-key", "k", "--subscriber-key", "k"];
    for options in [
        ["--cuts", "1e-300", "--rate", "1"],
        ["--cuts", "1e6", "--rate", "4294967295"],
        ["--size", "1", "--publish-timeout", "1e8"],
    ] {
        let more = [
            "--subscribers",
            "2",
            "--publishers",
            "50",
            "--seconds",
            "0.3",
        ];
        let (run, report) = load(&hub.url(), &[&keys[..], &options, &more].concat()).await;
        assert!(
            run.code.is_some_and(|code| code < 2),
            "{options:?}: {report:#}"
        );
        assert!(!run.stderr.contains("panicked"), "{run:?}");
    }
}

#[tokio::test]
async fn nothing_that_was_taken_is_nothing_that_was_checked() {
    let hub = Hub::start(Faults::default()).await;
    let (run, report) = load(&hub.url(), &["--subscribers", "1", "--seconds", "0.3"]).await;
    assert_eq!(run.code, Some(1), "{report:#}");
    assert!(
        report["problems"]
            .to_string()
            .contains("nothing was checked")
    );
    assert!(
        report["said"]
            .to_string()
            .contains("401 Unauthorized: no token"),
        "{report:#}"
    );
}

#[tokio::test]
async fn the_table_says_it_to_people_without_secrets() {
    let faults = Faults {
        drop: Some(5),
        ..Faults::default()
    };
    let hub = Hub::start(faults).await;
    let url = hub.url().replace("http://", "http://me:s3cret-1@");
    let pid = std::process::id().to_string();
    let options = [
        "--publisher-key",
        "s3cret-key",
        "--subscribers",
        "2",
        "--seconds",
        "0.5",
        "--drain",
        "0.5",
        "--pid",
        &pid,
    ];
    let run = wellspring(&[&["load", &url], &options[..]].concat()).await;
    assert_eq!(run.code, Some(1), "{run:?}");
    for says in [
        "published    ",
        "latency      p50 ",
        "MiB at first",
        "lost: ",
        "subscriber 0, https://example.com/load/0, number",
        "faults were found",
    ] {
        assert!(run.stdout.contains(says), "{says}: {}", run.stdout);
    }
    for text in [&run.stdout, &run.stderr] {
        assert!(!text.contains("s3cret"), "{run:?}");
    }
}
