//! What the way between does to the end of a stream. In: what was seen on each way. Out: a row.
//!
//! Next: `report.rs`.

use std::time::Duration;

use super::super::between::{Between, Remedy, hiders};
use super::super::finding::{Basis, Finding};
use super::super::watch::{End, How, Watch};
use super::row::Row;
use crate::text::seconds;

const CHECK: &str = "end";

/// A silence that is shorter than this is not what ended a stream.
const SILENCE: Duration = Duration::from_secs(2);

/// An end passes on at once, give or take the network.
const LAG: Duration = Duration::from_secs(1);

pub(super) fn row(direct: &Watch, through: &Watch, between: &Between) -> Row {
    let finding = match (&direct.seen.end, &through.seen.end) {
        (None, None) => Finding::ok(CHECK, ""),
        (None, Some(end)) => cut(end, between),
        (Some(end), None) => kept(direct.started + end.after + LAG, through),
        (Some(first), Some(second)) => both(first, second, between),
    };
    let [first, second] = [direct, through].map(|watch| match &watch.seen.end {
        None => "open".to_owned(),
        Some(end) => {
            let how = if is_clean(end) { "ended" } else { "broke off" };
            format!("{how} after {}", seconds(end.after))
        }
    });
    Row::new(finding, first, second)
}

/// Only the way ended it.
fn cut(end: &End, between: &Between) -> Finding {
    if end.silence < SILENCE {
        let what = "the way ends a stream that the server keeps open";
        let advice = "find the limit of the proxy on the time or the size of a response";
        return Finding::error(CHECK, what, advice).because(between.rests_on());
    }
    let silence = (end.silence.as_secs_f64()).round() as u64;
    let what = format!(
        "the way cuts off what is silent for {silence} s, {}",
        looks(end)
    );
    let remedy = between.cut_after(silence, is_clean(end));
    let remedy = remedy.unwrap_or_else(|| Remedy {
        advice: "find the timeout of the proxy, and raise it above the longest silence".to_owned(),
        basis: Basis::Measured,
    });
    let remedy = remedy.after("send a comment more often than that");
    let finding = Finding::error(CHECK, what, &remedy.advice).on(remedy.basis);
    finding.because(between.rests_on())
}

/// The server ended it, and the way did not.
fn kept(due: tokio::time::Instant, through: &Watch) -> Finding {
    if through.started + through.seen.time < due {
        return Finding::note(
            CHECK,
            "the time was too short to see the end through it",
            "",
        );
    }
    let what = "the way does not pass the end on: readers wait at a stream that is over";
    let advice = "see why the proxy keeps the connection; clients with an idle timeout get away";
    Finding::error(CHECK, what, advice)
}

fn both(direct: &End, through: &End, between: &Between) -> Finding {
    match (is_clean(direct), is_clean(through)) {
        (false, true) => {
            let what = "the way makes a good end of a connection that broke off: a lost server looks \
                        like a complete answer";
            let advice = format!(
                "let the last event say that it is the last, so that clients can tell\nknown for it: {}",
                hiders()
            );
            Finding::error(CHECK, what, &advice).because(between.rests_on())
        }
        (true, false) => {
            let what = "a stream that the server ends in good order breaks off on the way";
            let advice = "see whether the proxy needs Content-Length or chunks to know the end";
            Finding::warning(CHECK, what, advice).because(between.rests_on())
        }
        _ => Finding::ok(CHECK, ""),
    }
}

fn looks(end: &End) -> &'static str {
    if is_clean(end) {
        "and it looks like a good end"
    } else {
        "and it looks like a lost connection"
    }
}

fn is_clean(end: &End) -> bool {
    end.how == How::EndOfBody
}
