//! A row of named steps. In: what to run. Out: a heading and a time for each, and at the end what
//! failed and the line that counts them, `N passed, N failed`.
//!
//! Next: `test.rs`, which lists the steps.

use std::time::Instant;

/// Something that passes, fails or cannot be done here.
pub(crate) struct Step {
    /// One word, to be asked for by.
    pub(crate) name: &'static str,
    /// What holds when it passes.
    pub(crate) about: &'static str,
    pub(crate) run: fn() -> Verdict,
}

/// How a step ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Passed,
    Failed(String),
    /// In CI only where another of its jobs does the same.
    Skipped(String),
}

impl From<Result<(), String>> for Verdict {
    fn from(result: Result<(), String>) -> Self {
        result.map_or_else(Self::Failed, |()| Self::Passed)
    }
}

/// Runs every step, also after one that failed, and tells whether none did.
pub(crate) fn run_all<'a>(steps: impl IntoIterator<Item = &'a Step>) -> bool {
    let start = Instant::now();
    let mut tally = Tally::default();
    for step in steps {
        println!("\n━━ {}: {}", step.name, step.about);
        let start = Instant::now();
        let verdict = (step.run)();
        println!("━━ {} {}", tally.note(step.name, verdict), seconds(start));
    }
    println!("\n{} in all", seconds(start));
    for line in &tally.lines {
        println!("{line}");
    }
    println!("{}", tally.closing_line());
    tally.failed == 0
}

fn seconds(start: Instant) -> String {
    format!("({:.1} s)", start.elapsed().as_secs_f64())
}

#[derive(Default)]
struct Tally {
    passed: usize,
    failed: usize,
    skipped: usize,
    lines: Vec<String>,
}

impl Tally {
    fn note(&mut self, name: &str, verdict: Verdict) -> String {
        match verdict {
            Verdict::Passed => {
                self.passed += 1;
                format!("{name} passed")
            }
            Verdict::Failed(why) => {
                self.failed += 1;
                self.lines.push(format!("FAILED {name}: {why}"));
                format!("{name} FAILED: {why}")
            }
            Verdict::Skipped(why) => {
                self.skipped += 1;
                self.lines.push(format!("SKIPPED {name}: {why}"));
                format!("{name} SKIPPED: {why}")
            }
        }
    }

    fn closing_line(&self) -> String {
        let counts = format!("{} passed, {} failed", self.passed, self.failed);
        match self.skipped {
            0 => counts,
            skipped => format!("{counts}, {skipped} skipped"),
        }
    }
}

#[cfg(test)]
mod tests;
