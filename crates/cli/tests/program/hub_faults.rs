//! A hub whose disk fails it: full, broken, or with a history of a newer version.
//!
//! Next: `hub_presence.rs`.

use std::path::Path;
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, prlimit};
use tempfile::TempDir;
use tokio::time::timeout;
use wellspring_testkit::tool;

use crate::hub::Hub;
use crate::support::{PATIENCE, Program, Run, command_of, wellspring};

const PROGRAM: &str = env!("CARGO_BIN_EXE_wellspring");
const SECRET: &str = "!ChangeThisMercureHubJWTSecretKey!";

/// HS256 of `{"mercure":{"publish":["*"]}}` with the secret, made with openssl.
const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJtZXJjdXJlIjp7InB1Ymxpc2giOlsiKiJdfX0.a8cjcSRUAcHdnGNMKifA4BK5epRXxQI0UBp2XpNrBdw";

/// What a file may have, in bytes: the log of the history soon has more.
const ROOM: u32 = 2 << 20;

fn options(folder: &Path) -> [&str; 7] {
    let data = folder.to_str().unwrap();
    [
        "hub",
        "--anonymous",
        "--publisher-key",
        SECRET,
        "--data",
        data,
        "--port=0",
    ]
}

fn pid(hub: &Hub) -> Pid {
    let id = i32::try_from(hub.program.child.id().unwrap()).unwrap();
    Pid::from_raw(id).unwrap()
}

/// The status line and all else of the answer.
async fn publish(hub: &Hub, data: &str) -> String {
    let form = "Content-Type: application/x-www-form-urlencoded";
    let head =
        format!("POST /.well-known/mercure HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\n{form}");
    hub.ask(&head, &format!("topic=a&data={data}")).await
}

/// The first characters of the events from the beginning on, so many of them.
async fn read(hub: &Hub, count: usize) -> Vec<String> {
    let url = format!("{}?topic=a&lastEventID=earliest", hub.url);
    let count = count.to_string();
    let run = wellspring(&["tail", &url, "--data-only", "--count", &count]).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let lines = run.stdout.lines().map(|line| line.split('-').next());
    lines.map(|number| number.unwrap().to_owned()).collect()
}

fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|number| number.to_string()).collect()
}

/// A limit for the size of files stands for a disk that is full: writing is refused, and everything else
/// works. The shell lets it be an error rather than the process's end.
#[tokio::test]
async fn a_full_disk_refuses_publishes_and_serves_readers() {
    let folder = tempfile::tempdir().unwrap();
    let blocks = ROOM / 512;
    let script = format!("trap '' XFSZ; ulimit -S -f {blocks}; exec \"$0\" \"$@\"");
    let words = [&["-c", &script, PROGRAM][..], &options(folder.path())].concat();
    let hub = Hub::introduced(Program::spawn(command_of("sh", &words))).await;
    let url = format!("{}?topic=a", hub.url);
    let mut reader = Program::start(&["tail", &url, "--data-only"]);
    let filler = "x".repeat(100_000);
    let mut stored = 0;
    let refused = loop {
        let answer = publish(&hub, &format!("{stored}-{filler}")).await;
        if !answer.starts_with("HTTP/1.1 200 ") {
            break answer;
        }
        stored += 1;
        assert!(stored < 100, "the disk is full some time");
    };
    assert!(stored > 5, "{stored}");
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    assert!(
        refused.to_lowercase().contains("\r\nretry-after: 5\r\n"),
        "{refused}"
    );
    assert!(refused.contains("The update was not stored"), "{refused}");
    assert_eq!(read(&hub, stored).await, numbers(stored), "who comes now");
    let ready = hub.ask("GET /readyz HTTP/1.1", "").await;
    assert!(
        ready.starts_with("HTTP/1.1 200 "),
        "it has readers: {ready}"
    );
    let all = Rlimit {
        current: None,
        maximum: None,
    };
    prlimit(Some(pid(&hub)), Resource::Fsize, all).unwrap();
    let again = publish(&hub, &format!("{stored}-")).await;
    assert!(again.starts_with("HTTP/1.1 200 "), "by itself: {again}");
    loop {
        let line = reader.line().await.unwrap();
        if line == format!("{stored}-") {
            break;
        }
    }
    assert_eq!(read(&hub, stored + 1).await, numbers(stored + 1));
}

/// Nothing but a debugger makes a real disk fail to keep what it took: strace answers for the kernel.
#[tokio::test]
async fn after_a_failed_fsync_nothing_more_is_taken() {
    let Some(strace) = tool("strace") else { return };
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::introduced(Program::start(&options(folder.path()))).await;
    assert!(publish(&hub, "0").await.starts_with("HTTP/1.1 200 "));
    let id = hub.program.child.id().unwrap().to_string();
    let failing = "inject=fsync,fdatasync:error=EIO";
    let words = [
        "-f",
        "-p",
        &id,
        "-e",
        "trace=fsync,fdatasync",
        "-e",
        failing,
    ];
    let mut strace = Program::spawn(command_of(strace.to_str().unwrap(), &words));
    let attached = strace.note().await;
    if !attached.contains("attached") {
        println!("strace may not attach here: {attached}");
        return;
    }
    let first = publish(&hub, "1").await;
    assert!(first.starts_with("HTTP/1.1 504 "), "{first}");
    assert!(first.contains("not known whether"), "in doubt: {first}");
    strace.child.kill().await.unwrap();
    let next = publish(&hub, "2").await;
    assert!(
        next.starts_with("HTTP/1.1 503 "),
        "the disk works again: {next}"
    );
    assert!(next.contains("start the process anew"), "{next}");
    assert_eq!(read(&hub, 1).await, ["0"]);
    drop(hub);
    let hub = Hub::introduced(Program::start(&options(folder.path()))).await;
    let again = publish(&hub, "3").await;
    assert!(again.starts_with("HTTP/1.1 200 "), "{again}");
    assert_eq!(read(&hub, 1).await, ["0"]);
}

async fn ended(hub: Hub) -> Run {
    rustix::process::kill_process(pid(&hub), rustix::process::Signal::INT).unwrap();
    timeout(PATIENCE, hub.program.end()).await.unwrap()
}

/// The file with the history, and not what lies beside it.
fn database(folder: &TempDir) -> std::path::PathBuf {
    let files = std::fs::read_dir(folder.path()).unwrap();
    let mut files = files.map(|file| file.unwrap().path());
    let is_database = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).unwrap_or_default();
        bytes.starts_with(b"SQLite format 3\0")
    };
    files.find(is_database).unwrap()
}

#[tokio::test]
async fn a_history_of_a_newer_version_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::introduced(Program::start(&options(folder.path()))).await;
    assert!(publish(&hub, "0").await.starts_with("HTTP/1.1 200 "));
    let run = ended(hub).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let path = database(&folder);
    let before = std::fs::read(&path).unwrap();
    // Where a database says which version it is, and who says so.
    let mut newer = before.clone();
    newer[60..64].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(&path, &newer).unwrap();
    tokio::time::sleep(Duration::from_millis(10)).await;
    let run = wellspring(&options(folder.path())).await;
    run.fails(
        1,
        &[
            "--data",
            "written by a newer version (format 99",
            "use that version",
        ],
    );
    assert_eq!(std::fs::read(&path).unwrap(), newer, "left as it was");
    std::fs::write(&path, &before).unwrap();
    let hub = Hub::introduced(Program::start(&options(folder.path()))).await;
    assert_eq!(read(&hub, 1).await, ["0"]);
}
