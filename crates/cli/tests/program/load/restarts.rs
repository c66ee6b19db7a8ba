//! Ends: a server that is killed and comes back, and a user who has seen enough.

#[cfg(unix)]
use rustix::process::{Pid, Signal, kill_process};

use super::hub::{Faults, Hub};
use super::{is_sound, report, start};
#[cfg(unix)]
use crate::support::{PATIENCE, Program};

const OPTIONS: [&str; 14] = [
    "--publisher-key",
    "k",
    "--subscriber-key",
    "k",
    "--subscribers",
    "20",
    "--topics",
    "5",
    "--publishers",
    "5",
    "--seconds",
    "3",
    "--rate",
    "500",
];

#[tokio::test]
async fn a_server_that_is_killed_and_comes_back_loses_nothing() {
    for more in [&[][..], &["--idempotency-key"]] {
        let faults = Faults {
            keys: true,
            ..Faults::default()
        };
        let mut hub = Hub::start(faults).await;
        let program = start(&hub.url(), &[&OPTIONS[..], more].concat());
        for kill in 1..=3 {
            hub.stored(kill * 100).await;
            hub.kill().await;
            hub.restart().await;
        }
        let (run, report) = report(program.end().await);
        is_sound(&run, &report);
        let resumed = report["subscribers"]["resumed"].as_u64().unwrap();
        assert!(resumed >= 20, "{report:#}");
        if !more.is_empty() {
            assert_eq!(report["published"]["in_doubt"], 0, "{report:#}");
        }
    }
}

#[tokio::test]
async fn a_server_that_stays_away_is_a_loss() {
    let mut hub = Hub::start(Faults::default()).await;
    let options = [&OPTIONS[..], &["--publish-timeout", "1"]].concat();
    let program = start(&hub.url(), &options);
    hub.stored(100).await;
    hub.kill().await;
    let (_, report) = report(program.end().await);
    // What there was no server for was not sent, so it must not arrive either.
    assert!(
        report["published"]["refused"].as_u64().unwrap() > 0,
        "{report:#}"
    );
    assert!(
        report["said"].to_string().contains("cannot connect"),
        "{report:#}"
    );
}

#[cfg(unix)]
fn interrupt(program: &Program) {
    let pid = i32::try_from(program.child.id().unwrap()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_the_publishing_and_the_verdict_is_told() {
    let hub = Hub::start(Faults::default()).await;
    let keys = ["--publisher-key", "k", "--subscriber-key", "k"];
    let options = [&keys[..], &["--subscribers", "5", "--seconds", "600"]].concat();
    let program = start(&hub.url(), &options);
    hub.stored(20).await;
    interrupt(&program);
    let (run, report) = report(program.end().await);
    is_sound(&run, &report);
    assert!(
        run.stderr.contains("waiting for what is under way"),
        "{run:?}"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_again_ends_the_waiting() {
    let faults = Faults {
        drop: Some(3),
        ..Faults::default()
    };
    let hub = Hub::start(faults).await;
    let url = hub.url();
    let options = ["load", &url, "--json", "--drain", "600", "--seconds", "600"];
    let keys = [
        "--publisher-key",
        "k",
        "--subscriber-key",
        "k",
        "--subscribers",
        "4",
    ];
    let mut program = Program::start(&[&options[..], &keys].concat());
    hub.stored(20).await;
    interrupt(&program);
    assert!(
        program
            .note()
            .await
            .contains("waiting for what is under way")
    );
    interrupt(&program);
    let (run, report) = report(program.end().await);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert_eq!(super::faults(&report)[0].0, "lost");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn ctrl_c_before_the_first_event_is_an_end() {
    let mut hub = Hub::start(Faults::default()).await;
    hub.kill().await;
    let program = start(&hub.url(), &["--publisher-key", "k", "--seconds", "600"]);
    // A program that is not there yet dies of it, which is an end too.
    let until = tokio::time::Instant::now() + PATIENCE;
    while !is_catching(&program) {
        assert!(tokio::time::Instant::now() < until);
        tokio::task::yield_now().await;
    }
    interrupt(&program);
    let run = program.end().await;
    run.fails(1, &["interrupted before the first event"]);
}

/// Whether it handles SIGINT, which is number 2.
#[cfg(target_os = "linux")]
fn is_catching(program: &Program) -> bool {
    let path = format!("/proc/{}/status", program.child.id().unwrap());
    let status = std::fs::read_to_string(path).unwrap();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    u64::from_str_radix(mask.unwrap().trim(), 16).unwrap() & 2 != 0
}
