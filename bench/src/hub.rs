//! In: which parts. Out: what a hub of one node spends, holds and waits for, held against what it has to reach, and
//! whether it reaches it. Each part is a record of its own.
//!
//! Next: `hub/part.rs` (what a part has to show), `hub/memory.rs`, `hub/delivery.rs`, `hub/matching.rs`,
//! `hub/durable.rs`, `hub/history.rs`, `hub/program.rs`.

mod delivery;
mod durable;
mod history;
mod matching;
mod memory;
mod part;
mod program;

use self::part::Part;
use crate::machine::Machine;
use crate::serve::process::Cores;
use clap::ValueEnum;
use rustix::thread::{sched_getaffinity, sched_setaffinity};
use std::time::Duration;

/// Figures of the hub on one node, beside nchan and bare loops.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only this part; may be given several times.
    #[arg(long, value_enum)]
    part: Vec<Name>,
    /// How often each server runs; the median counts.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    runs: u16,
    /// How many events are stored for `history`.
    #[arg(long, value_name = "N", default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(10_000..))]
    events: u64,
    /// Writes the tables of each part to `bench/record/<date>-<cpu>-hub-<part>.md`.
    #[arg(long)]
    record: bool,
}

/// The parts, in the order in which they run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Name {
    /// What a subscriber costs that waits.
    Memory,
    /// What a delivery costs.
    Delivery,
    /// What a publish costs that few of many selectors match.
    Matching,
    /// How many publishes a second are on disk.
    Durable,
    /// Starting and resuming with many events stored.
    History,
    /// The program's size, and its start.
    Program,
}

/// How it is measured.
#[derive(Clone, Copy, Debug)]
struct Method {
    cores: Cores,
    runs: usize,
    time: Duration,
    events: u64,
}

/// Measures, reports, and says whether every bar that must be reached is.
pub(crate) fn main(arguments: &Arguments) -> Result<bool, String> {
    let machine = Machine::look();
    let method = Method {
        cores: Cores::look()?,
        runs: arguments.runs.into(),
        time: Duration::from_secs(1),
        events: arguments.events,
    };
    let chosen = Name::value_variants().iter();
    let chosen = chosen.filter(|name| arguments.part.is_empty() || arguments.part.contains(name));
    let all = sched_getaffinity(None).map_err(text)?;
    let mut reached = true;
    for name in chosen {
        // The part before may have stayed on one core.
        sched_setaffinity(None, &all).map_err(text)?;
        let part = name.measure(method)?;
        reached &= part.tell(&machine, arguments.record)?;
    }
    Ok(reached)
}

impl Name {
    fn measure(self, method: Method) -> Result<Part, String> {
        match self {
            Self::Memory => memory::measure(method),
            Self::Delivery => delivery::measure(method),
            Self::Matching => matching::measure(method),
            Self::Durable => durable::measure(method),
            Self::History => history::measure(method),
            Self::Program => program::measure(method),
        }
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
