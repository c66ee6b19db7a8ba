//! What searches come to. In: a search that has ended. Out: `fuzz/record.md` with a row more, and with the hours,
//! executions and coverage of each target added up over all rows, whenever they were made.
//!
//! Next: `fuzz/record.md`.

use crate::here;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};
use wellspring_fuzz::TARGETS;
use xtask::Machine;

/// What libFuzzer said of a search.
#[derive(Clone, Debug, Default)]
pub(crate) struct Search {
    pub(crate) target: String,
    /// That it ran, which is less than was asked for when it found something.
    pub(crate) seconds: u64,
    /// That it was on a processor; not known everywhere.
    pub(crate) cpu: Option<u64>,
    pub(crate) executions: u64,
    /// Edges reached.
    pub(crate) edges: u64,
    /// Edges with their counters, and compared values.
    pub(crate) features: u64,
    /// Inputs kept, and their size.
    pub(crate) corpus: String,
    pub(crate) found: bool,
}

const HEAD: &str = "\
# Searches

Written by `cargo xtask fuzz NAME --seconds N --record`, a row a search, and added up anew with each.
Edges and features are libFuzzer's counts (`cov`, `ft`) of what was reached: edges of the program, and edges with
their counters and compared values. Time is the wall's; on a busy machine a search is on a processor for less of it, how
much is not known of the first ones.

## Added up

| target | searches | hours | of them on a processor | executions | most edges | most features | searches that found something |
|---|---:|---:|---:|---:|---:|---:|---:|
";

const ROWS: &str = "
## One by one

| date | machine | commit | target | seconds | of them on a processor | executions | edges | features | corpus | found |
|---|---|---|---|---:|---:|---:|---:|---:|---|---|
";

/// Instead of a number.
const UNKNOWN: &str = "–";

impl Search {
    /// A row of the record.
    pub(crate) fn row(&self, machine: &Machine) -> String {
        let Machine {
            date, cpu, commit, ..
        } = machine;
        let Self {
            target,
            seconds,
            executions,
            edges,
            features,
            corpus,
            ..
        } = self;
        let found = if self.found { "something" } else { "nothing" };
        let busy = self.cpu.map_or(UNKNOWN.to_owned(), |busy| busy.to_string());
        format!(
            "| {date} | {cpu} | {commit} | {target} | {seconds} | {busy} | {executions} | {edges} | {features} | {corpus} | {found} |"
        )
    }

    fn from_row(row: &str) -> Option<Self> {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [
            _,
            _,
            _,
            _,
            target,
            seconds,
            cpu,
            executions,
            edges,
            features,
            corpus,
            found,
            _,
        ] = cells.as_slice()
        else {
            return None;
        };
        Some(Self {
            target: (*target).to_owned(),
            seconds: seconds.parse().ok()?,
            cpu: cpu.parse().ok(),
            executions: executions.parse().ok()?,
            edges: edges.parse().ok()?,
            features: features.parse().ok()?,
            corpus: (*corpus).to_owned(),
            found: *found != "nothing",
        })
    }
}

/// Adds a row to the record, and adds it up anew. Two searches may end at the same time.
pub(crate) fn append(row: &str) -> Result<(), String> {
    let path = here("record.md");
    let _one_at_a_time = Lock::take(here("record.md.lock"));
    let read = fs::read_to_string(&path);
    let before = read.map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let written = fs::write(&path, added(&before, row));
    written.map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    println!("recorded in {}", path.display());
    Ok(())
}

/// The record with this row.
fn added(before: &str, row: &str) -> String {
    let lines = before.lines().map(with_cpu).chain([row.to_owned()]);
    let rows: Vec<String> = lines
        .filter(|line| Search::from_row(line).is_some())
        .collect();
    format!("{HEAD}{}{ROWS}{}\n", sums(&rows), rows.join("\n"))
}

/// The first rows lack that column.
fn with_cpu(row: &str) -> String {
    let cells: Vec<&str> = row.split(" | ").collect();
    match cells.as_slice() {
        [date, machine, commit, target, seconds, rest @ ..] if rest.len() == 5 => {
            let known = [date, machine, commit, target, seconds];
            format!(
                "{} | {UNKNOWN} | {}",
                known.map(|cell| *cell).join(" | "),
                rest.join(" | ")
            )
        }
        _ => row.to_owned(),
    }
}

/// A row a target, and one for all.
fn sums(rows: &[String]) -> String {
    let searches: Vec<Search> = rows
        .iter()
        .filter_map(|row| Search::from_row(row))
        .collect();
    let mut text = String::new();
    for target in TARGETS {
        let of_target = searches.iter();
        let of_target: Vec<&Search> = of_target
            .filter(|search| search.target == target.name)
            .collect();
        sum(&mut text, target.name, &of_target);
    }
    sum(&mut text, "all", &searches.iter().collect::<Vec<_>>());
    text
}

fn sum(text: &mut String, name: &str, searches: &[&Search]) {
    let seconds: u64 = searches.iter().map(|search| search.seconds).sum();
    let cpu: u64 = searches.iter().filter_map(|search| search.cpu).sum();
    let executions: u64 = searches.iter().map(|search| search.executions).sum();
    let most = |count: fn(&Search) -> u64| searches.iter().map(|search| count(search)).max();
    let found = searches.iter().filter(|search| search.found).count();
    let _ = writeln!(
        text,
        "| {name} | {} | {:.2} | {:.2} | {executions} | {} | {} | {found} |",
        searches.len(),
        seconds as f64 / 3_600.0,
        cpu as f64 / 3_600.0,
        most(|search| search.edges).unwrap_or(0),
        most(|search| search.features).unwrap_or(0),
    );
}

/// A file that is there while one of us writes.
struct Lock(PathBuf);

/// What is left of a search that was killed is in nobody's way for longer.
const PATIENCE: Duration = Duration::from_secs(10);

impl Lock {
    fn take(path: PathBuf) -> Self {
        let start = Instant::now();
        while fs::File::create_new(&path).is_err() && start.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(20));
        }
        Self(path)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[cfg(test)]
#[path = "record/tests.rs"]
mod tests;
