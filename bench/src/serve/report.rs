//! In: measured rows. Out: Markdown for people, JSON for programs.
//!
//! Next: `docs/comparison.md`, which is made from it.

use super::bars::{Limit, Verdict, verdicts};
use super::run::{Figures, Method, Row, Run, Timing};
use super::scan;
use crate::machine::{BUILD, Machine, version};
use crate::median::{median, spread};
use serde_json::json;
use std::fmt::Write as _;
use std::process::Command;
use wellspring_report::chart::{Bar, Chart};

/// Packages whose versions matter.
const PACKAGES: [&str; 5] = ["hyper", "axum", "actix-web", "tokio", "tokio-stream"];

pub(crate) fn text(machine: &Machine, method: Method, rows: &[Row]) -> String {
    let mut text = String::new();
    heading(&mut text, machine, method);
    for row in rows {
        let _ = writeln!(text, "### {} subscribers\n", row.subscribers);
        figures(&mut text, row);
        ratios(&mut text, row);
    }
    text
}

fn heading(text: &mut String, machine: &Machine, method: Method) {
    let versions = PACKAGES.map(|name| format!("{name} {}", version(name).unwrap_or("?")));
    let nginx = nginx().unwrap_or_else(|| "nginx ?".to_owned());
    let _ = writeln!(
        text,
        "# Serving, {}\n
{}- {}; {}
- events with {} bytes of data over loopback; the server on core {}, this program on core {}; {:?} for each mode; \
median (spread) of {} runs, the servers taking turns, each run a process of its own
- CPU: microseconds on a processor, of all threads of the server, for one delivery (one event to one subscriber)
- idle: bytes the server's resident memory grows by for a subscriber that waits for its first event; after: the same \
after all events
- again: `cargo xtask bench serve`\n",
        machine.date,
        machine.list(BUILD),
        versions.join(", "),
        nginx,
        scan::DATA,
        method.cores.server,
        method.cores.load,
        method.time,
        method.runs,
    );
}

/// The versions of Debian's packages.
pub(crate) fn nginx() -> Option<String> {
    let mut packages = Command::new("dpkg-query");
    packages.args(["-W", "nginx", "libnginx-mod-nchan"]);
    let output = packages.output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let lines: Vec<_> = text.lines().map(|line| line.replace('\t', " ")).collect();
    output.status.success().then(|| lines.join(", "))
}

pub(crate) fn figures(text: &mut String, row: &Row) {
    text.push_str(
        "| server | runtime | 1 in flight: CPU µs | deliveries/s | p50 ms | p99 ms \
         | 16 in flight: CPU µs | deliveries/s | p50 ms | p99 ms | idle B | after B |\n",
    );
    let _ = writeln!(text, "|---|{}", "---|".repeat(11));
    for timing in &row.timings {
        let engine = timing.engine;
        let _ = write!(text, "| {} | {} |", engine.name, engine.runtime);
        for mode in 0..2 {
            let of = |value: fn(&Figures) -> f64| timing.median(|run| value(&run.modes[mode]));
            let spread = timing.spread(|run| run.modes[mode].cpu);
            let _ = write!(
                text,
                " {:.3} ({:.0} %) | {:.0} | {:.2} | {:.2} |",
                of(|figures| figures.cpu),
                100.0 * spread,
                of(|figures| figures.speed),
                of(|figures| figures.p50) / 1e3,
                of(|figures| figures.p99) / 1e3,
            );
        }
        let _ = writeln!(
            text,
            " {:.0} | {:.0} |",
            timing.median(|run| run.idle),
            timing.median(|run| run.after)
        );
    }
    text.push('\n');
}

fn ratios(text: &mut String, row: &Row) {
    verdict_table(text, &verdicts(row));
}

/// What had to be reached, beside what was.
pub(crate) fn verdict_table(text: &mut String, verdicts: &[Verdict]) {
    if verdicts.is_empty() {
        return;
    }
    text.push_str("| ours | bar | value | must | goal | verdict |\n|---|---|---|---|---|---|\n");
    for verdict in verdicts {
        let must = match verdict.must {
            Limit::AtLeast(least) => format!("≥ {least}"),
            Limit::AtMost(most) => format!("≤ {most}"),
        };
        let goal = verdict.goal.map_or("–".to_owned(), |goal| goal.to_string());
        let digits = if verdict.value < 1e3 { 3 } else { 0 };
        let _ = writeln!(
            text,
            "| {} | {} | {:.digits$} | {must} | {goal} | {} |",
            verdict.engine,
            verdict.what,
            verdict.value,
            verdict.word()
        );
    }
    text.push('\n');
}

