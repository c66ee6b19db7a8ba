//! In: which servers, and how many subscribers. Out: what each server spends on a delivery and holds for a subscriber,
//! and whether a bar that must be reached is not.
//!
//! The server is a process of its own on a core of its own; this process subscribes, has events published and reads
//! them.
//!
//! Next: `serve/engines.rs` (who serves), `serve/process.rs` (where), `serve/load.rs` (who reads),
//! `serve/run.rs` (the method), `serve/bars.rs` and `serve/report.rs` (what it comes to),
//! `serve/storm.rs` (memory alone).

pub(crate) mod bars;
pub(crate) mod engines;
pub(crate) mod load;
pub(crate) mod process;
mod publisher;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod scan;
pub(crate) mod storm;

use self::process::Cores;
use self::run::Method;
use crate::machine::Machine;
use crate::record::{Record, write};
use std::path::PathBuf;
use std::time::Duration;

/// Deliver events over loopback with every server, each in a process of its own.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// 1,000 subscribers, half a second for each mode, three runs; no bar fails the run.
    #[arg(long)]
    quick: bool,
    /// Only this server; may be given several times. Bars that compare with one that is left out do not count.
    #[arg(long, value_name = "NAME", value_parser = engines::names())]
    engine: Vec<String>,
    /// How many subscribe; may be given several times.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=15_000))]
    subscribers: Vec<u32>,
    /// How long each mode is measured, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(100..=60_000))]
    time: u64,
    /// How often each server runs; the median counts.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    runs: u16,
    /// Measures memory only: of subscribers that wait, in a new process and after so many half-sent heads.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=15_000))]
    storm: Option<u32>,
    /// Writes every figure to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Writes the tables to `bench/record/<date>-<cpu>-serve.md`.
    #[arg(long)]
    record: bool,
    /// Serves until its input ends: the process that is measured.
    #[arg(long, hide = true, num_args = 2, value_names = ["NAME", "CORE"])]
    server: Option<Vec<String>>,
}

/// Measures, reports, and says whether every bar that must be reached is.
pub(crate) fn main(arguments: &Arguments) -> Result<bool, String> {
    if let Some([name, core]) = arguments.server.as_deref() {
        let core = core.parse().map_err(|_| "not a core")?;
        return process::serve(name, core).map(|()| true);
    }
    let machine = Machine::look();
    let cores = Cores::look()?;
    process::pin(cores.load)?;
    let chosen = |name: &str| {
        arguments.engine.is_empty() || arguments.engine.iter().any(|chosen| chosen == name)
    };
    let engines: Vec<_> = engines::ALL
        .into_iter()
        .filter(|engine| chosen(engine.name))
        .collect();
    if let Some(halves) = arguments.storm {
        let subscribers = arguments.subscribers.first().copied().unwrap_or(10_000);
        let method = storm::Method {
            cores,
            runs: arguments.runs.into(),
            subscribers: subscribers as usize,
            halves: halves as usize,
        };
        return storm::main(&machine, &engines, method, arguments.record);
    }
    let mut sizes = arguments.subscribers.clone();
    if sizes.is_empty() {
        sizes = match arguments.quick {
            true => vec![1_000],
            false => vec![1_000, 5_000, 10_000],
        };
    }
    let method = match arguments.quick {
        true => Method {
            cores,
            runs: 3,
            time: Duration::from_millis(500),
        },
        false => Method {
            cores,
            runs: arguments.runs.into(),
            time: Duration::from_millis(arguments.time),
        },
    };
    let mut rows = Vec::new();
    for size in sizes {
        rows.push(run::row(size as usize, &engines, method)?);
    }
    let text = report::text(&machine, method, &rows);
    println!("{text}");
    if let Some(path) = &arguments.json {
        write(path, &format!("{:#}\n", report::json(&machine, &rows)))?;
    }
    if arguments.record {
        let (charts, compared) = (report::charts(&rows), report::compared(&rows));
        Record::of(text, charts, compared).write(&machine, "serve")?;
    }
    let fails = rows.iter().flat_map(bars::verdicts).any(|v| v.fails());
    Ok(arguments.quick || !fails)
}
