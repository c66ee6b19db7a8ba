//! In: engines. Out: the time from a server's write to the program's handler, at few and at many sources. The server
//! writes the time into the event; both read the clock of the machine. 2,000 events a second, to one source after
//! another, so that the clients are not busy.
//!
//! Next: `../record.rs`.

use super::engines::{Engine, Http, Sink};
use super::server::{OPEN, Server, serve};
use super::{chosen, figures, named, now, role};
use crate::client::engines::block_on;
use crate::machine::Machine;
use crate::median::median;
use crate::record::Record;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use wellspring_report::chart::{Bar, Chart};

const PATIENCE: Duration = Duration::from_secs(60);

/// Measure the time from a server's write to the handler.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// So many sources; may be given several times.
    #[arg(long, value_name = "N", default_values_t = [1, 100, 1_000])]
    sources: Vec<usize>,
    /// Only this client; may be given several times.
    #[arg(long, value_name = "NAME")]
    engine: Vec<String>,
    /// So many events a run.
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    events: usize,
    /// How often each client runs; the median counts.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=100))]
    runs: u16,
    /// Writes the figures to `bench/record/`.
    #[arg(long)]
    record: bool,
    /// The process that is measured.
    #[arg(long, hide = true, num_args = 4, value_names = ["NAME", "URL", "SOURCES", "EVENTS"])]
    child: Option<Vec<String>>,
    /// The process that serves.
    #[arg(long, hide = true)]
    server: bool,
}

struct Row {
    engine: Engine,
    sources: usize,
    /// Microseconds.
    p50: f64,
    p99: f64,
}

pub(crate) fn main(arguments: &Arguments) -> Result<bool, String> {
    if arguments.server {
        return serve();
    }
    if let Some([name, url, sources, events]) = arguments.child.as_deref() {
        let number = |text: &str| text.parse().map_err(|_| format!("{text}: not a number"));
        return child(name, url, number(sources)?, number(events)?).map(|()| true);
    }
    let mut rows = Vec::new();
    let engines = chosen(&arguments.engine);
    for &sources in &arguments.sources {
        for &engine in engines.iter().filter(|engine| engine.http == Http::One) {
            eprintln!("{sources} sources: {}", engine.name);
            let mut runs = Vec::new();
            for _ in 0..arguments.runs {
                runs.push(measure(engine, sources, arguments.events)?);
            }
            let p50 = median(runs.iter().map(|run: &(f64, f64)| run.0));
            let p99 = median(runs.iter().map(|run| run.1));
            rows.push(Row {
                engine,
                sources,
                p50,
                p99,
            });
        }
    }
    let machine = Machine::look();
    let record = report(&machine, &rows);
    println!("{}", record.text);
    if arguments.record {
        record.write(&machine, "latency")?;
    }
    Ok(true)
}

fn measure(engine: Engine, sources: usize, events: usize) -> Result<(f64, f64), String> {
    let server = Server::start("latency")?;
    let url = format!("http://{}/clock/{sources}", server.http1);
    let arguments = [url, sources.to_string(), events.to_string()];
    match figures("latency", engine, &arguments)?[..] {
        [p50, p99] => Ok((p50, p99)),
        ref said => Err(format!("{}: {said:?}", engine.name)),
    }
}

/// Prints the 50th and the 99th percentile in microseconds.
fn child(name: &str, url: &str, sources: usize, events: usize) -> Result<(), String> {
    let engine = named(name)?;
    let mut delays = block_on(async {
        let make = (engine.prepare)()?;
        let delays = Arc::new(Mutex::new(Vec::with_capacity(events)));
        let (sender, enough) = mpsc::channel();
        let kept = Arc::clone(&delays);
        let sink: Sink = Arc::new(move |data: &str| {
            let now = now();
            if data == OPEN {
                return;
            }
            let written = Duration::from_nanos(data.parse().unwrap_or(u64::MAX));
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push(now.saturating_sub(written));
            if kept.len() == events {
                let _ = sender.send(());
            }
        });
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..sources {
            tasks.spawn(make(url, Arc::clone(&sink)));
            if tasks.len() % 100 == 0 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        let since = now();
        while enough.try_recv().is_err() {
            if now().saturating_sub(since) > PATIENCE {
                return Err("the events do not come".to_owned());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut delays = delays.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(std::mem::take(&mut *delays))
    })?;
    delays.sort();
    let at =
        |part: f64| delays[((delays.len() - 1) as f64 * part) as usize].as_nanos() as f64 / 1e3;
    println!("{} {}", at(0.5), at(0.99));
    Ok(())
}

fn report(machine: &Machine, rows: &[Row]) -> Record {
    let mut record = Record::new(
        "From a server's write to the handler",
        machine,
        "cargo xtask bench latency",
    );
    record.line("HTTP/1.1 on loopback, 2,000 events a second to one source after another; median of the runs.\n");
    record.line("| client | sources | p50 µs | p99 µs |\n|---|---|---|---|");
    for row in rows {
        let Row {
            engine,
            sources,
            p50,
            p99,
        } = row;
        record.line(&format!(
            "| {} | {sources} | {p50:.0} | {p99:.0} |",
            engine.name
        ));
    }
    let mut numbers: Vec<_> = rows.iter().map(|row| row.sources).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let charts = |sources: &usize| PERCENTILES.map(|percentile| chart(rows, *sources, percentile));
    record.compared = numbers.iter().flat_map(charts).collect();
    record.charts.extend(record.compared.last().cloned());
    record
}

/// What is compared of a row.
#[derive(Clone, Copy)]
struct Percentile {
    name: &'static str,
    of: fn(&Row) -> f64,
}

const PERCENTILES: [Percentile; 2] = [
    Percentile {
        name: "p50",
        of: |row| row.p50,
    },
    Percentile {
        name: "p99",
        of: |row| row.p99,
    },
];

fn chart(rows: &[Row], sources: usize, percentile: Percentile) -> Chart {
    let rows = rows.iter().filter(|row| row.sources == sources);
    let bar = |row: &Row| Bar {
        label: row.engine.name.to_owned(),
        value: (percentile.of)(row),
        role: role(row.engine),
    };
    Chart {
        title: format!(
            "From a server's write to the handler, {sources} source{}, {}",
            if sources == 1 { "" } else { "s" },
            percentile.name
        ),
        unit: "µs, less is better".to_owned(),
        bars: rows.map(bar).collect(),
    }
}
