//! `wellspring load`: it is tried on a hub that does everything wrong, each fault by itself, and has to
//! find as many as there are.
//!
//! Next: `load/hub.rs`.

mod arguments;
mod faults;
mod hub;
mod request;
mod restarts;
mod servers;

use serde_json::Value;

use crate::support::{Program, Run, wellspring};

/// What the options have in common: a short run with cuts where a test asks for them.
pub(super) async fn load(url: &str, options: &[&str]) -> (Run, Value) {
    report(wellspring(&arguments(url, options)).await)
}

fn arguments<'a>(url: &'a str, options: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["load", url, "--json", "--drain", "2"];
    arguments.extend(options);
    arguments
}

pub(super) fn start(url: &str, options: &[&str]) -> Program {
    Program::start(&arguments(url, options))
}

pub(super) fn report(run: Run) -> (Run, Value) {
    let report = serde_json::from_str(&run.stdout);
    let report = report.unwrap_or_else(|error| panic!("{error}: {run:?}"));
    (run, report)
}

/// The faults there are, with their numbers.
pub(super) fn faults(report: &Value) -> Vec<(&str, u64)> {
    let faults = report["faults"].as_object().unwrap().iter();
    let counted = faults.map(|(fault, count)| (fault.as_str(), count["events"].as_u64().unwrap()));
    counted.filter(|(_, events)| *events > 0).collect()
}

pub(super) fn is_sound(run: &Run, report: &Value) {
    assert_eq!(faults(report), [], "{report:#}");
    assert_eq!(run.code, Some(0), "{report:#} {}", run.stderr);
    assert_eq!(report["sound"], true, "{report:#}");
}
