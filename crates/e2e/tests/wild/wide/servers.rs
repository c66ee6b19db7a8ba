//! Each server, read by our client over a kill and a restart, and judged by `check`. In: the table of servers. Out: a row
//! for each: what it sends, whether it resumes, what was lost, and what `check` says beside what is true.
//!
//! Next: `peers.rs`, `stream.rs`.

use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Semaphore;
use wellspring_e2e::children::{Process, free_port, wait_for_listener};
use wellspring_e2e::program::wellspring;

use super::peers::{Peer, SERVERS};
use super::product::send;
use super::progress::{Progress, all};
use super::reader::{Front, Way};
use super::stream;
use crate::program::{Printer, run};

/// How long a reader waits for ten more events: a client's own wait, and an interpreter that starts.
const PATIENCE: Duration = Duration::from_secs(60);
const AT_A_TIME: usize = 4;
/// How long a server may take to end.
const ENDING: Duration = Duration::from_secs(8);

pub(crate) async fn rows(progress: &Progress) -> Vec<Value> {
    let wanted = SERVERS.iter().filter(|peer| progress.wants(peer.name));
    let turns = Arc::new(Semaphore::new(AT_A_TIME));
    let running = wanted.map(|peer| {
        let (turns, progress) = (Arc::clone(&turns), progress.clone());
        tokio::spawn(async move {
            let _turn = turns.acquire().await.unwrap();
            let row = row(peer).await;
            progress.done(&format!("server {} {:?}", peer.name, peer.version()));
            row
        })
    });
    all(running.collect()).await
}

async fn row(peer: &'static Peer) -> Value {
    let mut row =
        json!({ "server": peer.name, "version": peer.version(), "runs_on": peer.runs_on() });
    let Some(served) = tokio::task::spawn_blocking(|| Served::start(peer))
        .await
        .unwrap()
    else {
        return row;
    };
    let way = Way {
        front: Front::Http1,
        port: served.port,
        forward_to: None,
    };
    let mut found = stream::look(way, peer.path).await;
    let resumes = found["resumes"] == true;
    let idle = tokio::spawn(async move { stream::idle(way).await });
    let judged = tokio::task::spawn_blocking(move || {
        let check = judged(&served.url(), resumes);
        (served, check)
    });
    let (served, check) = judged.await.unwrap();
    found["check"] = check;
    // The same server: it may not end before.
    found["idle"] = if peer.path == "/" {
        idle.await.unwrap()
    } else {
        Value::Null
    };
    found["over_restarts"] = tokio::task::spawn_blocking(move || over_restarts(served, resumes))
        .await
        .unwrap();
    row["found"] = found;
    row
}

/// A server that runs.
#[derive(Debug)]
struct Served {
    peer: &'static Peer,
    port: u16,
    folder: TempDir,
    process: Option<Process>,
}

impl Served {
    fn start(peer: &'static Peer) -> Option<Self> {
        let mut served = Self {
            peer,
            port: free_port().unwrap(),
            folder: tempfile::tempdir().unwrap(),
            process: None,
        };
        served.run()?;
        Some(served)
    }

    fn run(&mut self) -> Option<()> {
        let mut command = self.peer.serve(self.port, self.folder.path())?;
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0);
        self.process = Some(Process::start(&mut command).unwrap());
        // Slow to start: an interpreter imports a framework.
        (0..6).find_map(|_| wait_for_listener(self.port).ok())
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}{}", self.port, self.peer.path)
    }

    /// Seconds until it has ended; nothing if it had to be killed.
    fn end(&mut self) -> Value {
        let Some(mut process) = self.process.take() else {
            return Value::Null;
        };
        let began = Instant::now();
        let id = process.child.id();
        send("TERM", &id.to_string());
        let ended = process.wait(ENDING);
        send("KILL", &format!("-{id}"));
        match ended {
            Ok(_) => json!(began.elapsed().as_secs_f64().round()),
            Err(_) => Value::Null,
        }
    }

    /// With all its workers.
    fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            send("KILL", &format!("-{}", process.child.id()));
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.kill();
    }
}

/// What `check` says, and whether that is so.
fn judged(url: &str, resumes: bool) -> Value {
    let mut check = Command::new(wellspring().unwrap());
    let (_, output) = run(check.args(["check", url, "--json", "--for", "4"]));
    let report = output.lines().find(|line| line.starts_with('{'));
    let report: Value = report
        .and_then(|line| serde_json::from_str(line).ok())
        .unwrap_or_default();
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let resumption = findings
        .iter()
        .find(|finding| finding["check"] == "resumption");
    let severity = resumption.map_or("none", |finding| {
        finding["severity"].as_str().unwrap_or_default()
    });
    // Nothing else that was asked here is broken.
    let others = findings
        .iter()
        .filter(|finding| finding["severity"] == "error" && finding["check"] != "resumption");
    let errors: Vec<&Value> = others.map(|finding| &finding["what"]).collect();
    let right = errors.is_empty() && resumes == (severity == "ok");
    json!({
        "resumption": severity,
        "what": resumption.map(|finding| &finding["what"]),
        "errors": errors,
        "right": right,
    })
}

/// Our client, over a kill, an end in good order and the starts after them.
fn over_restarts(mut served: Served, resumes: bool) -> Value {
    let mut tail = Command::new(wellspring().unwrap());
    tail.args(["tail", &served.url(), "--json"]);
    let tail = Printer::start(tail);
    let ten_more = || {
        let before = tail.events().len();
        tail.wait(PATIENCE, |events| events.len() >= before + 10)
    };
    let mut came = ten_more();
    served.kill();
    served.run();
    came &= ten_more();
    let ended = served.end();
    served.run();
    came &= ten_more();
    let mut numbers: Vec<u64> = tail.events().iter().filter_map(number).collect();
    let got = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    let span = numbers
        .last()
        .zip(numbers.first())
        .map_or(0, |(last, first)| last - first + 1);
    let lost = resumes.then(|| span - numbers.len() as u64);
    let doubled = resumes.then(|| got - numbers.len());
    json!({ "comes_back": came, "events": got, "lost": lost, "doubled": doubled, "ends_after_s": ended })
}

/// The digits that its id ends with.
fn number(event: &Value) -> Option<u64> {
    let id = event["lastEventId"].as_str()?;
    let digits = id.rsplit(|ch: char| !ch.is_ascii_digit()).next()?;
    digits.parse().ok()
}
