//! In: the records of soaks and of searches. Out: what held for hours, as tables.
//!
//! Next: `page.rs`.

use crate::record::Record;
use std::fmt::Write;

/// A longer figure is left to its record, and so is one that is not for people.
const LONGEST: usize = 200;
/// So are those behind so many.
const FIRST: usize = 6;

/// A row a soak: what held, where and when, and what the tests had to show.
pub(crate) fn section(soaks: &[(String, Record)]) -> String {
    let mut text = String::from(
        "### What is lost, doubled or leaked in hours?\n\n\
         Nothing: a soak that finds something fails, and leaves no record. Again: `cargo xtask soak`, or one of them by name. \
         Without a record yet: those that `cargo xtask --help` lists and this table does not.\n\n\
         | again | what held | figures | took | record |\n|---|---|---|---:|---|\n",
    );
    for (name, record) in soaks {
        let about = paragraph(&record.text);
        let about = about.strip_suffix(": held.").unwrap_or(&about);
        let bullets = || {
            record
                .text
                .lines()
                .filter_map(|line| line.strip_prefix("- "))
        };
        let took = bullets().find_map(seconds).unwrap_or_default();
        let after = bullets().skip_while(|bullet| !bullet.starts_with("again: "));
        let is_for_people = |figure: &&str| figure.len() <= LONGEST && !figure.contains(['{', '}']);
        let mut figures: Vec<&str> = after.skip(1).filter(is_for_people).collect();
        if figures.len() > FIRST {
            figures.truncate(FIRST);
            figures.push("and more in the record");
        }
        let date = record.file.get(..10).unwrap_or_default();
        let _ = writeln!(
            text,
            "| `cargo xtask soak {name}` | {about} | {} | {took} | [{date}](../bench/record/{}) |",
            figures.join("; ").replace('|', "\\|"),
            record.file
        );
    }
    text.push('\n');
    text
}

/// The sums of `fuzz/record.md`.
pub(crate) fn fuzzing(record: &str) -> String {
    let mut text = String::from(
        "### What has a search for counterexamples found?\n\n\
         Searches by libFuzzer, added up; each is a row of [its record](../fuzz/record.md). What was found is a seed since, \
         and runs as a test. Again: `cargo xtask fuzz all --seconds 600 --record`, or one of the targets by name.\n\n",
    );
    let sums = record.lines().skip_while(|line| *line != "## Added up");
    let table = sums.skip(1).skip_while(|line| line.is_empty());
    for line in table.take_while(|line| line.starts_with('|')) {
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    text
}

/// The first that is neither heading nor list.
fn paragraph(text: &str) -> String {
    let is_text = |line: &&str| !line.is_empty() && !line.starts_with(['#', '-']);
    text.lines().find(is_text).unwrap_or_default().to_owned()
}

/// `461 s, building included` is 461 s.
fn seconds(bullet: &str) -> Option<String> {
    let (number, _) = bullet.split_once(" s")?;
    number
        .parse::<u32>()
        .ok()
        .map(|seconds| format!("{seconds} s"))
}
