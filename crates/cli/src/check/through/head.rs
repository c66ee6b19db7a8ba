//! What the way between does to the head. In: both heads. Out: rows: status, protocol, time, headers.
//!
//! Next: `events.rs`.

use std::time::Duration;

use http::{HeaderMap, HeaderName};
use wellspring::fetch::rules::is_event_stream;

use super::super::between::Between;
use super::super::finding::Finding;
use super::super::watch::{Head, Watch};
use super::row::Row;
use crate::text::seconds;

/// A head or a first byte that comes so much later was held back.
const LATER: Duration = Duration::from_secs(1);

/// Headers that are of one connection, or of one moment.
const OF_A_HOP: [&str; 5] = [
    "connection",
    "date",
    "keep-alive",
    "transfer-encoding",
    "trailer",
];

/// No such header.
const NONE: &str = "-";

pub(super) fn rows(direct: &Watch, through: &Watch, between: &Between) -> Vec<Row> {
    let mut rows = vec![
        status(&direct.head, &through.head),
        protocol(&direct.head, &through.head),
        head(&direct.head, &through.head, between),
    ];
    rows.extend(first_byte(direct, through, between));
    rows.extend(headers(&direct.head.headers, &through.head.headers));
    rows
}

fn status(direct: &Head, through: &Head) -> Row {
    const CHECK: &str = "status";
    let finding = match direct.status == through.status {
        true => Finding::ok(CHECK, ""),
        false => Finding::error(
            CHECK,
            "the way between answers in place of the server, or asks for something else",
            "see whether both URLs are of one stream, and what the proxy logs",
        ),
    };
    Row::new(finding, direct.status.as_str(), through.status.as_str())
}

fn protocol(direct: &Head, through: &Head) -> Row {
    const CHECK: &str = "protocol";
    let texts = [direct, through].map(|head| {
        let tls = if head.https { ", TLS" } else { "" };
        format!("{:?}{tls}", head.version)
    });
    let finding = match texts[0] == texts[1] {
        true => Finding::ok(CHECK, ""),
        false => Finding::note(CHECK, "", ""),
    };
    let [direct, through] = texts;
    Row::new(finding, direct, through)
}

fn head(direct: &Head, through: &Head, between: &Between) -> Row {
    let what = "the head waits on the way";
    let finding = held_back("head", what, direct.after, through.after, between);
    Row::new(finding, seconds(direct.after), seconds(through.after))
}

fn first_byte(direct: &Watch, through: &Watch, between: &Between) -> Option<Row> {
    const CHECK: &str = "first-byte";
    let first = direct.seen.first_byte?;
    let Some(second) = through.seen.first_byte else {
        let time = seconds(through.seen.time);
        let finding = late(CHECK, "what the server sends is kept on the way", between);
        return Some(Row::new(finding, seconds(first), format!("none in {time}")));
    };
    let finding = held_back(
        CHECK,
        "the first byte waits on the way",
        first,
        second,
        between,
    );
    Some(Row::new(finding, seconds(first), seconds(second)))
}

fn held_back(
    check: &'static str,
    what: &str,
    direct: Duration,
    through: Duration,
    between: &Between,
) -> Finding {
    match through > direct + LATER {
        true => late(check, what, between),
        false => Finding::ok(check, ""),
    }
}

fn late(check: &'static str, what: &str, between: &Between) -> Finding {
    let remedy = between.held_back();
    let finding = Finding::error(check, what, &remedy.advice).on(remedy.basis);
    finding.because(between.rests_on())
}

/// Those that were added, taken away and changed, one row each.
fn headers(direct: &HeaderMap, through: &HeaderMap) -> Vec<Row> {
    let mut names: Vec<&HeaderName> = direct.keys().chain(through.keys()).collect();
    names.sort_unstable_by_key(|name| name.as_str());
    names.dedup();
    names.retain(|name| !OF_A_HOP.contains(&name.as_str()));
    let rows = names.into_iter().filter_map(|name| {
        let [first, second] = [direct, through].map(|headers| all_of(headers, name));
        if first == second {
            return None;
        }
        let finding = header(name.as_str(), second.as_deref(), through);
        let [first, second] = [first, second].map(|value| value.unwrap_or_else(|| NONE.to_owned()));
        let shown = |value: String| format!("{name}: {value}");
        Some(Row::new(finding, shown(first), shown(second)))
    });
    rows.collect()
}

/// What it means that this header is another one; most only say who was there.
fn header(name: &str, value: Option<&str>, through: &HeaderMap) -> Finding {
    const CHECK: &str = "header";
    match name {
        "content-type" if !is_event_stream(through) => Finding::error(
            CHECK,
            "what comes through is no event stream",
            "pass Content-Type on as it is",
        ),
        "content-encoding" if value.is_some() => Finding::error(
            CHECK,
            "it is compressed on the way, though only identity was asked for",
            "take text/event-stream out of compression",
        ),
        "content-length" if value.is_some() => Finding::warning(
            CHECK,
            "a length is known on the way: the stream was collected, or ends after it",
            "stream the response instead of collecting it",
        ),
        "cache-control" if !value.is_some_and(keeps_out_of_caches) => Finding::warning(
            CHECK,
            "caches behind this point may keep the stream",
            "pass Cache-Control on as it is",
        ),
        "access-control-allow-origin" | "access-control-allow-credentials" => Finding::warning(
            CHECK,
            "other pages can read the stream through the proxy than without it",
            "send the headers of CORS in one place only",
        ),
        _ => Finding::note(CHECK, "", ""),
    }
}

fn keeps_out_of_caches(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    ["no-store", "no-cache"]
        .iter()
        .any(|directive| value.contains(directive))
}

/// All values of a header, in one.
fn all_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values = headers.get_all(name).iter();
    let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    values.reduce(|all, value| format!("{all}, {value}"))
}

#[cfg(test)]
mod tests;
