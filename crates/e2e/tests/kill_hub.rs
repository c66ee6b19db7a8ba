//! `wellspring hub` dies by SIGKILL, again and again, while publishers publish to it and subscribers with
//! many kinds of selectors are cut off at random. What it answered must come once and in order to each of
//! them, private events only to those who may have them, and no gap is told. `WELLSPRING_HUB_KILLS` says
//! how often it dies; from 20 on the crowd is a large one.
//!
//! Next: `../src/children.rs` starts and kills.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use wellspring_e2e::children::Process;
use wellspring_e2e::program::wellspring;

const KEYS: [&str; 4] = [
    "--publisher-key",
    "!ChangeMe!",
    "--subscriber-key",
    "!ChangeMe!",
];

struct Crowd {
    kills: u32,
    publishers: u32,
    subscribers: u32,
    /// Events a second.
    rate: u32,
    /// A second.
    cuts: u32,
    /// From one kill to the next.
    life: Duration,
}

fn crowd() -> Crowd {
    let kills = env::var("WELLSPRING_HUB_KILLS").map_or(3, |kills| kills.parse().unwrap());
    if kills < 20 {
        return Crowd {
            kills,
            publishers: 20,
            subscribers: 100,
            rate: 300,
            cuts: 20,
            life: Duration::from_secs(2),
        };
    }
    Crowd {
        kills,
        publishers: 100,
        subscribers: 1000,
        rate: 300,
        cuts: 100,
        life: Duration::from_secs(5),
    }
}

/// Fifty kinds: of one topic, of several, of templates that match some or all.
fn selectors() -> Vec<String> {
    let topic = |number: &str| format!("https://example.com/load/{number}");
    let kinds = (0..50).map(|kind: u32| match kind % 5 {
        0 => topic("{n}"),
        1 => format!("{} {}", topic("{n}"), topic(&kind.to_string())),
        2 => format!("https://example.com/{{kind{kind}}}/{{n}}"),
        3 => format!("{} https://example.com/load/1{{rest{kind}}}", topic("{n}")),
        _ if kind == 49 => "*".to_owned(),
        _ => format!("https://example.com/{{+kind{kind}}}/{{n}}"),
    });
    kinds.collect()
}

struct Hub {
    program: PathBuf,
    folder: TempDir,
    port: u16,
}

impl Hub {
    fn new(program: &Path) -> Self {
        // Free when it was asked for; the hub must come back to the same one.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            program: program.to_owned(),
            folder: tempfile::tempdir().unwrap(),
            port: listener.local_addr().unwrap().port(),
        }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/.well-known/mercure", self.port)
    }

    fn pid_file(&self) -> PathBuf {
        self.folder.path().join("pid")
    }

    fn start(&self) -> Process {
        let mut command = Command::new(&self.program);
        command.args(["hub", "--port", &self.port.to_string(), "--data"]);
        command.arg(self.folder.path().join("data")).args(KEYS);
        command.stdout(Stdio::null()).stdin(Stdio::null());
        let process = Process::start(&mut command).unwrap();
        fs::write(self.pid_file(), process.child.id().to_string()).unwrap();
        process
    }
}

fn load(hub: &Hub, crowd: &Crowd) -> Command {
    let seconds = crowd.life.as_secs_f64() * f64::from(crowd.kills + 1);
    let mut command = Command::new(&hub.program);
    command
        .args(["load", &hub.url(), "--json", "--strict"])
        .args(KEYS);
    command.args(["--idempotency-key", "--private", "20", "--drain", "20"]);
    for (option, value) in [
        ("--publishers", crowd.publishers.to_string()),
        ("--subscribers", crowd.subscribers.to_string()),
        ("--rate", crowd.rate.to_string()),
        ("--cuts", crowd.cuts.to_string()),
        ("--seconds", seconds.to_string()),
        ("--pid", format!("@{}", hub.pid_file().display())),
    ] {
        command.args([option, &value]);
    }
    for selector in selectors() {
        command.args(["--selector", &selector]);
    }
    // Many may read more than they may have.
    command.args(["--grant", "https://example.com/load/{n}"]);
    command.stdout(Stdio::piped());
    command
}

#[test]
fn what_the_hub_has_answered_comes_once_however_often_it_is_killed() {
    let program = wellspring().unwrap();
    let (hub, crowd) = (Hub::new(&program), crowd());
    let mut process = hub.start();
    let load = load(&hub, &crowd).spawn().unwrap();
    for _ in 0..crowd.kills {
        // That long it lives: moments are what is tried.
        thread::sleep(crowd.life);
        process.child.kill().unwrap();
        process.child.wait().unwrap();
        process = hub.start();
    }
    let output = load.wait_with_output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success(), "{report:#}");
    let number = |pointer| report.pointer(pointer).and_then(Value::as_u64).unwrap();
    let (answered, resumed) = (
        number("/published/answered"),
        number("/subscribers/resumed"),
    );
    assert!(answered > u64::from(crowd.rate * crowd.kills), "{report:#}");
    // Who was between two connections already when the hub died is not counted twice.
    assert!(
        resumed > u64::from(crowd.subscribers * crowd.kills / 2),
        "{report:#}"
    );
    println!(
        "figures: {} kills, {answered} publishes, {} deliveries, {resumed} resumed, p99 {} ms, {} KiB at most",
        crowd.kills,
        number("/delivered/own"),
        report["latency_ms"]["p99"],
        report["server"]["resident_kib"]["max"],
    );
}
