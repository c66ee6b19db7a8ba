//! What the way between does to the body. In: what was seen on each way. Out: rows: events, bursts, comments,
//! the reconnection time.
//!
//! Next: `pairs.rs` finds the same events; `end.rs`.

use std::time::Duration;

use super::super::between::Between;
use super::super::finding::Finding;
use super::super::watch::Watch;
use super::super::words::{count, longer};
use super::pairs::{Compared, Side, compare};
use super::row::Row;
use crate::text::seconds;

/// Events and parts of events that are held back for longer than the network would.
const LATE: Duration = Duration::from_millis(500);

pub(super) fn rows(direct: &Watch, through: &Watch, between: &Between) -> Vec<Row> {
    let compared = compare(&Side::of(direct), &Side::of(through));
    let mut rows = vec![
        events(direct, through, compared),
        buffering(direct, through, compared, between),
    ];
    rows.extend(comments(direct, through));
    rows.extend(retry(direct, through));
    rows
}

fn events(direct: &Watch, through: &Watch, compared: Compared) -> Row {
    const CHECK: &str = "events";
    let texts = [direct, through].map(|watch| count(watch.seen.event_count, "event"));
    let Compared { lost, doubled, .. } = compared;
    let finding = match (lost, doubled) {
        _ if direct.seen.event_count == 0 => Finding::note(
            CHECK,
            "no event came: there is nothing to compare",
            longer(&direct.seen),
        ),
        (0, 0) => Finding::ok(CHECK, ""),
        (0, doubled) => Finding::error(
            CHECK,
            format!("{} came twice through it", count(doubled, "event")),
            "see whether a cache or a retry of the proxy sends a part again",
        ),
        (lost, _) => Finding::error(
            CHECK,
            format!(
                "{} did not come through, and later ones did",
                count(lost, "event")
            ),
            "see whether the proxy filters or rewrites the body",
        ),
    };
    let [first, second] = texts;
    Row::new(finding, first, second)
}

fn buffering(direct: &Watch, through: &Watch, compared: Compared, between: &Between) -> Row {
    const CHECK: &str = "buffering";
    let Compared {
        both,
        waiting,
        late,
        bursts,
        ..
    } = compared;
    let cut = through.seen.waits.cut;
    let what = if waiting > 0 && both == 0 {
        Some("events are kept on the way: none has come".to_owned())
    } else if waiting > 0 {
        let waiting = count(waiting, "event");
        Some(format!(
            "events are kept on the way: {waiting} had not come after more than a second"
        ))
    } else if late > LATE {
        Some(format!("events wait on the way, up to {}", seconds(late)))
    } else if cut > LATE && direct.seen.waits.cut <= LATE {
        let cut = seconds(cut);
        Some(format!(
            "the way collects bytes: a line that was cut waited {cut} for its rest"
        ))
    } else {
        None
    };
    let finding = match what {
        Some(what) => {
            let remedy = between.held_back();
            let finding = Finding::error(CHECK, what, &remedy.advice).on(remedy.basis);
            finding.because(between.rests_on())
        }
        None if both == 0 => Finding::note(CHECK, "too little came to tell", longer(&direct.seen)),
        None => Finding::ok(CHECK, ""),
    };
    let [first, second] = bursts.map(|bursts| format!("in {}", count(bursts, "burst")));
    let second = match late > LATE {
        true => format!("{second}, up to {} late", seconds(late)),
        false => second,
    };
    Row::new(finding, first, second)
}

/// Where bytes come through at all.
fn comments(direct: &Watch, through: &Watch) -> Option<Row> {
    const CHECK: &str = "comments";
    let (first, second) = (direct.seen.comments, through.seen.comments);
    if (first, second) == (0, 0) || through.seen.reads == 0 {
        return None;
    }
    let is_open = through.seen.end.is_none();
    let finding = match second {
        0 if is_open => Finding::error(
            CHECK,
            "comments do not come through, so that they keep nothing alive behind this point",
            "pass the body on as it is; until then send an event that readers ignore as keep-alive",
        ),
        _ if second > first + 1 => Finding::note(CHECK, "the way sends comments of its own", ""),
        _ if first > second + 1 && is_open => Finding::warning(
            CHECK,
            "some comments do not come through",
            "pass the body on as it is",
        ),
        _ => Finding::ok(CHECK, ""),
    };
    let [first, second] = [first, second].map(|comments| count(comments, "comment"));
    Some(Row::new(finding, first, second))
}

fn retry(direct: &Watch, through: &Watch) -> Option<Row> {
    const CHECK: &str = "retry";
    let (first, second) = (direct.seen.retry?, through.seen.retry);
    if through.seen.reads == 0 {
        return None;
    }
    let finding = match second == Some(first) {
        true => Finding::ok(CHECK, ""),
        false => Finding::warning(
            CHECK,
            "the reconnection time is another one through it",
            "pass the body on as it is",
        ),
    };
    let second = second.map_or_else(|| "none".to_owned(), seconds);
    Some(Row::new(finding, seconds(first), second))
}
