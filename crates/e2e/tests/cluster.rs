//! Three hubs on one Redis server, clients that reach them through one address, and faults all the while: a
//! hub or the server is killed and started again, or the server is frozen. What was answered must come once
//! and in order to each subscriber, and no gap is told, since the server answers for what is on the disk. At
//! last the server forgets everything, which has to be told as a gap. `WELLSPRING_CLUSTER_FAULTS` says how
//! many faults there are.
//!
//! Next: `kill_hub.rs`, the same with one node on its own disk.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use wellspring_e2e::children::Process;
use wellspring_e2e::program::wellspring;
use wellspring_testkit::redis::RedisServer;

const KEYS: [&str; 4] = [
    "--publisher-key",
    "!ChangeMe!",
    "--subscriber-key",
    "!ChangeMe!",
];

/// HS256 of `{"mercure":{"subscribe":["*"]}}` with the key above.
const READER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJtZXJjdXJlIjp7InN1YnNjcmliZSI6WyIqIl19fQ.ORJnUIVffZWH4WoZZhcZg74WWlh9f5TVYiaNmUE4u2o";

const HUBS: usize = 3;

/// From one fault to the next.
const LIFE: Duration = Duration::from_secs(4);

/// How long what is killed stays away, and what is frozen stays so.
const AWAY: Duration = Duration::from_millis(500);
const FROZEN: Duration = Duration::from_secs(5);

fn faults() -> usize {
    env::var("WELLSPRING_CLUSTER_FAULTS").map_or(4, |faults| faults.parse().unwrap())
}

struct Hub {
    port: u16,
    process: Option<Process>,
}

impl Hub {
    fn new() -> Self {
        // Free when it was asked for; the hub must come back to the same one.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        Self {
            port,
            process: None,
        }
    }

    fn start(&mut self, program: &Path, engine: &str) {
        let mut command = Command::new(program);
        command.args(["hub", "--port", &self.port.to_string()]);
        command.args(["--engine", engine]).args(KEYS);
        command.stdout(Stdio::null()).stdin(Stdio::null());
        self.process = Some(Process::start(&mut command).unwrap());
    }

    fn until_it_listens(&self) {
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let patience = Duration::from_secs(30);
            assert!(began.elapsed() < patience, "a hub does not listen");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// One address for all hubs: each connection comes to the next that is there. Returns its port.
fn balance(ports: [u16; HUBS]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let turn = Arc::new(AtomicUsize::new(0));
    thread::spawn(move || {
        for near in listener.incoming().map_while(Result::ok) {
            let turn = Arc::clone(&turn);
            thread::spawn(move || {
                let first = turn.fetch_add(1, Ordering::Relaxed);
                let hubs = (0..HUBS).map(|next| ports[(first + next) % HUBS]);
                let mut reached =
                    hubs.filter_map(|port| TcpStream::connect(("127.0.0.1", port)).ok());
                if let Some(far) = reached.next() {
                    join(&near, &far);
                }
            });
        }
    });
    port
}

/// Until one of both ends.
fn join(near: &TcpStream, far: &TcpStream) {
    thread::scope(|scope| {
        for (mut from, mut to) in [(near, far), (far, near)] {
            scope.spawn(move || {
                let _ = io::copy(&mut from, &mut to);
                let _ = from.shutdown(Shutdown::Both);
                let _ = to.shutdown(Shutdown::Both);
            });
        }
    });
}

fn load(program: &Path, port: u16, seconds: f64) -> Command {
    let mut command = Command::new(program);
    let url = format!("http://127.0.0.1:{port}/.well-known/mercure");
    command
        .args(["load", &url, "--json", "--strict"])
        .args(KEYS);
    command.args(["--idempotency-key", "--private", "20", "--drain", "30"]);
    command.args([
        "--publishers",
        "10",
        "--subscribers",
        "60",
        "--rate",
        "200",
        "--cuts",
        "10",
    ]);
    command.args(["--seconds", &seconds.to_string()]);
    for selector in [
        "https://example.com/load/{n}",
        "https://example.com/{+all}",
        "*",
    ] {
        command.args(["--selector", selector]);
    }
    command.args(["--grant", "https://example.com/load/{n}"]);
    command.stdout(Stdio::piped());
    command
}

/// One fault after the other, in turn.
fn strike(number: usize, hubs: &mut [Hub; HUBS], server: &mut RedisServer, program: &Path) {
    let hub = &mut hubs[number / 4 % HUBS];
    match number % 4 {
        0 => {
            drop(hub.process.take());
            thread::sleep(AWAY);
            hub.start(program, &server.url());
        }
        1 => {
            server.kill();
            thread::sleep(AWAY);
            server.start_again();
        }
        2 => {
            server.signal("STOP");
            thread::sleep(FROZEN);
            server.signal("CONT");
        }
        _ => {
            drop(hub.process.take());
            server.kill();
            thread::sleep(AWAY);
            server.start_again();
            hub.start(program, &server.url());
        }
    }
}

#[test]
fn what_was_answered_comes_once_whatever_of_the_cluster_dies() {
    let program = wellspring().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let Some(mut server) = RedisServer::start(folder.path(), &[]) else {
        return;
    };
    let mut hubs = [Hub::new(), Hub::new(), Hub::new()];
    for hub in &mut hubs {
        hub.start(&program, &server.url());
    }
    hubs.iter().for_each(Hub::until_it_listens);
    let port = balance([hubs[0].port, hubs[1].port, hubs[2].port]);
    let (faults, began) = (faults(), Instant::now());
    let seconds = (LIFE.as_secs_f64() + 2.0) * faults as f64 + LIFE.as_secs_f64();
    let load = load(&program, port, seconds).spawn().unwrap();
    for number in 0..faults {
        thread::sleep(LIFE);
        strike(number, &mut hubs, &mut server, &program);
    }
    let output = load.wait_with_output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(output.status.success(), "{report:#}");
    let number = |pointer| report.pointer(pointer).and_then(Value::as_u64).unwrap();
    let answered = number("/published/answered");
    assert!(answered > 200 * faults as u64, "{report:#}");
    println!(
        "figures: {faults} faults, {answered} publishes, {} deliveries, {} resumed, {:.0} s",
        number("/delivered/own"),
        number("/subscribers/resumed"),
        began.elapsed().as_secs_f64(),
    );
    forgets(&hubs, &server);
}

/// Every node tells its readers that the history is another one.
fn forgets(hubs: &[Hub; HUBS], server: &RedisServer) {
    hubs.iter().for_each(Hub::until_it_listens);
    let readers = hubs.iter().map(|hub| {
        let mut socket = TcpStream::connect(("127.0.0.1", hub.port)).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let request = "GET /.well-known/mercure?topic=*&wellspring_gap=1&lastEventID=earliest HTTP/1.1\r\n\
            Host: hub\r\nAuthorization: Bearer ";
        write!(socket, "{request}{READER}\r\n\r\n").unwrap();
        let mut lines = BufReader::new(socket).lines().map_while(Result::ok);
        assert_eq!(lines.next().as_deref(), Some("HTTP/1.1 200 OK"));
        // The events that there are, until one is seen that the hub has live.
        assert!(lines.any(|line| line.starts_with("data:")));
        lines
    });
    let readers: Vec<_> = readers.collect();
    assert_eq!(server.command("FLUSHALL").unwrap(), "+OK");
    for mut lines in readers {
        assert!(
            lines.any(|line| line == "event: wellspring-gap"),
            "no gap was told"
        );
    }
}
