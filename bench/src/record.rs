//! In: tables and charts of a benchmark. Out: `bench/record/<date>-<cpu>-<name>.md` for people, and the same name with
//! `.json` for the charts.
//!
//! Next: `report/src/page.rs`, which makes a page of the newest of each.

use crate::machine::Machine;
use serde_json::json;
use std::fs;
use std::path::Path;
use wellspring_report::chart::Chart;

/// What a run has to show.
#[derive(Debug)]
pub(crate) struct Record {
    /// Markdown, from a heading of the second level on.
    pub(crate) text: String,
    /// Drawn above the tables.
    pub(crate) charts: Vec<Chart>,
    /// Every row of the tables, to tell who is best.
    pub(crate) compared: Vec<Chart>,
}

impl Record {
    /// A record that says where it was made and how to repeat it.
    pub(crate) fn new(title: &str, machine: &Machine, command: &str) -> Self {
        let date = &machine.date;
        let text = format!("## {title}, {date}\n\n{machine}. Repeat with `{command}`.\n\n");
        Self {
            text,
            charts: Vec::new(),
            compared: Vec::new(),
        }
    }

    /// A record whose text says all that itself.
    pub(crate) fn of(text: String, charts: Vec<Chart>, compared: Vec<Chart>) -> Self {
        Self {
            text,
            charts,
            compared,
        }
    }

    pub(crate) fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    pub(crate) fn write(&self, machine: &Machine, name: &str) -> Result<(), String> {
        let path = machine.record(name);
        let charts = |charts: &[Chart]| charts.iter().map(Chart::json).collect::<Vec<_>>();
        let json = json!({
            "benchmark": name,
            "date": machine.date,
            "cpu": machine.cpu,
            "charts": charts(&self.charts),
            "compared": charts(&self.compared),
        });
        write(&path, &self.text)?;
        write(&path.with_extension("json"), &format!("{json:#}\n"))?;
        println!("recorded in {}", path.display());
        Ok(())
    }
}

pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    let written = folder.and_then(|()| fs::write(path, text));
    written.map_err(|error| format!("cannot write {}: {error}", path.display()))
}
