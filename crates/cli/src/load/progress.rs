//! What a person sees of a run. In: its counters. Out: on standard error one line that changes each
//! second, on a terminal; elsewhere one every ten seconds.
//!
//! Next: `report.rs` says what came of it.

use std::convert::Infallible;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::run::{Run, read};
use crate::note::note;

const ON_TERMINAL: Duration = Duration::from_secs(1);
const ELSEWHERE: Duration = Duration::from_secs(10);

/// Shows the progress of the run while it is polled. Clears the terminal's line when it is dropped.
pub(super) async fn tell(run: &Run, subscribers: u32) -> Infallible {
    let is_terminal = io::stderr().is_terminal();
    let _line = is_terminal.then(|| Line);
    let mut ticks = interval(if is_terminal { ON_TERMINAL } else { ELSEWHERE });
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.tick().await;
    let (mut before, mut published, mut delivered) = (run.now(), 0, 0);
    loop {
        ticks.tick().await;
        let now = run.now();
        let passed = (now - before).as_secs_f64();
        let counters = &run.counters;
        let (answered, came) = (read(&counters.answered), read(&counters.delivered));
        let rate = |now: u64, before: u64| (now - before) as f64 / passed;
        let line = format!(
            "{} s: {answered} published ({:.0}/s), {came} delivered ({:.0}/s), {} of {subscribers} \
             connected, {} cuts",
            now.as_secs(),
            rate(answered, published),
            rate(came, delivered),
            read(&counters.connected),
            read(&counters.cuts),
        );
        match is_terminal {
            true => show(&line),
            false => note(&line),
        }
        (before, published, delivered) = (now, answered, came);
    }
}

struct Line;

impl Drop for Line {
    fn drop(&mut self) {
        show("");
    }
}

/// In place of what the line says now. A closed standard error is no reason to stop.
fn show(line: &str) {
    let mut stderr = io::stderr();
    let _ = write!(stderr, "\r\x1b[K{line}").and_then(|()| stderr.flush());
}
