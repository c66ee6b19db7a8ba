//! In: engines, how many subscribe, how many send half a head before. Out: what a subscriber that waits costs each
//! server, in a new process and after the storm, and the most the storm took.
//!
//! Next: `load.rs` (who reads), `process.rs` (whose memory).

use super::engines::{Engine, Role};
use super::load::Load;
use super::process::{Cores, Server};
use crate::machine::{BUILD, Machine};
use crate::median::median;
use crate::record::Record;
use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::Duration;
use wellspring_report::chart::{Bar, Chart};

/// What each of the storm sends, and no more.
const HALF: &[u8] = b"GET /events HTTP/1.1\r\nHost: bench\r\nCookie: half=";

/// Until a server has come to rest.
const REST: Duration = Duration::from_millis(500);

const IDLE_MUST: f64 = 2.0;
const PEAK_MUST: f64 = 30.0;

/// The same router on its own server and on ours.
const SAME: [&str; 2] = ["axum", "axum-on-wellspring"];
const SAME_MUST: f64 = 5.0;

/// One engine's medians.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) engine: Engine,
    /// KiB a subscriber.
    pub(crate) idle: f64,
    pub(crate) after: f64,
    /// MB above what there was before.
    pub(crate) peak: f64,
}

/// How much.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method {
    pub(crate) cores: Cores,
    pub(crate) runs: usize,
    pub(crate) subscribers: usize,
    pub(crate) halves: usize,
}

/// Measures and says it. True if all that must be reached is.
pub(crate) fn main(
    machine: &Machine,
    engines: &[Engine],
    method: Method,
    record: bool,
) -> Result<bool, String> {
    let mut all = Vec::new();
    for engine in engines {
        let figures = measure(engine, method).map_err(|why| format!("{}: {why}", engine.name))?;
        all.push(figures);
    }
    let (text, reached) = report(machine, method, &all);
    println!("{text}");
    if record {
        let charts = charts(&all, method);
        Record::of(text, charts.clone(), charts).write(machine, "storm")?;
    }
    Ok(reached)
}

pub(crate) fn measure(engine: &Engine, method: Method) -> Result<Figures, String> {
    let [mut idle, mut after, mut peak] = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..method.runs {
        idle.push(subscribe(engine, method, 0)?.0);
        let (each, most) = subscribe(engine, method, method.halves)?;
        after.push(each);
        peak.push(most);
    }
    let figures = Figures {
        engine: *engine,
        idle: median(idle),
        after: median(after),
        peak: median(peak),
    };
    eprintln!("{figures:?}");
    Ok(figures)
}

/// KiB a subscriber, and the MB that those before took at most.
fn subscribe(engine: &Engine, method: Method, halves: usize) -> Result<(f64, f64), String> {
    let server = Server::start(engine, method.cores.server)?;
    let _publisher = server.publisher()?;
    thread::sleep(REST);
    let before = server.resident()?;
    let mut storm = Vec::new();
    for _ in 0..halves {
        let mut socket = TcpStream::connect(server.subscribers).map_err(|e| e.to_string())?;
        socket.write_all(HALF).map_err(|error| error.to_string())?;
        storm.push(socket);
    }
    thread::sleep(REST);
    let peak = server.most_resident()?.saturating_sub(before) as f64 / 1e6;
    drop(storm);
    thread::sleep(REST);
    let _load = Load::connect(server.subscribers, method.subscribers)?;
    thread::sleep(REST);
    let grown = server.resident()?.saturating_sub(before) as f64 / 1024.0;
    Ok((grown / method.subscribers as f64, peak))
}

fn report(machine: &Machine, method: Method, all: &[Figures]) -> (String, bool) {
    let mut record = Record::of(String::new(), Vec::new(), Vec::new());
    record.line(&format!(
        "# Memory of a stream that waits, {}\n",
        machine.date
    ));
    record.line(&machine.list(BUILD));
    record.line(&format!(
        "- {} subscribers; in a new process, and after {} clients that sent half a head and went; medians of {} runs",
        method.subscribers, method.halves, method.runs
    ));
    record.line("- peak: the most that was resident during the storm, above what was before");
    record.line("- again: `cargo xtask bench serve --storm 6000`\n");
    table(&mut record, all);
    record.line("\n| ours | bar | value | must | verdict |\n|---|---|---|---|---|");
    let mut reached = true;
    let mut judge = |name: &str, what: &str, value: f64, must: String, good: bool| {
        let word = if good { "pass" } else { "**FAIL**" };
        record.line(&format!(
            "| {name} | {what} | {value:.2} | {must} | {word} |"
        ));
        reached &= good;
    };
    for figures in all
        .iter()
        .filter(|figures| figures.engine.role == Role::Ours)
    {
        let name = figures.engine.name;
        let most = figures.idle.max(figures.after);
        let must = format!("≤ {IDLE_MUST}");
        judge(
            name,
            "KiB a subscriber, new or after",
            most,
            must,
            most <= IDLE_MUST,
        );
        let must = format!("≤ {PEAK_MUST}");
        judge(
            name,
            "MB at the peak",
            figures.peak,
            must,
            figures.peak <= PEAK_MUST,
        );
    }
    let of = |name| all.iter().find(|figures| figures.engine.name == name);
    if let (Some(theirs), Some(ours)) = (of(SAME[0]), of(SAME[1])) {
        let ratio = theirs.idle / ours.idle;
        let what = "axum's memory ÷ that of the same router on ours";
        judge(
            SAME[1],
            what,
            ratio,
            format!("≥ {SAME_MUST}"),
            ratio >= SAME_MUST,
        );
    }
    (record.text, reached)
}

/// A row a server.
pub(crate) fn table(record: &mut Record, all: &[Figures]) {
    record.line("| server | runtime | idle KiB | after the storm KiB | peak MB |");
    record.line("|---|---|---|---|---|");
    for figures in all {
        let (name, runtime) = (figures.engine.name, figures.engine.runtime);
        let Figures {
            idle, after, peak, ..
        } = figures;
        record.line(&format!(
            "| {name} | {runtime} | {idle:.2} | {after:.2} | {peak:.1} |"
        ));
    }
}

pub(crate) fn charts(all: &[Figures], method: Method) -> Vec<Chart> {
    let chart = |title: &str, unit: &str, value: fn(&Figures) -> f64| Chart {
        title: title.to_owned(),
        unit: unit.to_owned(),
        bars: all
            .iter()
            .map(|figures| Bar {
                label: figures.engine.name.to_owned(),
                value: value(figures),
                role: figures.engine.role,
            })
            .collect(),
    };
    let (subscribers, halves) = (method.subscribers, method.halves);
    vec![
        chart(
            &format!(
                "Memory of an idle subscriber of {subscribers}, after a storm of {halves} half-sent heads"
            ),
            "KiB, less is better",
            |figures| figures.after,
        ),
        chart(
            &format!("The most that {halves} half-sent heads take"),
            "MB, less is better",
            |figures| figures.peak,
        ),
    ]
}
