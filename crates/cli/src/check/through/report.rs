//! What is printed. In: rows. Out: a table with a column for each way, or one JSON object.
//!
//! Next: back to `../through.rs`.

use std::fmt::Write as _;
use std::time::Duration;

use super::super::report::{
    COLUMN, finding_as_json, put, shown, style, summary, worst, write_reasons,
};
use super::row::Row;
use crate::args;
use crate::exit::Ending;
use crate::json;
use crate::paint::Paint;
use crate::secrets::masked;
use crate::text::{seconds, visible};

/// How wide a column is at the most.
const WIDEST: usize = 44;

/// The URLs, without secrets.
pub(in crate::check) fn print(
    args: &args::Check,
    urls: [&str; 2],
    took: Duration,
    rows: &[Row],
) -> Result<(), Ending> {
    put(|paint| match args.json {
        true => as_json(urls, took, rows),
        false => table(urls, took, rows, paint),
    })
}

fn table([direct, through]: [&str; 2], took: Duration, rows: &[Row], paint: Paint) -> String {
    let (strong, aside) = (paint.strong(), paint.aside());
    // Writing to a string cannot fail, here and below.
    let mut text = format!("direct   {strong}{}{strong:#}\n", visible(direct));
    let _ = writeln!(
        text,
        "through  {strong}{}{strong:#} ({})\n",
        visible(through),
        seconds(took)
    );
    let widths = rows.iter().map(|row| clipped(&row.direct).chars().count());
    let width = widths.max().unwrap_or(0).max("direct".len());
    let _ = writeln!(
        text,
        "{aside}{:COLUMN$}{:width$}  through{aside:#}",
        "", "direct"
    );
    for row in rows {
        let finding = &row.finding;
        let style = style(paint, finding.severity);
        let (severity, check) = (finding.severity.name(), finding.check);
        let (direct, through) = (clipped(&row.direct), clipped(&row.through));
        let _ = writeln!(
            text,
            "{style}{severity:8}{style:#} {check:11} {direct:width$}  {through}"
        );
        if !finding.what.is_empty() {
            let _ = writeln!(text, "{:COLUMN$}{}", "", shown(&finding.what));
        }
        write_reasons(&mut text, finding, paint);
    }
    let findings: Vec<_> = rows.iter().map(|row| row.finding.clone()).collect();
    let _ = writeln!(text, "\n{}", summary(&findings));
    text
}

/// As much as a column holds; JSON has the whole.
fn clipped(text: &str) -> String {
    let text = shown(text);
    match text.char_indices().nth(WIDEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn as_json([direct, through]: [&str; 2], took: Duration, rows: &[Row]) -> String {
    let all: Vec<String> = rows.iter().map(row_as_json).collect();
    let findings: Vec<_> = rows.iter().map(|row| row.finding.clone()).collect();
    format!(
        "{{\"url\":{},\"through\":{},\"seconds\":{:.3},\"worst\":\"{}\",\"compared\":[{}]}}\n",
        json::text(direct),
        json::text(through),
        took.as_secs_f64(),
        worst(&findings).name(),
        all.join(",")
    )
}

fn row_as_json(row: &Row) -> String {
    let text = |part: &str| json::visible_text(&masked(part));
    let finding = finding_as_json(&row.finding);
    let finding = finding.strip_suffix('}').unwrap_or(&finding);
    let (direct, through) = (text(&row.direct), text(&row.through));
    format!("{finding},\"direct\":{direct},\"through\":{through}}}")
}

#[cfg(test)]
mod tests;
