//! `wellspring tail --json` as a child. In: its arguments. Out: the events it printed.

use std::io::{BufRead, BufReader, Read};
use std::process::{ChildStderr, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use wellspring_e2e::children::Process;
use wellspring_e2e::program::wellspring;

/// Seconds.
const TIMEOUT: u64 = 30;

/// A tail that is running.
pub(crate) struct Tail {
    process: Process,
    output: BufReader<ChildStdout>,
    notes: BufReader<ChildStderr>,
}

impl Tail {
    /// Ends by itself after `count` events.
    pub(crate) fn start(url: &str, count: usize, more: &[&str]) -> Self {
        let mut command = Command::new(wellspring().unwrap());
        command.args(["tail", url, "--json", "--count", &count.to_string()]);
        command.args(["--timeout", &TIMEOUT.to_string()]).args(more);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = Process::start(&mut command).unwrap();
        let output = BufReader::new(process.child.stdout.take().unwrap());
        let notes = BufReader::new(process.child.stderr.take().unwrap());
        Self {
            process,
            output,
            notes,
        }
    }

    /// Waits for a line about the connection that has this in it.
    pub(crate) fn wait_for_note(&mut self, wanted: &str) {
        let mut line = String::new();
        while !line.contains(wanted) {
            line.clear();
            let read = self.notes.read_line(&mut line).unwrap();
            assert_ne!(read, 0, "it ended without a note of {wanted:?}");
        }
    }

    /// Waits for its end, which must be a good one.
    pub(crate) fn events(mut self) -> Vec<Value> {
        let lines = self.output.lines().map(Result::unwrap);
        let events = lines.map(|line| serde_json::from_str(&line).unwrap());
        let events: Vec<Value> = events.collect();
        let status = self.process.wait(Duration::from_secs(TIMEOUT)).unwrap();
        let mut notes = String::new();
        self.notes.read_to_string(&mut notes).unwrap();
        assert!(status.success(), "{status}, after {events:?}: {notes}");
        events
    }
}

/// Runs a tail to its end.
pub(crate) fn tail(url: &str, count: usize, more: &[&str]) -> Vec<Value> {
    let events = Tail::start(url, count, more).events();
    assert_eq!(events.len(), count, "{events:?}");
    events
}

/// The value of this key, a string.
pub(crate) fn text<'a>(event: &'a Value, key: &str) -> &'a str {
    event[key].as_str().unwrap()
}
