//! In: what to measure. Out: tables on stdout, files if asked for, and whether a bar that must be reached is not.
//!
//! Next: `decode/corpus.rs` (what is decoded), `decode/chunks.rs` (how it arrives), `decode/engines.rs` (by whom),
//! `decode/run.rs` (the method), `decode/bars.rs` and `decode/report.rs` (what it comes to).

mod bars;
mod chunks;
pub(crate) mod corpus;
mod engines;
mod random;
mod report;
mod run;
mod verdict;

use self::chunks::Chunking;
use self::corpus::Corpus;
use self::run::{Method, Row};
use self::verdict::Verdict;
use crate::machine::Machine;
use crate::record::{Record, write};
use std::path::PathBuf;
use std::time::Duration;

/// Size of a corpus below which no bar fails the run.
const FULL_MIB: usize = 64;

/// Decode generated event streams with every engine.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Corpora of 4 MiB; no bar fails the run.
    #[arg(long)]
    quick: bool,
    /// Only this corpus; may be given several times.
    #[arg(long, value_name = "NAME", value_parser = corpus::NAMES)]
    corpus: Vec<String>,
    /// Only this engine; may be given several times. Without all peers no bar counts.
    #[arg(long, value_name = "NAME", value_parser = engines::NAMES)]
    engine: Vec<String>,
    /// Only pieces of so many bytes, or `event` for one event a piece; may be given several times.
    #[arg(long, value_name = "N")]
    chunk: Vec<Chunking>,
    /// Size of a corpus.
    #[arg(long, value_name = "MIB", default_value_t = FULL_MIB, value_parser = sizes())]
    mib: usize,
    /// How often one run goes over the corpus: with `--mib 1 --laps 64` it stays in the cache.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = sizes())]
    laps: usize,
    /// How often each engine runs; the median counts.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = sizes())]
    runs: usize,
    /// Writes every figure to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Writes the tables to `bench/record/<date>-<cpu>-decode.md`.
    #[arg(long)]
    record: bool,
}

/// Counts; offsets within a corpus are 32 bits wide.
fn sizes() -> impl clap::builder::TypedValueParser<Value = usize> {
    use clap::builder::TypedValueParser as _;
    clap::value_parser!(u16).range(1..=2048).map(usize::from)
}

/// Measures, reports, and says whether every bar that must be reached is.
pub(crate) fn main(arguments: &Arguments) -> Result<bool, String> {
    let mib = if arguments.quick { 4 } else { arguments.mib };
    let method = Method {
        runs: arguments.runs,
        laps: arguments.laps,
        budget: Duration::from_millis(if arguments.quick { 100 } else { 1_000 }),
    };
    let rows = measure(arguments, mib, method)?;
    let (tables, summary) = (report::tables(&rows), report::summary(&rows));
    let machine = Machine::look();
    let heading = report::heading(&machine, mib, method);
    println!("{heading}{tables}{summary}");
    if let Some(path) = &arguments.json {
        write(path, &format!("{:#}\n", report::json(&machine, &rows)))?;
    }
    if arguments.record {
        let text = format!("{heading}{tables}{summary}");
        let (charts, compared) = (report::charts(&rows), report::compared(&rows));
        Record::of(text, charts, compared).write(&machine, "decode")?;
    }
    let fails = |row: &Row| Verdict::of(row).is_some_and(|verdict| verdict.fails());
    Ok(mib < FULL_MIB || !rows.iter().any(fails))
}

fn measure(arguments: &Arguments, mib: usize, method: Method) -> Result<Vec<Row>, String> {
    let mut chunkings = arguments.chunk.clone();
    if chunkings.is_empty() {
        chunkings.extend(Chunking::ALL);
    }
    let is_chosen = |chosen: &[String], name| chosen.is_empty() || chosen.iter().any(|c| c == name);
    let engines = engines::ALL.into_iter();
    let engines: Vec<_> = engines
        .filter(|engine| is_chosen(&arguments.engine, engine.name))
        .collect();
    let mut rows = Vec::new();
    for name in corpus::NAMES {
        if !is_chosen(&arguments.corpus, name) {
            continue;
        }
        let Some(corpus) = Corpus::generate(name, mib << 20) else {
            continue;
        };
        for chunking in &chunkings {
            eprintln!("{name}, {chunking} a chunk");
            let row = run::row(&corpus, *chunking, &engines, method);
            rows.push(row.map_err(|error| format!("{name}, {chunking} a chunk: {error}"))?);
        }
    }
    Ok(rows)
}
