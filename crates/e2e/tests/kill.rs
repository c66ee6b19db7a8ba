//! The server dies twenty times by SIGKILL, at random bytes, while two clients read thousands of
//! events a second from it: one pulls them, one has handlers. Each of them must see each event once
//! and in order. `WELLSPRING_SEED` repeats a run.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::env;
use std::io::{BufRead, BufReader, Write, stderr};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use wellspring_e2e::children::Process;
use wellspring_e2e::cut::Place;

const EVENTS: u64 = 100_000;
/// A second, on each connection.
const RATE: u64 = 3_200;
const KILLS: usize = 20;
/// So many of them before the body begins.
const KILLS_IN_HEAD: usize = 3;
/// At this rate, more than a second: after a connection that lasted so long, the next wait is a short
/// one. All events together have 5.7 MB, so that some are left after the last kill.
const FEWEST_BYTES: usize = 200_000;
const MOST_BYTES: usize = 350_000;
const FACES: [&str; 2] = ["pull", "handlers"];
const PATIENCE: Duration = Duration::from_secs(60);

fn start(program: &str, arguments: &[(&str, String)]) -> Process {
    let mut command = Command::new(program);
    for (name, value) in arguments {
        command.arg(format!("--{name}")).arg(value);
    }
    Process::start(command.stdout(Stdio::piped())).unwrap()
}

struct Server {
    process: Process,
    lines: Receiver<String>,
    address: String,
}

impl Server {
    fn start(address: &str, cut: Option<(&str, usize)>) -> Self {
        let mut arguments = vec![
            ("listen", address.to_owned()),
            ("rate", RATE.to_string()),
            ("last", EVENTS.to_string()),
        ];
        if let Some((face, bytes)) = cut {
            arguments.push(("cut-path", format!("/{face}")));
            arguments.push(("cut-after", bytes.to_string()));
        }
        let mut process = start(env!("CARGO_BIN_EXE_kill-server"), &arguments);
        let output = BufReader::new(process.child.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || {
            let lines = output.lines().map_while(Result::ok);
            lines.for_each(|line| drop(sender.send(line)));
        });
        let line: String = lines.recv_timeout(PATIENCE).unwrap();
        let address = line.strip_prefix("listening ").unwrap().to_owned();
        Self {
            process,
            lines,
            address,
        }
    }

    /// Waits until it stands at its last byte.
    fn wait_for_cut(&self, opened: &mut [usize; 2]) -> Place {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap();
            if let Some(place) = line.strip_prefix("cut ") {
                return Place::named(place).unwrap();
            }
            count(&line, opened);
        }
    }

    fn kill(mut self) {
        self.process.child.kill().unwrap();
        let status = self.process.child.wait().unwrap();
        assert_eq!(status.signal(), Some(9), "{status}");
    }
}

/// Counts `open /face id`.
fn count(line: &str, opened: &mut [usize; 2]) {
    let path = line.split(' ').nth(1).unwrap();
    let face = FACES
        .iter()
        .position(|face| path.strip_prefix('/') == Some(face));
    opened[face.unwrap()] += 1;
}

fn client(face: &str, address: &str) -> Process {
    let arguments = [
        ("url", format!("http://{address}/{face}")),
        ("face", face.to_owned()),
        ("last", EVENTS.to_string()),
    ];
    start(env!("CARGO_BIN_EXE_kill-client"), &arguments)
}

/// Which connections to cut, and after how many bytes.
fn cuts(random: &mut Rng) -> Vec<(&'static str, usize)> {
    let mut in_head: Vec<bool> = (0..KILLS).map(|index| index < KILLS_IN_HEAD).collect();
    random.shuffle(&mut in_head);
    let bytes = in_head.into_iter().map(|in_head| {
        if in_head {
            random.usize(1..150)
        } else {
            random.usize(FEWEST_BYTES..MOST_BYTES)
        }
    });
    FACES.into_iter().cycle().zip(bytes).collect()
}

fn wait_for_end(mut client: Process, face: &str) {
    let status = client.wait(PATIENCE).expect("all events come in time");
    assert!(status.success(), "{face}: {status}");
}

fn seed() -> u64 {
    let wanted = env::var("WELLSPRING_SEED").ok();
    wanted.map_or_else(|| fastrand::u64(..), |seed| seed.parse().unwrap())
}

/// Not for the test runner, which would swallow it.
fn say(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}

#[test]
fn each_event_is_seen_once_by_both_faces_while_the_server_is_killed_twenty_times() {
    let seed = seed();
    say(&format!("kill test: WELLSPRING_SEED={seed}"));
    let mut random = Rng::with_seed(seed);
    let start = Instant::now();
    let mut opened = [0, 0];
    let mut places: [Vec<Place>; 2] = Default::default();
    let mut clients = Vec::new();
    let mut address = "127.0.0.1:0".to_owned();
    for (face, bytes) in cuts(&mut random) {
        let server = Server::start(&address, Some((face, bytes)));
        if clients.is_empty() {
            address.clone_from(&server.address);
            clients = FACES.map(|face| client(face, &address)).into();
        }
        let place = server.wait_for_cut(&mut opened);
        server.kill();
        places[usize::from(face == FACES[1])].push(place);
        // Now and then long enough for attempts to be refused.
        thread::sleep(Duration::from_millis(random.u64(..200)));
    }
    let server = Server::start(&address, None);
    for (client, face) in clients.into_iter().zip(FACES) {
        wait_for_end(client, face);
    }
    let took = start.elapsed().as_secs_f64();
    while let Ok(line) = server.lines.recv_timeout(Duration::from_millis(1)) {
        count(&line, &mut opened);
    }
    report(took, opened, &places);
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
fn report(took: f64, opened: [usize; 2], places: &[Vec<Place>; 2]) {
    let all = places.concat();
    let among = |places: &[Place], place| places.iter().filter(|p| **p == place).count();
    let in_event = among(&all, Place::Event);
    let in_body = in_event + among(&all, Place::Body);
    let rate = EVENTS as f64 / took;
    say(&format!(
        "kill test: {EVENTS} events to each face in {took:.1} s ({rate:.0}/s), {} kills, {in_body} \
         in mid-body, {in_event} in mid-event, reconnections: {} {}, {} {}",
        all.len(),
        FACES[0],
        opened[0] - 1,
        FACES[1],
        opened[1] - 1
    ));
    assert_eq!(all.len(), KILLS);
    assert!(in_body >= 15, "{all:?}");
    for places in places {
        assert!(among(places, Place::Event) >= 5, "{places:?}");
    }
}
