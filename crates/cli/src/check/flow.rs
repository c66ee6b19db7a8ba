//! Whether what the server sends comes at once. In: what was seen of a body, and what stands in
//! between. Out: findings.
//!
//! Next: `between.rs`.

use std::time::Duration;

use super::between::Between;
use super::finding::Finding;
use super::watch::Seen;
use super::words::count;
use crate::text::seconds;

/// The first byte should come at once.
const AT_ONCE: Duration = Duration::from_secs(1);

/// An event that is sent in one go arrives in one go, give or take the network.
const PART: Duration = Duration::from_millis(500);

/// Events that come less than this apart may have been sent together.
const TOGETHER: Duration = Duration::from_millis(250);

/// Nothing to say about a connection that was gone before it was late.
pub(super) fn first_byte(seen: &Seen, between: &Between) -> Option<Finding> {
    const CHECK: &str = "first-byte";
    let what = match seen.first_byte {
        Some(time) => format!("the first byte came {} after the head", seconds(time)),
        None => format!("nothing came within {}", seconds(seen.time)),
    };
    match seen.first_byte {
        Some(time) if time <= AT_ONCE => return Some(Finding::ok(CHECK, what)),
        None if seen.end.is_some() && seen.time <= AT_ONCE => return None,
        _ => {}
    }
    let remedy = between.held_back().after(
        "send a comment (a line with a colon) at once: until there is a byte of the body, proxies may \
         keep the head, and pages wait for open",
    );
    let finding = Finding::warning(CHECK, what, &remedy.advice).on(remedy.basis);
    Some(finding.because(between.rests_on()))
}

pub(super) fn flush(seen: &Seen, between: &Between) -> Finding {
    const CHECK: &str = "flush";
    let waits = seen.waits;
    let held_back = |what: String| {
        let remedy = between.held_back();
        let finding = Finding::error(CHECK, what, &remedy.advice).on(remedy.basis);
        finding.because(between.rests_on())
    };
    if waits.cut > PART {
        let what = format!(
            "a line that was cut waited {} for its rest: the server, or a proxy, collects bytes",
            seconds(waits.cut)
        );
        return held_back(what);
    }
    if waits.data > PART {
        let what = format!(
            "the data of an event waited {} for its blank line",
            seconds(waits.data)
        );
        let advice = "send the blank line with the data: until it is there, there is no event";
        return Finding::error(CHECK, what, advice);
    }
    let what = format!(
        "{} in {}",
        count(seen.event_count, "event"),
        count(seen.reads, "piece")
    );
    let spread = seen.last_event.zip(seen.first_event);
    let spread = spread.map_or(Duration::ZERO, |(last, first)| last.saturating_sub(first));
    let waited = seen.first_byte.unwrap_or_default();
    let all_at_once = seen.event_count > 1 && spread < TOGETHER && waited > AT_ONCE;
    if all_at_once && seen.end.is_some() {
        return held_back(format!("{what}, all at once and at the very end"));
    }
    if waits.fields > PART {
        let what = format!(
            "{what}; the event or id line of one came {} before its data",
            seconds(waits.fields)
        );
        let advice = "nothing is lost by that; writing whole events is simpler for proxies";
        return Finding::note(CHECK, what, advice);
    }
    if seen.event_count > 1 && seen.reads > 1 && spread > TOGETHER {
        return Finding::ok(CHECK, format!("{what}, over {}", seconds(spread)));
    }
    Finding::note(CHECK, format!("{what}: too little to tell"), "")
}

/// Whether events came through one by one.
pub(super) fn is_flowing(seen: &Seen) -> bool {
    seen.event_count > 0
        && seen.waits.cut <= PART
        && seen.first_byte.is_some_and(|at| at <= AT_ONCE)
}

#[cfg(test)]
mod tests;
