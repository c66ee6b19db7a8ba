//! A program that prints a line of JSON for each event. In: a command. Out: the events so far, and what
//! it wrote to its other output.
//!
//! Next: `clients.rs`.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use wellspring_e2e::children::Process;

/// How long a test waits for something to happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A program that is running.
pub(crate) struct Printer {
    _process: Process,
    events: Arc<Mutex<Vec<Value>>>,
    notes: Arc<Mutex<String>>,
}

impl Printer {
    pub(crate) fn start(mut command: Command) -> Self {
        command.stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = Process::start(&mut command).unwrap();
        let events = Arc::new(Mutex::new(Vec::new()));
        let notes = Arc::new(Mutex::new(String::new()));
        let output = BufReader::new(process.child.stdout.take().unwrap());
        let kept = Arc::clone(&events);
        thread::spawn(move || {
            // A library may print something of its own besides.
            let lines = output.lines().map_while(Result::ok);
            for line in lines.filter(|line| line.starts_with('{')) {
                lock(&kept).push(serde_json::from_str(&line).unwrap());
            }
        });
        let errors = BufReader::new(process.child.stderr.take().unwrap());
        let said = Arc::clone(&notes);
        thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                lock(&said).push_str(&(line + "\n"));
            }
        });
        Self {
            _process: process,
            events,
            notes,
        }
    }

    pub(crate) fn events(&self) -> Vec<Value> {
        lock(&self.events).clone()
    }

    /// Waits until the events hold for this.
    pub(crate) fn wait_until(&self, what: &str, holds: impl FnMut(&[Value]) -> bool) {
        if !self.wait(PATIENCE, holds) {
            let (events, notes) = (self.events(), lock(&self.notes).clone());
            panic!("{what}: not after {PATIENCE:?}: {events:?}\n{notes}");
        }
    }

    /// Whether the events hold for this before so much time is over.
    pub(crate) fn wait(&self, patience: Duration, mut holds: impl FnMut(&[Value]) -> bool) -> bool {
        let deadline = Instant::now() + patience;
        while !holds(&lock(&self.events)) {
            if Instant::now() >= deadline {
                return false;
            }
            thread::sleep(Duration::from_millis(10));
        }
        true
    }
}

/// Runs a program to its end: whether it was a good one, and both outputs.
pub(crate) fn run(command: &mut Command) -> (bool, String) {
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = Process::start(command).unwrap();
    let mut errors = process.child.stderr.take().unwrap();
    let errors = thread::spawn(move || {
        let mut text = String::new();
        errors.read_to_string(&mut text).map(|_| text)
    });
    let mut text = String::new();
    let mut output = process.child.stdout.take().unwrap();
    output.read_to_string(&mut text).unwrap();
    let status = process.wait(PATIENCE).unwrap();
    text += &errors.join().unwrap().unwrap();
    (status.success(), text)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
