//! What a person sees while waiting. In: how long it may take. Out: on standard error a line that
//! counts down, on a terminal; elsewhere one that says how long.
//!
//! Next: back to `../check.rs`.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::note::note;
use crate::text::seconds;

/// Shorter waits need no words.
const SHORT: Duration = Duration::from_secs(2);

pub(super) struct Progress {
    counting: Option<JoinHandle<()>>,
}

impl Progress {
    /// Must be called inside a runtime.
    pub(super) fn start(time: Duration) -> Self {
        let mut counting = None;
        if io::stderr().is_terminal() {
            counting = Some(tokio::spawn(count_down(time)));
        } else if time > SHORT {
            note(&format!("watching the stream, up to {}", seconds(time)));
        }
        Self { counting }
    }

    /// Leaves nothing behind on the terminal.
    pub(super) fn end(self) {
        if let Some(counting) = self.counting {
            counting.abort();
            show("");
        }
    }
}

async fn count_down(time: Duration) {
    let end = Instant::now() + time;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        let line = format!("watching the stream, at most {} s more", left.as_secs());
        show(&line);
        sleep(Duration::from_secs(1)).await;
    }
}

/// In place of what the line says now. A closed standard error is no reason to stop.
fn show(line: &str) {
    let mut stderr = io::stderr();
    let _ = write!(stderr, "\r\x1b[K{line}").and_then(|()| stderr.flush());
}
