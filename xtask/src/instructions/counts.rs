//! Counts on record. In: a Markdown file with a heading for each compiler and processor. Out: its counts, the
//! comparison of new ones with them, and the file again.
//!
//! Next: `bench/record/instructions.md`.

use std::fmt::Write;

/// How much more a row may need, in thousandths.
const TOLERANCE: u64 = 20;

const HEAD: &str = "\
# Instructions

What each row of `bench/instructions` needs, counted by valgrind; one table for each compiler, processor and C
library. `cargo xtask test instructions` fails when a row needs over 2 % more, and adds a table where there is
none. `cargo xtask instructions --record` writes the table anew.
";

/// The count of each row, in the order of the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts(Vec<(String, u64)>);

/// New counts beside those of record.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Comparison {
    pub(super) table: String,
    /// The rows that need too much, and how much.
    pub(super) over: Vec<String>,
    /// Whether there are rows that are not on record, or the other way round.
    pub(super) new: bool,
}

impl Counts {
    pub(super) fn push(&mut self, row: &str, count: u64) {
        self.0.push((row.to_owned(), count));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn of(&self, row: &str) -> Option<u64> {
        let mut rows = self.0.iter();
        rows.find(|(name, _)| name == row).map(|(_, count)| *count)
    }

    pub(super) fn beside(&self, known: &Self) -> Comparison {
        let mut table = String::new();
        let mut over = Vec::new();
        for (row, count) in &self.0 {
            let change = match known.of(row) {
                None => "new".to_owned(),
                Some(before) => {
                    let change = percent(before, *count);
                    if count.saturating_mul(1000) > before.saturating_mul(1000 + TOLERANCE) {
                        over.push(format!("{row} ({change})"));
                    }
                    change
                }
            };
            let _ = writeln!(table, "  {row:26} {count:>12} {change:>10}");
        }
        let mut rows = self.0.iter().map(|(row, _)| row).collect::<Vec<_>>();
        let mut before = known.0.iter().map(|(row, _)| row).collect::<Vec<_>>();
        rows.sort_unstable();
        before.sort_unstable();
        Comparison {
            table,
            over,
            new: rows != before,
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "it is for reading")]
fn percent(before: u64, now: u64) -> String {
    format!(
        "{:+.2} %",
        (now as f64 / before.max(1) as f64 - 1.0) * 100.0
    )
}

/// The whole file.
#[derive(Debug, Default)]
pub(super) struct Record(Vec<(String, Counts)>);

impl Record {
    pub(super) fn read(text: &str) -> Self {
        let mut record = Self::default();
        for line in text.lines() {
            if let Some(key) = line.strip_prefix("## ") {
                record.0.push((key.to_owned(), Counts::default()));
            } else if let Some((_, counts)) = record.0.last_mut()
                && let Some((row, count)) = row_of(line)
            {
                counts.push(row, count);
            }
        }
        record
    }

    pub(super) fn of(&self, key: &str) -> Option<&Counts> {
        let mut tables = self.0.iter();
        tables
            .find(|(known, _)| known == key)
            .map(|(_, counts)| counts)
    }

    pub(super) fn set(&mut self, key: &str, counts: &Counts) {
        self.0.retain(|(known, _)| known != key);
        self.0.push((key.to_owned(), counts.clone()));
        self.0.sort_by(|one, other| one.0.cmp(&other.0));
    }

    pub(super) fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        for (key, counts) in &self.0 {
            let _ = write!(text, "\n## {key}\n\n| row | instructions |\n|---|---:|\n");
            for (row, count) in &counts.0 {
                let _ = writeln!(text, "| {row} | {count} |");
            }
        }
        text
    }
}

/// `| name | 123 |`.
fn row_of(line: &str) -> Option<(&str, u64)> {
    let (row, count) = line
        .strip_prefix("| ")?
        .strip_suffix(" |")?
        .split_once(" | ")?;
    Some((row, count.parse().ok()?))
}

#[cfg(test)]
mod tests;
