//! What `check` has printed. In: a URL and further arguments. Out: its findings, by name.
//!
//! Next: `resumption.rs`.

use serde_json::Value;

use crate::support::{Run, wellspring};

/// What was found, by check.
pub(super) struct Report {
    pub(super) run: Run,
    pub(super) json: Value,
}

impl Report {
    pub(super) async fn of(url: &str, more: &[&str]) -> Self {
        let run = wellspring(&[&["check", url, "--json"], more].concat()).await;
        let json = serde_json::from_str(&run.stdout);
        let json = json.unwrap_or_else(|error| panic!("{error}: {run:?}"));
        assert!(!run.stderr.contains("panicked"), "{run:?}");
        Self { run, json }
    }

    /// `severity what`, the first of this check.
    pub(super) fn found(&self, check: &str) -> String {
        let found = self.finding(check);
        let found = found.unwrap_or_else(|| panic!("no {check}: {:#}", self.json));
        let part = |name: &str| found[name].as_str().unwrap().to_owned();
        format!("{} {}", part("severity"), part("what"))
    }

    pub(super) fn says(&self, check: &str, start: &str) {
        let found = self.found(check);
        assert!(found.starts_with(start), "{found:?} is not {start:?}");
    }

    /// The first finding of this check.
    pub(super) fn finding(&self, check: &str) -> Option<&Value> {
        let findings = self.json["findings"].as_array().unwrap();
        findings.iter().find(|finding| finding["check"] == check)
    }

    /// The text of this key in the first finding of this check, empty if there is none.
    pub(super) fn text(&self, check: &str, key: &str) -> &str {
        let found = self.finding(check);
        found
            .and_then(|found| found[key].as_str())
            .unwrap_or_default()
    }

    /// No finding is an error, or, without tolerance, a warning.
    pub(super) fn has_no_errors(&self) {
        assert_ne!(self.json["worst"], "error", "{:#}", self.json);
    }
}
