//! In: measured rows. Out: Markdown for people, JSON for programs.
//!
//! Next: `docs/comparison.md`, which is made from it.

use super::chunks::Chunking;
use super::engines::{self, Role};
use super::run::{Method, Row, Timing};
use super::verdict::Verdict;
use crate::machine::{BUILD, Machine, version};
use serde_json::json;
use std::fmt::Write as _;
use wellspring_report::chart::{Bar, Chart};

/// The tables, one for each chunking.
pub(crate) fn tables(rows: &[Row]) -> String {
    let mut text = String::new();
    let mut chunkings: Vec<Chunking> = Vec::new();
    for row in rows {
        if !chunkings.contains(&row.chunking) {
            chunkings.push(row.chunking);
        }
    }
    for chunking in chunkings {
        let rows: Vec<_> = rows.iter().filter(|row| row.chunking == chunking).collect();
        table(&mut text, chunking, &rows);
    }
    text
}

fn table(text: &mut String, chunking: Chunking, rows: &[&Row]) {
    let names: Vec<_> = rows[0].timings.iter().map(|t| t.engine.name).collect();
    let _ = writeln!(text, "### {chunking} a chunk, GB/s\n");
    let _ = writeln!(
        text,
        "| corpus | {} | best peer | lent ÷ best | must | goal | owned ÷ best | owned must | verdict |",
        names.join(" | ")
    );
    let _ = writeln!(text, "|---|{}", "---|".repeat(names.len() + 7));
    for row in rows {
        let _ = write!(text, "| {} |", row.corpus);
        for timing in &row.timings {
            let _ = write!(text, " {} |", speed(timing));
        }
        let _ = writeln!(text, " {} |", verdict(row));
    }
    text.push('\n');
}

/// Three significant digits; how much of the corpus, if not all.
fn speed(timing: &Timing) -> String {
    let median = timing.median();
    let digits = match median {
        ..0.1 => 4,
        ..1.0 => 3,
        ..10.0 => 2,
        _ => 1,
    };
    let mut text = format!("{median:.digits$}");
    if !timing.whole {
        let _ = write!(
            text,
            " ({:.2} MiB)",
            timing.bytes as f64 / f64::from(1 << 20)
        );
    }
    text
}

fn verdict(row: &Row) -> String {
    let Some(verdict) = Verdict::of(row) else {
        return ["–"; 7].join(" | ");
    };
    let ratio = |ratio: Option<f64>| ratio.map_or("–".into(), |ratio| format!("{ratio:.2}"));
    [
        verdict.best_peer.engine.name.into(),
        ratio(verdict.lent),
        ratio(verdict.bars.must),
        ratio(Some(verdict.bars.goal)),
        ratio(verdict.owned),
        ratio(verdict.bars.owned_must),
        verdict.word().into(),
    ]
    .join(" | ")
}

/// The bars that were missed and those aims that were, one a line.
pub(crate) fn summary(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        let Some(verdict) = Verdict::of(row).filter(|verdict| verdict.complete) else {
            continue;
        };
        let place = format!("{} at {}", row.corpus, row.chunking);
        for (what, ratio, must) in [
            ("lent", verdict.lent, verdict.bars.must),
            ("owned", verdict.owned, verdict.bars.owned_must),
        ] {
            if let (Some(ratio), Some(must)) = (ratio, must)
                && ratio < must
            {
                let _ = writeln!(text, "- FAIL {place}: {what} {ratio:.2}, must {must:.2}");
            }
        }
        if let Some(ratio) = verdict.lent.filter(|lent| *lent < verdict.bars.goal) {
            let goal = verdict.bars.goal;
            let _ = writeln!(text, "- below goal {place}: {ratio:.2}, goal {goal:.2}");
        }
    }
    if text.is_empty() {
        text.push_str("Every bar and every goal measured is reached.\n");
    }
    text
}

/// What stands above the tables of a record.
pub(crate) fn heading(machine: &Machine, mib: usize, method: Method) -> String {
    let Method { runs, laps, .. } = method;
    let mut text = format!("# Decoding, {}\n\n{}", machine.date, machine.list(BUILD));
    let others = engines::ALL
        .iter()
        .filter(|engine| engine.role != Role::Ours);
    let versions = others.map(|engine| {
        let version = version(engine.name).unwrap_or("?");
        format!("{} {version}", engine.name)
    });
    let versions: Vec<_> = versions.collect();
    let _ = writeln!(text, "- {}", versions.join(", "));
    let _ = writeln!(
        text,
        "- corpora of {mib} MiB, gone over {laps}×; median of {runs} runs, the engines taking turns; CPU time of the measuring \
         thread; GB are 10⁹ bytes. In brackets: how much of the corpus an engine got that was too slow for all of it."
    );
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let _ = writeln!(
        text,
        "- again: `cargo xtask bench {}`\n",
        arguments.join(" ")
    );
    text
}

/// The chunk that a client reads from a busy socket.
const CHARTED: Chunking = Chunking::Bytes(16 * 1024);

/// A chart for each corpus.
pub(crate) fn charts(rows: &[Row]) -> Vec<Chart> {
    let rows = rows.iter().filter(|row| row.chunking == CHARTED);
    rows.map(chart).collect()
}

/// Every row.
pub(crate) fn compared(rows: &[Row]) -> Vec<Chart> {
    rows.iter().map(chart).collect()
}

/// What the machine can do at best would make all bars short.
fn chart(row: &Row) -> Chart {
    let timings = row.timings.iter();
    let timings = timings.filter(|timing| timing.engine.role != Role::Anchor);
    let bar = |timing: &Timing| Bar {
        label: timing.engine.name.to_owned(),
        value: timing.median(),
        role: timing.engine.role,
    };
    Chart {
        title: format!("{}, {} a chunk", row.corpus, row.chunking),
        unit: "GB/s on one core, more is better".to_owned(),
        bars: timings.map(bar).collect(),
    }
}

/// All figures, every run of them.
pub(crate) fn json(machine: &Machine, rows: &[Row]) -> serde_json::Value {
    let rows: Vec<_> = rows.iter().map(row_json).collect();
    json!({
        "bench": "decode",
        "date": machine.date,
        "cpu": machine.cpu,
        "system": machine.system,
        "rustc": machine.rustc,
        "commit": machine.commit,
        "rows": rows,
    })
}

fn row_json(row: &Row) -> serde_json::Value {
    let engines = row.timings.iter().map(|timing| {
        json!({
            "engine": timing.engine.name,
            "version": version(timing.engine.name),
            "bytes": timing.bytes,
            "gb_per_s": timing.speeds,
            "median": timing.median(),
            "spread": timing.spread(),
        })
    });
    let engines: Vec<_> = engines.collect();
    let verdict = Verdict::of(row);
    json!({
        "corpus": row.corpus,
        "chunking": row.chunking.to_string(),
        "engines": engines,
        "best_peer": verdict.map(|v| v.best_peer.engine.name),
        "lent": verdict.and_then(|v| v.lent),
        "owned": verdict.and_then(|v| v.owned),
        "must": verdict.and_then(|v| v.bars.must),
        "goal": verdict.map(|v| v.bars.goal),
        "owned_must": verdict.and_then(|v| v.bars.owned_must),
        "fails": verdict.map(|v| v.fails()),
    })
}
