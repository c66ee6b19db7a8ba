//! Processes that are killed, and disks that are full.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use super::child::{FOLDER, NAME};
use super::open;
use wellspring_engine_contract::*;

fn child(folder: &Path, mut command: Command) -> Command {
    command.args(["--exact", NAME, "--nocapture", "--test-threads=1"]);
    command.env(FOLDER, folder).stdout(Stdio::piped());
    command
}

fn of_this_program() -> Command {
    Command::new(std::env::current_exe().unwrap())
}

/// The number and the tag of a record that was stored. The first line begins with the test's name.
fn receipt(line: &str) -> Option<(u64, u64)> {
    let (sequence, tag) = line.split_once("stored: ")?.1.split_once(' ')?;
    Some((sequence.parse().ok()?, tag.parse().ok()?))
}

async fn assert_kept(folder: &Path, receipts: &BTreeMap<u64, u64>) {
    let engine = open(folder);
    let records = page(&engine, 0, all()).await.records;
    let tags: BTreeMap<u64, u64> = records.iter().map(|r| (r.sequence, r.tag)).collect();
    for (sequence, tag) in receipts {
        assert_eq!(tags.get(sequence), Some(tag), "{sequence} was answered for");
    }
    let dense = records
        .iter()
        .enumerate()
        .all(|(i, r)| r.sequence == i as u64 + 1);
    assert!(dense, "numbers follow each other");
    let next = stored(&engine, record("next")).await;
    assert_eq!(next.sequence, records.len() as u64 + 1);
}

#[tokio::test]
async fn what_was_answered_for_outlives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut receipts = BTreeMap::new();
    for round in 0..6 {
        let mut child = child(folder.path(), of_this_program()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut count = 0;
        while count < 40 + round * 37 {
            let line = lines.next().expect("the child goes on").unwrap();
            let receipt = receipt(&line);
            count += usize::from(receipt.is_some());
            receipts.extend(receipt);
        }
        child.kill().unwrap();
        // What it had written before it was killed counts too; of the last line there may be half.
        let rest = lines.map_while(Result::ok).collect::<Vec<_>>();
        receipts.extend(
            rest.iter()
                .filter(|l| l.len() > 9)
                .rev()
                .skip(1)
                .filter_map(|l| receipt(l)),
        );
        child.wait().unwrap();
        assert_kept(folder.path(), &receipts).await;
    }
    assert!(receipts.len() > 500);
}

/// The shell lets the limit be an error rather than the process's end, and so does what it starts.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_refuses_and_reads_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 4000; exec \"$0\" \"$@\""]);
    shell.arg(std::env::current_exe().unwrap());
    let output = child(folder.path(), shell).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let receipts: BTreeMap<u64, u64> = text.lines().filter_map(receipt).collect();
    assert!(receipts.len() > 100, "{text}");
    assert!(text.contains("\nrefused: "), "{text}");
    let read = text.lines().find_map(|line| line.strip_prefix("read: "));
    assert_eq!(read.map(str::parse), Some(Ok(receipts.len())));
    assert_kept(folder.path(), &receipts).await;
}
