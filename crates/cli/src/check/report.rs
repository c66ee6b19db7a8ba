//! What is printed. In: findings. Out: a table for people, or one JSON object.
//!
//! Next: back to `../check.rs`.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::Duration;

use anstyle::{AnsiColor, Style};

use super::finding::{Finding, Severity};
use super::words::count;
use crate::args;
use crate::exit::Ending;
use crate::json;
use crate::paint::Paint;
use crate::secrets::masked;
use crate::text::{seconds, visible};

/// Where what was found begins.
pub(super) const COLUMN: usize = 21;

/// The worst there is.
pub(super) fn worst(findings: &[Finding]) -> Severity {
    let severities = findings.iter().map(|finding| finding.severity);
    severities.max().unwrap_or(Severity::Ok)
}

pub(super) fn print(
    args: &args::Check,
    url: &str,
    took: Duration,
    findings: &[Finding],
) -> Result<(), Ending> {
    put(|paint| match args.json {
        true => as_json(url, took, findings),
        false => table(url, took, findings, paint),
    })
}

/// Prints this, painted if that is wanted.
pub(super) fn put(text: impl FnOnce(Paint) -> String) -> Result<(), Ending> {
    let text = text(Paint::on(&io::stdout()));
    let mut stdout = io::stdout().lock();
    let written = stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush());
    written.map_err(|error| Ending::of_output(&error))
}

fn table(url: &str, took: Duration, findings: &[Finding], paint: Paint) -> String {
    let strong = paint.strong();
    // Writing to a string cannot fail, here and below.
    let mut text = format!("{strong}{}{strong:#} ({})\n\n", visible(url), seconds(took));
    for finding in findings {
        let style = style(paint, finding.severity);
        let severity = finding.severity.name();
        let (check, what) = (finding.check, shown(&finding.what));
        let _ = writeln!(text, "{style}{severity:8}{style:#} {check:11} {what}");
        write_reasons(&mut text, finding, paint);
    }
    text.push('\n');
    let _ = writeln!(text, "{}", summary(findings));
    text
}

/// What a finding rests on, and what to do about it: a line each, in the column of what was found.
pub(super) fn write_reasons(text: &mut String, finding: &Finding, paint: Paint) {
    let aside = paint.aside();
    if let Some(because) = &finding.because {
        let (because, basis) = (shown(because), finding.basis.in_words());
        let _ = writeln!(
            text,
            "{:COLUMN$}{aside}because: {because} ({basis}){aside:#}",
            ""
        );
    }
    for advice in finding.advice.iter().flat_map(|advice| advice.lines()) {
        let advice = shown(advice);
        let _ = writeln!(text, "{:COLUMN$}{aside}→ {advice}{aside:#}", "");
    }
}

/// Without secrets, and without what steers a terminal.
pub(super) fn shown(text: &str) -> String {
    visible(&masked(text)).into_owned()
}

pub(super) fn style(paint: Paint, severity: Severity) -> Style {
    match severity {
        Severity::Ok => paint.color(AnsiColor::Green),
        Severity::Note => paint.aside(),
        Severity::Warning => paint.color(AnsiColor::Yellow),
        Severity::Error => paint.color(AnsiColor::Red),
    }
}

pub(super) fn summary(findings: &[Finding]) -> String {
    let number = |severity| {
        let of_it = findings.iter().filter(|found| found.severity == severity);
        of_it.count()
    };
    let parts = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Note, "note"),
    ];
    let parts = parts.map(|(severity, noun)| count(number(severity), noun));
    parts.join(", ")
}

fn as_json(url: &str, took: Duration, findings: &[Finding]) -> String {
    let all: Vec<String> = findings.iter().map(finding_as_json).collect();
    format!(
        "{{\"url\":{},\"seconds\":{:.3},\"worst\":\"{}\",\"findings\":[{}]}}\n",
        json::text(url),
        took.as_secs_f64(),
        worst(findings).name(),
        all.join(",")
    )
}

pub(super) fn finding_as_json(finding: &Finding) -> String {
    let text = |part: &Option<String>| {
        let text = part
            .as_deref()
            .map(|part| json::visible_text(&masked(part)));
        text.unwrap_or_else(|| "null".to_owned())
    };
    format!(
        "{{\"check\":\"{}\",\"severity\":\"{}\",\"what\":{},\"because\":{},\"basis\":\"{}\",\"advice\":{}}}",
        finding.check,
        finding.severity.name(),
        json::visible_text(&masked(&finding.what)),
        text(&finding.because),
        finding.basis.name(),
        text(&finding.advice)
    )
}

#[cfg(test)]
mod tests;
