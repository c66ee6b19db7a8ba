//! In: how many events, and for whom. Out: a table of what each client spends on a million of them, and whether
//! a bar that must be reached is not.
//!
//! Next: `client/wire.rs` (what is sent), `client/server.rs` (how), `client/engines.rs` (to whom),
//! `client/run.rs` (the method), `client/bars.rs` and `client/report.rs` (what it comes to).

mod bars;
pub(crate) mod engines;
mod report;
pub(crate) mod run;
pub(crate) mod server;
pub(crate) mod wire;

use self::wire::Framing;
use crate::machine::Machine;
use crate::record::{Record, write};
use std::path::PathBuf;

/// Events below which no bar fails the run.
const FULL: u64 = 1_000_000;

/// Receive events over loopback with every client, each in a process of its own.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Half a million events, twice; no bar fails the run.
    #[arg(long)]
    quick: bool,
    /// Only this client; may be given several times. Without all peers no bar counts.
    #[arg(long, value_name = "NAME", value_parser = engines::names())]
    engine: Vec<String>,
    /// How the events are put into chunks of HTTP/1.1: `16k`, or one `event` each; may be given several times.
    #[arg(long, value_name = "FRAMING", value_enum)]
    framing: Vec<Framing>,
    /// About how many events a run takes.
    #[arg(long, value_name = "N", default_value_t = 2_000_000)]
    events: u64,
    /// How often each client runs; the median counts.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    runs: u16,
    /// Writes every figure to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Writes the tables to `bench/record/<date>-<cpu>-client.md`, and its charts beside it.
    #[arg(long)]
    record: bool,
    /// Receives as one client and prints what it found: the process that is measured.
    #[arg(long, hide = true, num_args = 3, value_names = ["NAME", "URL", "EVENTS"])]
    child: Option<Vec<String>>,
}

/// Measures, reports, and says whether every bar that must be reached is.
pub(crate) fn main(arguments: &Arguments) -> Result<bool, String> {
    if let Some([name, url, events]) = arguments.child.as_deref() {
        let events = events.parse().map_err(|_| "not a number of events")?;
        return run::child(name, url, events).map(|()| true);
    }
    let events = if arguments.quick {
        FULL / 2
    } else {
        arguments.events
    };
    let runs = if arguments.quick { 2 } else { arguments.runs };
    let mut framings = arguments.framing.clone();
    if framings.is_empty() {
        framings = vec![Framing::Wide, Framing::Event];
    }
    let chosen = |name: &str| {
        arguments.engine.is_empty() || arguments.engine.iter().any(|chosen| chosen == name)
    };
    let engines: Vec<_> = engines::ALL
        .into_iter()
        .filter(|engine| chosen(engine.name))
        .collect();
    let mut rows = Vec::new();
    for framing in framings {
        rows.push(run::row(framing, &engines, events, usize::from(runs))?);
    }
    let machine = Machine::look();
    let text = report::text(&machine, &rows);
    println!("{text}");
    if let Some(path) = &arguments.json {
        write(path, &format!("{:#}\n", report::json(&machine, &rows)))?;
    }
    if arguments.record {
        Record::of(text, report::charts(&rows), report::charts(&rows)).write(&machine, "client")?;
    }
    let fails = rows
        .iter()
        .any(|row| bars::verdicts(row).iter().any(|verdict| verdict.fails));
    Ok(events < FULL || !fails)
}
