//! In: the record of the package for Node, whose tables JavaScript has made. Out: the same with rows to compare, and a
//! chart of the newest Node.
//!
//! Next: `lost.rs`.

use crate::chart::{Bar, Chart, Role};
use crate::record::Record;

/// Columns that are compared, and what a value in them is.
const COLUMNS: [(&str, &str); 2] = [
    ("events/s", "events/s, more is better"),
    (
        "CPU s per million",
        "CPU s a million messages, less is better",
    ),
];

/// What is drawn.
const CHARTED: &str = "CPU s per million";

/// A record that has charts stays as it is.
pub(crate) fn with_charts(mut record: Record) -> Record {
    if !record.charts.is_empty() || !record.text.starts_with("# Node") {
        return record;
    }
    let (mut heading, mut title) = ("", "");
    let mut lines = record.text.lines().peekable();
    let mut charts: Vec<(bool, Chart)> = Vec::new();
    while let Some(line) = lines.next() {
        if let Some(node) = line.strip_prefix("## ") {
            heading = node;
        } else if !line.starts_with('|') {
            if !line.trim().is_empty() {
                title = line.trim_end_matches(':');
            }
        } else {
            let header = cells(line);
            let mut rows = Vec::new();
            while let Some(row) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(cells(row));
            }
            for (name, unit) in COLUMNS {
                let Some(column) = header.iter().position(|cell| *cell == name) else {
                    continue;
                };
                let bars: Vec<Bar> = rows.iter().filter_map(|row| bar(row, column)).collect();
                let chart = Chart {
                    title: format!("{heading}: {title}"),
                    unit: unit.to_owned(),
                    bars,
                };
                charts.push((name == CHARTED, chart));
            }
        }
    }
    record.compared = charts.iter().map(|(_, chart)| chart.clone()).collect();
    // Those of the last Node.
    let drawn = charts.into_iter().filter(|(drawn, _)| *drawn);
    let drawn = drawn.map(|(_, chart)| chart);
    record.charts = drawn
        .filter(|chart| chart.title.starts_with(heading))
        .collect();
    record
}

fn cells(line: &str) -> Vec<&str> {
    line.trim_matches('|').split('|').map(str::trim).collect()
}

fn bar(row: &[&str], column: usize) -> Option<Bar> {
    let label = *row.first()?;
    Some(Bar {
        label: label.to_owned(),
        value: row.get(column)?.parse().ok()?,
        role: match label {
            "floor" => Role::Floor,
            ours if ours.starts_with("wellspring") => Role::Ours,
            _ => Role::Peer,
        },
    })
}
