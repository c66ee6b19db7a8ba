//! `wellspring tail --store` dies by SIGKILL, twenty times, at random moments, while a server sends it
//! thousands of events a second. What is stored must be each event once and in order, and the position
//! that of the last one, whenever one looks. `WELLSPRING_KILLS` says how often, `WELLSPRING_SEED`
//! repeats a run as far as moments can be repeated.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use std::env;
use std::io::{self, BufRead, BufReader, Write, stderr};
use std::ops::{ControlFlow, Range};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use tempfile::TempDir;
use wellspring::store::{FileStore, Store, StoreErrorKind, StoredEvent};
use wellspring_e2e::children::Process;
use wellspring_e2e::numbered::Judge;
use wellspring_e2e::program::wellspring;
use wellspring_sqlite::SqliteStore;

/// A second, while a client is there.
const RATE: u64 = 20_000;
const LAST: u64 = 100_000_000;
/// After the last kill so many events more, and an end in good order.
const REST: u64 = 5_000;
/// So many milliseconds after its first event the program dies.
const LIFE: Range<u64> = 0..250;
/// One of five dies so many milliseconds after its start instead, as a rule before its first event.
const BRIEF_LIFE: Range<u64> = 0..100;
const PATIENCE: Duration = Duration::from_secs(60);

struct Server {
    _process: Process,
    url: String,
}

impl Server {
    fn start() -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kill-server"));
        command.args(["--listen", "127.0.0.1:0", "--rate", &RATE.to_string()]);
        command.args(["--last", &LAST.to_string()]);
        let mut process = Process::start(command.stdout(Stdio::piped())).unwrap();
        let mut lines = BufReader::new(process.child.stdout.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let address = line.strip_prefix("listening ").unwrap();
        let url = format!("http://{address}/events");
        // It says when somebody comes, and must not wait for a reader.
        thread::spawn(move || lines.for_each(drop));
        Self {
            _process: process,
            url,
        }
    }
}

/// What the two kinds of store have in common.
trait Kind: Store + Sized {
    const NAME: &'static str;
    /// What the program left behind, without changing it; `None` before there is anything.
    fn look(path: &Path) -> Option<Self>;
    fn visit(&mut self, key: &str, after: u64, visit: impl FnMut(StoredEvent<'_>));
}

impl Kind for SqliteStore {
    const NAME: &'static str = "sqlite";

    fn look(path: &Path) -> Option<Self> {
        unless_missing(Self::open_read_only(path))
    }

    fn visit(&mut self, key: &str, after: u64, mut visit: impl FnMut(StoredEvent<'_>)) {
        let all = |stored: StoredEvent<'_>| {
            visit(stored);
            ControlFlow::Continue(())
        };
        self.read(key, after, all).unwrap();
    }
}

impl Kind for FileStore {
    const NAME: &'static str = "file";

    fn look(path: &Path) -> Option<Self> {
        unless_missing(Self::open_read_only(path))
    }

    fn visit(&mut self, key: &str, after: u64, mut visit: impl FnMut(StoredEvent<'_>)) {
        let all = |stored: StoredEvent<'_>| {
            visit(stored);
            ControlFlow::Continue(())
        };
        self.read(key, after, all).unwrap();
    }
}

fn unless_missing<S>(opened: Result<S, wellspring::store::StoreError>) -> Option<S> {
    match opened {
        Ok(store) => Some(store),
        // Killed before it was made, or before its head or its tables were.
        Err(error)
            if matches!(
                error.kind(),
                StoreErrorKind::CannotOpen | StoreErrorKind::NotAStore
            ) =>
        {
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// Judges what is stored, as far as it was not judged before.
struct Inspector {
    judge: Judge,
    sequence: u64,
}

impl Inspector {
    /// Whether there is more than the last time.
    fn look<S: Kind>(&mut self, path: &Path, url: &str) -> bool {
        let before = self.judge.count();
        let Some(mut store) = S::look(path) else {
            assert_eq!(before, 0, "what was stored is gone");
            return false;
        };
        store.visit(url, self.sequence, |stored| {
            let event = stored.event;
            let judged = self
                .judge
                .judge(event.event_type, event.data, event.last_event_id);
            judged.unwrap();
            self.sequence = stored.sequence;
        });
        let count = self.judge.count();
        let position = store.position(url).unwrap();
        let expected = (count > 0).then(|| count.to_string());
        assert_eq!(position, expected, "events and position have come apart");
        count > before
    }
}

/// The program, and who says that it has printed its first event.
fn tail<S: Kind>(program: &Path, url: &str, path: &Path, more: &[&str]) -> (Process, Receiver<()>) {
    let mut command = Command::new(program);
    command.args(["tail", url, "--data-only", "--store-kind", S::NAME]);
    command.arg("--store").arg(path).args(more);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = Process::start(&mut command).unwrap();
    let mut output = BufReader::new(process.child.stdout.take().unwrap());
    let (sender, first) = channel();
    thread::spawn(move || {
        if output
            .read_line(&mut String::new())
            .is_ok_and(|length| length > 0)
        {
            let _ = sender.send(());
        }
        let _ = io::copy(&mut output, &mut io::sink());
    });
    (process, first)
}

fn kill_over_and_over<S: Kind>() {
    let seed = amount("WELLSPRING_SEED").unwrap_or_else(|| fastrand::u64(..));
    let kills = amount("WELLSPRING_KILLS").unwrap_or(20);
    say(&format!("kill {}: WELLSPRING_SEED={seed}", S::NAME));
    let mut random = Rng::with_seed(seed);
    let program: PathBuf = wellspring().unwrap();
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("events");
    let server = Server::start();
    let judge = Judge::new(LAST);
    let mut inspector = Inspector { judge, sequence: 0 };
    let mut grew = 0;
    let started = Instant::now();
    for _ in 0..kills {
        let (mut tail, first) = tail::<S>(&program, &server.url, &path, &[]);
        if random.u64(..5) == 0 {
            thread::sleep(Duration::from_millis(random.u64(BRIEF_LIFE)));
        } else {
            first.recv_timeout(PATIENCE).unwrap();
            thread::sleep(Duration::from_millis(random.u64(LIFE)));
        }
        assert_eq!(tail.child.try_wait().unwrap(), None, "it ended by itself");
        tail.child.kill().unwrap();
        tail.child.wait().unwrap();
        grew += u64::from(inspector.look::<S>(&path, &server.url));
    }
    let killed = inspector.judge.count();
    let more = ["--count", &REST.to_string()];
    let (mut tail, _first) = tail::<S>(&program, &server.url, &path, &more);
    assert!(tail.wait(PATIENCE).unwrap().success());
    inspector.look::<S>(&path, &server.url);
    assert_eq!(inspector.judge.count(), killed + REST);
    let took = started.elapsed().as_secs_f64();
    let figures = format!(
        "{}: {kills} kills in {took:.1} s, {grew} of them after something was stored, {} events, 0 lost, 0 doubled",
        S::NAME,
        killed + REST
    );
    say(&format!("kill {figures}"));
    println!("figures: {figures}");
    assert!(grew * 4 >= kills, "most lives stored nothing: {grew}");
}

fn amount(variable: &str) -> Option<u64> {
    let wanted = env::var(variable).ok();
    wanted.map(|amount| amount.parse().unwrap())
}

/// Not for the test runner, which would swallow it.
fn say(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}

#[test]
fn each_event_is_once_in_the_database_however_often_the_program_is_killed() {
    kill_over_and_over::<SqliteStore>();
}

#[test]
fn each_event_is_once_in_the_file_however_often_the_program_is_killed() {
    kill_over_and_over::<FileStore>();
}
