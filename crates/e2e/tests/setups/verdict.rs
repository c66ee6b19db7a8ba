//! What `check` says of one set-up. In: the set-up. Out: whether the fault was named, and whether the mended one was
//! left alone.
//!
//! Next: back to `main.rs`.

use std::fmt;
use std::process::{Command, Stdio};

use serde_json::Value;
use tokio::runtime::Handle;
use wellspring_e2e::program::wellspring;

use crate::running::Running;
use crate::stream;
use crate::table::{Setup, Table};

/// Longer than the limits on silence of the set-ups.
const TIME: &str = "8";

pub(crate) struct Outcome {
    is_missing: bool,
    /// What was said of the fault, if that was not enough, and of the mended one, if that was too much.
    fault: Option<String>,
    mended: Option<String>,
}

impl Outcome {
    pub(crate) fn is_missing(&self) -> bool {
        self.is_missing
    }

    pub(crate) fn is_named(&self) -> bool {
        !self.is_missing && self.fault.is_none()
    }

    pub(crate) fn is_silent(&self) -> bool {
        !self.is_missing && self.mended.is_none()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.is_missing, &self.fault, &self.mended) {
            (true, ..) => f.write_str("not on this machine"),
            (_, None, None) => f.write_str("named, and silent when mended"),
            (_, fault, mended) => {
                let (fault, mended) = (fault.as_deref(), mended.as_deref());
                let (fault, mended) = (fault.unwrap_or("named"), mended.unwrap_or("silent"));
                write!(f, "FAULT {fault}\n  MENDED {mended}")
            }
        }
    }
}

pub(crate) fn of(table: &Table, setup: &Setup, runtime: &Handle) -> Outcome {
    let reports = [false, true].map(|is_mended| report(table, setup, is_mended, runtime));
    let is_missing = reports.iter().any(Option::is_none);
    let [fault, mended] = reports.map(|report| report.unwrap_or_else(|| Err(String::new())));
    Outcome {
        is_missing,
        fault: fault.map_or_else(Some, |report| names(&report, setup)),
        mended: mended.map_or_else(Some, |report| too_much(&report)),
    }
}

/// Of a server, a product before it, and `check`.
fn report(
    table: &Table,
    setup: &Setup,
    is_mended: bool,
    runtime: &Handle,
) -> Option<Result<Value, String>> {
    let product = &table.products[&setup.product];
    let server = runtime.block_on(stream::server(&setup.server));
    let running = match Running::start(product, setup.lines(is_mended), server.address())? {
        Ok(running) => running,
        Err(why) => return Some(Err(why)),
    };
    let front = format!("http://127.0.0.1:{}/events", running.port);
    let mut command = Command::new(wellspring().unwrap());
    command.args(["check", "--json", "--for", TIME]);
    command.args(&setup.check);
    match product.forward {
        true => command.args(["--proxy", &front, &server.url("/events")]),
        false => command.args(["--no-proxy", &front]),
    };
    let output = command.stderr(Stdio::null()).output().unwrap();
    Some(serde_json::from_slice(&output.stdout).map_err(|error| error.to_string()))
}

fn findings(report: &Value) -> impl Iterator<Item = &Value> {
    report["findings"].as_array().unwrap().iter()
}

fn is_bad(finding: &Value) -> bool {
    finding["severity"] == "error" || finding["severity"] == "warning"
}

/// `None` if the verdict that counts has a line with the product and what mends it; it rests on a header, or says
/// that these are candidates.
fn names(report: &Value, setup: &Setup) -> Option<String> {
    let found =
        findings(report).find(|finding| finding["check"] == *setup.found && is_bad(finding));
    let Some(found) = found else {
        return Some(format!("no {}: {:#}", setup.found, report["findings"]));
    };
    let advice = found["advice"].as_str().unwrap_or_default();
    let has_line = advice.lines().any(|line| {
        let beginning = match found["basis"].as_str() {
            Some("header") => setup.product.clone(),
            Some("candidates") => format!("if it is {}:", setup.product),
            _ => return false,
        };
        line.starts_with(&beginning) && line.contains(&setup.mend)
    });
    (!has_line).then(|| format!("{found:#}"))
}

fn too_much(report: &Value) -> Option<String> {
    let bad: Vec<&Value> = findings(report).filter(|finding| is_bad(finding)).collect();
    (!bad.is_empty()).then(|| format!("{bad:#?}"))
}
