//! In: every row of every benchmark. Out: how many comparisons ours wins, and each that it loses, before all tables: who
//! looks for a reason not to take ours shall find it first.
//!
//! Next: `page.rs`, which puts it at the top.

use crate::chart::{Bar, Chart, Role, figure};
use crate::record::Record;
use std::fmt::Write;

/// One of ours beside the best peer of its row.
struct Comparison<'a> {
    row: &'a Chart,
    ours: &'a Bar,
    peer: &'a Bar,
    /// How many times better ours is.
    ratio: f64,
}

/// What a record marks where a bar that must be reached is not.
const MISSED: [&str; 2] = ["**FAIL**", "MISSED"];

pub(crate) fn section(records: &[(&str, &Record)]) -> String {
    let mut text = String::from(
        "### Where ours is behind\n\n\
         Each of ours is held against the best peer of the same row, and against the bars that were set before. Floors and \
         anchors (a bare loop, `memchr`, `curl`) are in the tables, and not counted as peers.\n\n\
         | benchmark | comparisons | ahead or equal | behind | bars missed |\n|---|---:|---:|---:|---:|\n",
    );
    let mut behind = String::new();
    for (name, record) in records {
        let comparisons: Vec<_> = record.compared.iter().flat_map(comparisons).collect();
        let missed: usize = MISSED
            .iter()
            .map(|mark| record.text.matches(mark).count())
            .sum();
        if comparisons.is_empty() && missed == 0 {
            continue;
        }
        let lost: Vec<_> = comparisons.iter().filter(|c| c.ratio < 1.0).collect();
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {missed} |",
            comparisons.len(),
            comparisons.len() - lost.len(),
            lost.len()
        );
        for comparison in lost {
            let Comparison {
                row,
                ours,
                peer,
                ratio,
            } = comparison;
            let _ = writeln!(
                behind,
                "| {name} | {} ({}) | {} | {} | {} | {} | {ratio:.2} |",
                row.title,
                row.unit.split(',').next().unwrap_or_default(),
                ours.label,
                figure(ours.value),
                peer.label,
                figure(peer.value)
            );
        }
    }
    text.push('\n');
    if !behind.is_empty() {
        text.push_str(
            "| benchmark | row | ours | value | best peer | value | times as good as it |\n|---|---|---|---:|---|---:|---:|\n",
        );
        text.push_str(&behind);
        text.push('\n');
    }
    text
}

fn comparisons(row: &Chart) -> Vec<Comparison<'_>> {
    let more = row.unit.ends_with("more is better");
    let is_better = |a: f64, b: f64| if more { a > b } else { a < b };
    let of = |role: Role| row.bars.iter().filter(move |bar| bar.role == role);
    let best = of(Role::Peer).reduce(|best, bar| {
        if is_better(bar.value, best.value) {
            bar
        } else {
            best
        }
    });
    let Some(peer) = best else { return Vec::new() };
    let comparison = |ours: &'_ Bar| {
        if more {
            ours.value / peer.value
        } else {
            peer.value / ours.value
        }
    };
    of(Role::Ours)
        .map(|ours| Comparison {
            row,
            ours,
            peer,
            ratio: comparison(ours),
        })
        .collect()
}
