//! In: engines and a framing. Out: what each spends. Every run is a process of its own, started anew; the engines take
//! turns, and each run is checked: a client that finds another number of bytes fails the benchmark.
//!
//! The clock is the CPU time of the process (user and system, of all its threads and of curl) from before the request to
//! after the last event; the process's start is not in it.
//!
//! Next: `bars.rs`.

use super::engines::{ALL, Engine};
use super::server;
use super::wire::{Framing, lap};
use crate::decode::corpus::Totals;
use crate::median::median;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// One engine's figures.
#[derive(Clone, Debug)]
pub(crate) struct Timing {
    pub(crate) engine: Engine,
    /// CPU seconds for a million events, one a run.
    pub(crate) cpu: Vec<f64>,
    /// Millions of events a second, one a run.
    pub(crate) speed: Vec<f64>,
}

/// All engines over one framing.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) framing: Framing,
    pub(crate) events: u64,
    /// Mean bytes of an event in the stream.
    pub(crate) event_bytes: f64,
    pub(crate) timings: Vec<Timing>,
}

impl Row {
    pub(crate) fn cpu(&self, name: &str) -> Option<f64> {
        let timing = self
            .timings
            .iter()
            .find(|timing| timing.engine.name == name)?;
        Some(median(&timing.cpu))
    }
}

pub(crate) fn row(
    framing: Framing,
    engines: &[Engine],
    events: u64,
    runs: usize,
) -> Result<Row, String> {
    let lap = Arc::new(lap(framing));
    let laps = events.div_ceil(lap.totals.events);
    let expected = lap.totals.times(laps);
    let event_bytes = lap.body as f64 / lap.totals.events as f64;
    let url = format!("http://{}/{laps}", server::start(lap)?);
    let mut timings: Vec<Timing> = engines
        .iter()
        .map(|engine| Timing {
            engine: *engine,
            cpu: Vec::new(),
            speed: Vec::new(),
        })
        .collect();
    for run in 0..runs {
        eprintln!("{framing}, run {} of {runs}", run + 1);
        for turn in 0..timings.len() {
            let turn = (run + turn) % timings.len();
            let timing = &mut timings[turn];
            let name = timing.engine.name;
            let (cpu, wall) =
                measure(name, &url, expected).map_err(|why| format!("{name}: {why}"))?;
            let millions = expected.events as f64 / 1e6;
            timing.cpu.push(cpu.as_secs_f64() / millions);
            timing.speed.push(millions / wall.as_secs_f64());
        }
    }
    Ok(Row {
        framing,
        events: expected.events,
        event_bytes,
        timings,
    })
}

/// One run in a process of its own: its CPU time and the wall's.
fn measure(name: &str, url: &str, expected: Totals) -> Result<(Duration, Duration), String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut child = Command::new(program);
    child.args(["client", "--child", name, url, &expected.events.to_string()]);
    child.stderr(std::process::Stdio::inherit());
    let output = child.output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        return Err(format!("{}: {said}", output.status));
    }
    let numbers: Option<Vec<u64>> = said
        .split_whitespace()
        .map(|word| word.parse().ok())
        .collect();
    let Some([cpu, wall, found @ ..]) = numbers.as_deref() else {
        return Err(format!("cannot read {said:?}"));
    };
    let wanted = [
        expected.events,
        expected.event_type,
        expected.data,
        expected.last_event_id,
    ];
    if !found.is_empty() && found != wanted {
        return Err(format!("found {found:?}, there is {wanted:?}"));
    }
    Ok((Duration::from_micros(*cpu), Duration::from_micros(*wall)))
}

/// The process that is measured: prints microseconds of CPU and of the wall, then what it found.
pub(crate) fn child(name: &str, url: &str, events: u64) -> Result<(), String> {
    let engine = ALL.iter().find(|engine| engine.name == name);
    let engine = engine.ok_or_else(|| format!("there is no engine {name:?}"))?;
    let (cpu, start) = (cpu_micros()?, Instant::now());
    let totals = (engine.receive)(url, events)?;
    let (cpu, wall) = (cpu_micros()? - cpu, start.elapsed().as_micros());
    let found = totals.map_or_else(String::new, |t| {
        format!(
            " {} {} {} {}",
            t.events, t.event_type, t.data, t.last_event_id
        )
    });
    println!("{cpu} {wall}{found}");
    Ok(())
}

/// User and system time, of this process and of those it has waited for.
fn cpu_micros() -> Result<i64, String> {
    let mut sum = 0;
    for who in [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN] {
        let usage = getrusage(who).map_err(|error| error.to_string())?;
        sum += usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    }
    Ok(sum)
}