impl Timing {
    fn median(&self, value: impl Fn(&Run) -> f64) -> f64 {
        median(self.runs.iter().map(value))
    }

    /// From the least to the most, as a part of the median.
    fn spread(&self, value: impl Fn(&Run) -> f64) -> f64 {
        spread(self.runs.iter().map(value))
    }
}

/// A figure that is compared.
struct Measure {
    title: &'static str,
    unit: &'static str,
    value: fn(&Run) -> f64,
}

/// What a chart shows.
const CHARTED: [Measure; 3] = [
    Measure {
        title: "CPU a delivery, one event in flight",
        unit: "µs on one core, less is better",
        value: |run| run.modes[0].cpu,
    },
    Measure {
        title: "Deliveries, sixteen events in flight",
        unit: "millions a second on one core, more is better",
        value: |run| run.modes[1].speed / 1e6,
    },
    Measure {
        title: "Memory of an idle subscriber",
        unit: "KiB, less is better",
        value: |run| run.idle / 1024.0,
    },
];

/// What is compared beside that.
const COMPARED: [Measure; 3] = [
    Measure {
        title: "CPU a delivery, sixteen events in flight",
        unit: "µs on one core, less is better",
        value: |run| run.modes[1].cpu,
    },
    Measure {
        title: "From publishing to reading, one event in flight, p99",
        unit: "ms, less is better",
        value: |run| run.modes[0].p99 / 1e3,
    },
    Measure {
        title: "Memory of a subscriber after all events",
        unit: "KiB, less is better",
        value: |run| run.after / 1024.0,
    },
];

/// The row with the most subscribers.
pub(crate) fn charts(rows: &[Row]) -> Vec<Chart> {
    let row = rows.iter().max_by_key(|row| row.subscribers);
    let charts = |row| CHARTED.iter().map(move |measure| chart(row, measure));
    row.into_iter().flat_map(charts).collect()
}

/// Every row.
pub(crate) fn compared(rows: &[Row]) -> Vec<Chart> {
    let measures = || CHARTED.iter().chain(&COMPARED);
    rows.iter()
        .flat_map(|row| measures().map(move |measure| chart(row, measure)))
        .collect()
}

fn chart(row: &Row, measure: &Measure) -> Chart {
    let bar = |timing: &Timing| Bar {
        label: timing.engine.name.to_owned(),
        value: timing.median(measure.value),
        role: timing.engine.role,
    };
    Chart {
        title: format!("{}, {} subscribers", measure.title, row.subscribers),
        unit: measure.unit.to_owned(),
        bars: row.timings.iter().map(bar).collect(),
    }
}

/// All figures, every run of them.
pub(crate) fn json(machine: &Machine, rows: &[Row]) -> serde_json::Value {
    let mode = |figures: &Figures| {
        json!({
            "cpu_us": figures.cpu,
            "deliveries_per_s": figures.speed,
            "p50_us": figures.p50,
            "p99_us": figures.p99,
        })
    };
    let run = |run: &Run| {
        json!({
            "one": mode(&run.modes[0]),
            "sixteen": mode(&run.modes[1]),
            "idle_bytes": run.idle,
            "after_bytes": run.after,
        })
    };
    let engine = |timing: &Timing| {
        json!({
            "server": timing.engine.name,
            "runtime": timing.engine.runtime,
            "runs": timing.runs.iter().map(run).collect::<Vec<_>>(),
        })
    };
    let row = |row: &Row| {
        json!({
            "subscribers": row.subscribers,
            "servers": row.timings.iter().map(engine).collect::<Vec<_>>(),
        })
    };
    json!({
        "benchmark": "serve",
        "date": machine.date,
        "cpu": machine.cpu,
        "system": machine.system,
        "rustc": machine.rustc,
        "commit": machine.commit,
        "rows": rows.iter().map(row).collect::<Vec<_>>(),
    })
}
