//! In: `bench/record/`. Out: `docs/comparison.md` between its two marks, and a plot for each chart in
//! `docs/comparison/`. Nothing in there is typed by hand; a figure is changed by running its benchmark with `--record`.
//!
//! Next: `docs/comparison.md`.

use crate::chart::Chart;
use crate::record::{folder, write};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// Make `docs/comparison.md` out of the newest records.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Writes nothing, and fails when the page is not what the records say.
    #[arg(long)]
    check: bool,
}

/// Benchmarks in the order of the page, and what each answers.
const BENCHMARKS: [(&str, &str); 6] = [
    ("client", "What does a client spend on a million events?"),
    ("idle", "What does a source cost that has nothing to do?"),
    ("latency", "How long until the program has the event?"),
    ("decode", "How fast is the decoder alone?"),
    ("serve", "What does a delivery cost the server?"),
    ("node", "What does a message cost in Node?"),
];

const BEGIN: &str = "<!-- figures: begin -->";
const END: &str = "<!-- figures: end -->";

pub(crate) fn main(arguments: &Arguments) -> Result<bool, String> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let page = docs.join("comparison.md");
    let before =
        fs::read_to_string(&page).map_err(|error| format!("{}: {error}", page.display()))?;
    let (head, rest) = before.split_once(BEGIN).ok_or_else(|| missing(&page))?;
    let (_, tail) = rest.split_once(END).ok_or_else(|| missing(&page))?;
    let mut figures = String::from("\n\n");
    let mut plots = Vec::new();
    for (name, question) in BENCHMARKS {
        let Some(record) = newest(name)? else {
            println!("{name}: no record; run `cargo xtask bench {name} --record`");
            continue;
        };
        figures.push_str(&section(name, question, &record, &mut plots)?);
    }
    let after = format!("{head}{BEGIN}{figures}{END}{tail}");
    if arguments.check {
        return Ok(before == after);
    }
    for (path, svg) in &plots {
        write(&docs.join(path), svg)?;
    }
    write(&page, &after)?;
    println!("{} plots; {}", plots.len(), page.display());
    Ok(true)
}

fn missing(page: &Path) -> String {
    format!("{} lacks the lines `{BEGIN}` and `{END}`", page.display())
}

/// The newest record of a benchmark, by the date in its name.
fn newest(name: &str) -> Result<Option<PathBuf>, String> {
    let entries = fs::read_dir(folder()).map_err(|error| error.to_string())?;
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let ending = format!("-{name}.md");
    let records = paths.filter(|path| path.to_string_lossy().ends_with(&ending));
    Ok(records.max())
}

/// A heading, the plots, and the tables of the record, a level down.
fn section(
    name: &str,
    question: &str,
    record: &Path,
    plots: &mut Vec<(String, String)>,
) -> Result<String, String> {
    let text = fs::read_to_string(record).map_err(|error| error.to_string())?;
    let mut section = format!("### {question}\n\n");
    for (number, chart) in charts(record).iter().enumerate() {
        let path = format!("comparison/{name}-{}.svg", number + 1);
        section.push_str(&format!("![{}]({path})\n\n", chart.title));
        plots.push((path, chart.svg()));
    }
    for line in text.lines() {
        let line = line
            .strip_prefix("##")
            .map_or(line.to_owned(), |rest| format!("####{rest}"));
        section.push_str(line.trim_end());
        section.push('\n');
    }
    section.truncate(section.trim_end().len());
    section.push_str("\n\n");
    Ok(section)
}

fn charts(record: &Path) -> Vec<Chart<String>> {
    let text = fs::read_to_string(record.with_extension("json")).unwrap_or_default();
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    let charts = value.get("charts").and_then(Value::as_array);
    charts.map_or(Vec::new(), |charts| {
        charts.iter().filter_map(Chart::from_json).collect()
    })
}
