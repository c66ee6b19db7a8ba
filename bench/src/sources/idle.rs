//! In: engines. Out: the bytes that each further idle source keeps resident. Every engine is a process of its own; the
//! memory of the first hundred sources, which holds what is there once, is taken off.
//!
//! Next: `latency.rs`.

use super::engines::{Engine, Http};
use super::server::{OPEN, Server, serve};
use super::{chosen, figures, named, role, text};
use crate::client::engines::block_on;
use crate::machine::Machine;
use crate::median::median;
use crate::record::Record;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use wellspring_report::chart::{Bar, Chart};

/// What is there once is in the memory of so many.
const FIRST: usize = 100;
/// So many connect at a time, that a backlog holds them.
const WAVE: usize = 100;
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes a source over HTTP/2 may keep.
const HTTP2_BAR: f64 = 8.0 * 1024.0;

/// Hold idle sources and read the memory of the process.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// So many sources; may be given several times.
    #[arg(long, value_name = "N", default_values_t = [1_000, 5_000])]
    sources: Vec<usize>,
    /// Only this client; may be given several times.
    #[arg(long, value_name = "NAME")]
    engine: Vec<String>,
    /// How often each client runs; the median counts.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=100))]
    runs: u16,
    /// Writes the figures to `bench/record/`.
    #[arg(long)]
    record: bool,
    /// The process that is measured.
    #[arg(long, hide = true, num_args = 3, value_names = ["NAME", "URL", "SOURCES"])]
    child: Option<Vec<String>>,
    /// The process that serves.
    #[arg(long, hide = true)]
    server: bool,
}

struct Row {
    engine: Engine,
    sources: usize,
    bytes: f64,
}

pub(crate) fn main(arguments: &Arguments) -> Result<bool, String> {
    if arguments.server {
        return serve();
    }
    if let Some([name, url, sources]) = arguments.child.as_deref() {
        let sources = sources.parse().map_err(|_| "not a number of sources")?;
        return child(name, url, sources).map(|()| true);
    }
    let server = Server::start("idle")?;
    let mut rows = Vec::new();
    for &sources in &arguments.sources {
        for engine in chosen(&arguments.engine) {
            eprintln!("{sources} sources: {}", engine.name);
            let mut bytes = Vec::new();
            for _ in 0..arguments.runs {
                bytes.push(measure(engine, &server, sources)?);
            }
            rows.push(Row {
                engine,
                sources,
                bytes: median(bytes),
            });
        }
    }
    let machine = Machine::look();
    let record = report(&machine, &rows);
    println!("{}", record.text);
    if arguments.record {
        record.write(&machine, "idle")?;
    }
    Ok(!rows.iter().any(|row| fails(row, &rows)))
}

fn measure(engine: Engine, server: &Server, sources: usize) -> Result<f64, String> {
    let address = match engine.http {
        Http::One => server.http1,
        Http::Two => server.http2,
    };
    let arguments = [format!("http://{address}/idle"), sources.to_string()];
    Ok(figures("idle", engine, &arguments)?[0])
}

/// Prints the bytes a source.
fn child(name: &str, url: &str, sources: usize) -> Result<(), String> {
    let engine = named(name)?;
    block_on(async {
        let make = (engine.prepare)()?;
        let open = Arc::new(AtomicUsize::new(0));
        let counting = Arc::clone(&open);
        let sink: super::engines::Sink = Arc::new(move |data| {
            counting.fetch_add(usize::from(data == OPEN), Ordering::Relaxed);
        });
        let mut tasks = tokio::task::JoinSet::new();
        let mut before = 0;
        while tasks.len() < sources {
            let wave = WAVE.min(sources - tasks.len());
            for _ in 0..wave {
                tasks.spawn(make(url, Arc::clone(&sink)));
            }
            let since = Instant::now();
            while open.load(Ordering::Relaxed) < tasks.len() {
                if since.elapsed() > PATIENCE {
                    return Err(format!(
                        "{} of {} are open",
                        open.load(Ordering::Relaxed),
                        tasks.len()
                    ));
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            if tasks.len() == FIRST {
                before = resident()?;
            }
        }
        let grown = resident()?.saturating_sub(before) as f64;
        println!("{}", grown / (sources - FIRST) as f64);
        Ok(())
    })
}

/// Bytes of this process that are in memory.
fn resident() -> Result<u64, String> {
    let status = fs::read_to_string("/proc/self/status").map_err(text)?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.map(|kib| kib * 1024)
        .ok_or_else(|| "no VmRSS".to_owned())
}

/// The least that a peer needs with as many sources over the same version of HTTP.
fn best_peer(row: &Row, rows: &[Row]) -> Option<f64> {
    let same = |other: &&Row| {
        !other.engine.ours && other.sources == row.sources && other.engine.http == row.engine.http
    };
    rows.iter()
        .filter(same)
        .map(|other| other.bytes)
        .min_by(f64::total_cmp)
}

fn fails(row: &Row, rows: &[Row]) -> bool {
    let over_peer = best_peer(row, rows).is_some_and(|peer| row.bytes > peer);
    row.engine.ours && (over_peer || (row.engine.http == Http::Two && row.bytes > HTTP2_BAR))
}

fn report(machine: &Machine, rows: &[Row]) -> Record {
    let mut record = Record::new(
        "Memory of an idle source",
        machine,
        "cargo xtask bench idle",
    );
    record.line("Resident bytes that each source beyond the first hundred adds to the process, median of the runs.\n");
    record.line("| client | sources | KiB a source | best peer | verdict |\n|---|---|---|---|---|");
    for row in rows {
        let peer = best_peer(row, rows).filter(|_| row.engine.ours);
        let peer = peer.map_or("–".to_owned(), |bytes| format!("{:.1}", bytes / 1024.0));
        let verdict = match row.engine.ours {
            true if fails(row, rows) => "**FAIL**",
            true => "pass",
            false => "–",
        };
        let (name, sources, kib) = (row.engine.name, row.sources, row.bytes / 1024.0);
        record.line(&format!(
            "| {name} | {sources} | {kib:.1} | {peer} | {verdict} |"
        ));
    }
    let most = rows.iter().map(|row| row.sources).max();
    let all = |row: &Row| Some(row.sources) == most;
    let title = format!("Memory of an idle source, {} at once", most.unwrap_or(0));
    record.charts.push(chart(title, rows, all));
    record.compared = compared(rows);
    record
}

/// One for each number of sources and version of HTTP.
fn compared(rows: &[Row]) -> Vec<Chart> {
    let mut kinds: Vec<_> = rows
        .iter()
        .map(|row| (row.sources, row.engine.http))
        .collect();
    kinds.sort_unstable_by_key(|(sources, http)| (*sources, http.to_string()));
    kinds.dedup();
    let one = |(sources, http): (usize, Http)| {
        let title = format!("Memory of an idle source, {sources} at once, {http}");
        chart(title, rows, |row| {
            (row.sources, row.engine.http) == (sources, http)
        })
    };
    kinds.into_iter().map(one).collect()
}

fn chart(title: String, rows: &[Row], chosen: impl Fn(&Row) -> bool) -> Chart {
    let bar = |row: &Row| Bar {
        label: row.engine.name.to_owned(),
        value: row.bytes / 1024.0,
        role: role(row.engine),
    };
    Chart {
        title,
        unit: "KiB, less is better".to_owned(),
        bars: rows.iter().filter(|row| chosen(row)).map(bar).collect(),
    }
}
