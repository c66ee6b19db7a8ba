//! In: what a part has found. Out: Markdown, charts, and whether it reaches what it must.
//!
//! Next: `memory.rs`.

use crate::machine::{BUILD, Machine};
use crate::record::Record;
use crate::serve::bars::{Limit, Verdict};
use crate::serve::report::verdict_table;
use wellspring_report::chart::{Bar, Chart, Role};

/// One part of the benchmark.
#[derive(Debug)]
pub(crate) struct Part {
    name: &'static str,
    title: &'static str,
    /// How it was measured, a line each.
    how: Vec<String>,
    /// Markdown between that and the bars.
    tables: String,
    charts: Vec<Chart>,
    verdicts: Vec<Verdict>,
}

impl Part {
    /// `name` is that on the command line.
    pub(crate) fn new(name: &'static str, title: &'static str) -> Self {
        Self {
            name,
            title,
            how: Vec::new(),
            tables: String::new(),
            charts: Vec::new(),
            verdicts: Vec::new(),
        }
    }

    pub(crate) fn how(mut self, line: impl Into<String>) -> Self {
        self.how.push(line.into());
        self
    }

    pub(crate) fn tables(mut self, tables: &str) -> Self {
        self.tables.push_str(tables);
        self
    }

    pub(crate) fn charts(mut self, charts: Vec<Chart>) -> Self {
        self.charts.extend(charts);
        self
    }

    /// A figure of the hub, which must be at the most so much.
    pub(crate) fn at_most(
        self,
        what: impl Into<String>,
        value: f64,
        most: f64,
        goal: Option<f64>,
    ) -> Self {
        self.verdict(what.into(), value, Limit::AtMost(most), goal)
    }

    /// A figure of the hub, which must be at the least so much.
    pub(crate) fn at_least(
        self,
        what: impl Into<String>,
        value: f64,
        least: f64,
        goal: Option<f64>,
    ) -> Self {
        self.verdict(what.into(), value, Limit::AtLeast(least), goal)
    }

    fn verdict(mut self, what: String, value: f64, must: Limit, goal: Option<f64>) -> Self {
        eprintln!("{what}: {value:.3}");
        self.verdicts.push(Verdict {
            engine: "hub",
            what: what.into(),
            value,
            must,
            goal,
        });
        self
    }

    /// Prints it, and records it. True if all that must be reached is.
    pub(crate) fn tell(self, machine: &Machine, record: bool) -> Result<bool, String> {
        let mut text = format!(
            "# {}, {}\n\n{}",
            self.title,
            machine.date,
            machine.list(BUILD)
        );
        for line in &self.how {
            text.push_str(&format!("- {line}\n"));
        }
        let name = self.name;
        text.push_str(&format!(
            "- again: `cargo xtask bench hub --part {name}`\n\n"
        ));
        text.push_str(&self.tables);
        verdict_table(&mut text, &self.verdicts);
        println!("{text}");
        if record {
            let compared = self.charts.clone();
            let record = Record::of(text, self.charts, compared);
            record.write(machine, &format!("hub-{name}"))?;
        }
        Ok(!self.verdicts.iter().any(Verdict::fails))
    }
}

/// A value of ours for a chart.
pub(crate) fn ours(label: impl Into<String>, value: f64) -> Bar {
    bar(label, value, Role::Ours)
}

pub(crate) fn bar(label: impl Into<String>, value: f64, role: Role) -> Bar {
    Bar {
        label: label.into(),
        value,
        role,
    }
}
