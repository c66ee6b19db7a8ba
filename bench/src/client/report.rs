//! In: measured rows. Out: Markdown for people, JSON for programs.
//!
//! Next: `docs/comparison.md`, which is made from it.

use super::bars::{best_peer, verdicts};
use super::run::{Row, Timing};
use crate::machine::{Machine, version};
use crate::median::{median, spread};
use serde_json::json;
use std::fmt::Write as _;
use wellspring_report::chart::{Bar, Chart};

/// Packages whose versions matter.
const PACKAGES: [&str; 7] = [
    "sse-core",
    "sse-stream",
    "sseer",
    "eventsource-client",
    "reqwest-eventsource",
    "hyper",
    "tokio",
];

pub(crate) fn text(machine: &Machine, rows: &[Row]) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "## Clients, {}\n", machine.date);
    let _ = writeln!(text, "{machine}.");
    let versions = PACKAGES.map(|name| format!("{name} {}", version(name).unwrap_or("?")));
    let _ = writeln!(text, "{}.", versions.join(", "));
    let _ = writeln!(
        text,
        "CPU time of the client's process, median (spread) of the runs. Repeat with `cargo xtask bench client`.\n"
    );
    for row in rows {
        figures(&mut text, row);
        ratios(&mut text, row);
    }
    text
}

/// A chart of what each client spends, for each framing.
pub(crate) fn charts(rows: &[Row]) -> Vec<Chart> {
    let bar = |timing: &Timing| Bar {
        label: timing.engine.name.to_owned(),
        value: median(&timing.cpu),
        role: timing.engine.role,
    };
    let chart = |row: &Row| Chart {
        title: format!("CPU seconds a million events, {}", row.framing),
        unit: "seconds, less is better".to_owned(),
        bars: row.timings.iter().map(bar).collect(),
    };
    rows.iter().map(chart).collect()
}

fn figures(text: &mut String, row: &Row) {
    let Row {
        framing,
        events,
        event_bytes,
        ..
    } = row;
    let _ = writeln!(
        text,
        "### {framing}: {:.2} million events of {event_bytes:.0} bytes\n",
        *events as f64 / 1e6
    );
    text.push_str(
        "| client | CPU s a million events | spread | million events/s |\n|---|---|---|---|\n",
    );
    for timing in &row.timings {
        let cpu = median(&timing.cpu);
        let _ = writeln!(
            text,
            "| {} | {cpu:.4} | {:.0} % | {:.2} |",
            timing.engine.name,
            100.0 * spread(&timing.cpu),
            median(&timing.speed)
        );
    }
    text.push('\n');
}

fn ratios(text: &mut String, row: &Row) {
    let Some(best) = best_peer(row) else { return };
    let _ = writeln!(text, "Best peer: {}.\n", best.engine.name);
    text.push_str("| ours | ÷ floor | at most | best peer ÷ ours | at least | verdict |\n|---|---|---|---|---|---|\n");
    let number = |value: Option<f64>| value.map_or("–".to_owned(), |value| format!("{value:.2}"));
    for verdict in verdicts(row) {
        let word = match verdict.floor_bar {
            _ if verdict.fails => "**FAIL**",
            Some(_) => "pass",
            None => "–",
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {word} |",
            verdict.engine,
            number(verdict.floor),
            number(verdict.floor_bar),
            number(verdict.peer),
            number(verdict.peer_bar)
        );
    }
    text.push('\n');
}

pub(crate) fn json(machine: &Machine, rows: &[Row]) -> serde_json::Value {
    let rows = rows.iter().map(|row| {
        let timings = row.timings.iter().map(|timing| {
            json!({ "client": timing.engine.name, "cpu_s_per_million": timing.cpu, "million_per_s": timing.speed })
        });
        json!({
            "framing": row.framing.to_string(),
            "events": row.events,
            "event_bytes": row.event_bytes,
            "clients": timings.collect::<Vec<_>>(),
        })
    });
    json!({
        "benchmark": "client",
        "date": machine.date,
        "cpu": machine.cpu,
        "commit": machine.commit,
        "rustc": machine.rustc,
        "rows": rows.collect::<Vec<_>>(),
    })
}
