//! How the body came. In: what was seen of it. Out: findings.
//!
//! Next: `resume.rs`.

use std::time::Duration;

use wellspring::fetch::LastEventIdHeader;

use super::finding::Finding;
use super::watch::{End, Seen};
use super::words::count;
use crate::text::seconds;

/// The first byte should come at once.
const AT_ONCE: Duration = Duration::from_secs(1);

/// An event that is sent in one go arrives in one go, give or take the network.
const HALF: Duration = Duration::from_millis(250);

/// The longest silence that most proxies bear.
const SILENCE: Duration = Duration::from_secs(30);

/// Long enough to say something about silence.
const TELLING: Duration = Duration::from_secs(10);

pub(super) fn judge(seen: &Seen) -> Vec<Finding> {
    let mut findings = vec![first_byte(seen), flush(seen), keep_alive(seen), ids(seen)];
    findings.push(retry(seen));
    findings.extend(encoding(seen));
    findings.extend(end(seen));
    findings
}

fn first_byte(seen: &Seen) -> Finding {
    const CHECK: &str = "first-byte";
    let advice = "send a comment (a line with a colon) at once: until there is a byte of the body, \
                  proxies may keep the head, and pages wait for open";
    match seen.first_byte {
        None => {
            let what = format!("nothing came within {}", seconds(seen.time));
            Finding::warning(CHECK, what, advice)
        }
        Some(time) if time > AT_ONCE => {
            let what = format!("the first byte came {} after the head", seconds(time));
            Finding::warning(CHECK, what, advice)
        }
        Some(time) => {
            let what = format!("the first byte came {} after the head", seconds(time));
            Finding::ok(CHECK, what)
        }
    }
}

fn flush(seen: &Seen) -> Finding {
    const CHECK: &str = "flush";
    let what = format!(
        "{} in {}",
        count(seen.event_count, "event"),
        count(seen.reads, "piece")
    );
    if seen.half > HALF {
        let what = format!("half an event waited {} for its rest", seconds(seen.half));
        let advice = "something collects bytes until a buffer is full: flush after each event, and turn \
                      buffering off in proxies";
        return Finding::error(CHECK, what, advice);
    }
    let spread = seen.last_event.zip(seen.first_event);
    let spread = spread.map_or(Duration::ZERO, |(last, first)| last.saturating_sub(first));
    let waited = seen.first_byte.unwrap_or_default();
    let all_at_once = seen.event_count > 1 && spread < HALF && waited > AT_ONCE;
    if all_at_once && seen.end.is_some() {
        let advice = "flush after each event, and turn buffering off in proxies";
        let what = format!("{what}, all at once and at the very end");
        return Finding::error(CHECK, what, advice);
    }
    if seen.event_count > 1 && seen.reads > 1 && spread > HALF {
        return Finding::ok(CHECK, format!("{what}, over {}", seconds(spread)));
    }
    Finding::note(CHECK, format!("{what}: too little to tell"), "")
}

fn keep_alive(seen: &Seen) -> Finding {
    const CHECK: &str = "keep-alive";
    let advice = "send a comment after 15 s of silence: proxies close what is silent, and a client that \
                  is gone is noticed only at the next write";
    let silence = seconds(seen.silence);
    if seen.silence > SILENCE {
        return Finding::warning(CHECK, format!("nothing came for {silence}"), advice);
    }
    if let Some(interval) = seen.comment_interval {
        let what = format!("a comment at least every {}", seconds(interval));
        return Finding::ok(CHECK, what);
    }
    if seen.comments == 0 && seen.silence > TELLING {
        let what = format!("nothing came for {silence}, not even a comment");
        return Finding::note(CHECK, what, advice);
    }
    let what = format!("the longest silence was {silence}: too short to tell");
    Finding::note(CHECK, what, "watch for longer with --for 60")
}

fn ids(seen: &Seen) -> Finding {
    const CHECK: &str = "ids";
    let events = count(seen.events.len(), "event");
    let own = seen.own_ids();
    let sent = |event: &&super::watch::SeenEvent| {
        LastEventIdHeader::of(&event.id).reason_not_sent().is_some()
    };
    if let Some(event) = seen.events.iter().find(sent) {
        let reason = LastEventIdHeader::of(&event.id).reason_not_sent();
        let what = reason.unwrap_or_default();
        let advice = "use short ids of visible ASCII: this one can never be sent back";
        return Finding::error(CHECK, what, advice);
    }
    if seen.events.is_empty() {
        return Finding::note(CHECK, "no event came", "watch for longer with --for 60");
    }
    if own == 0 {
        let what = format!("{events}, none with an id");
        let advice =
            "give each event an id: without one, what is sent while a client is away is lost";
        return Finding::warning(CHECK, what, advice);
    }
    if own < seen.events.len() {
        let what = format!("{events}, {own} with an id of its own");
        let advice = "give each event an id of its own: the others may come twice or never";
        return Finding::warning(CHECK, what, advice);
    }
    Finding::ok(CHECK, format!("{events}, each with an id of its own"))
}

fn retry(seen: &Seen) -> Finding {
    const CHECK: &str = "retry";
    let Some(time) = seen.retry else {
        let what = "no reconnection time is set: browsers wait 3 to 5 s";
        return Finding::note(CHECK, what, "");
    };
    let what = format!("retry: {}", time.as_millis());
    if time < Duration::from_millis(500) {
        let advice = "when the server restarts all clients will be back at once, over and over; wait \
                      longer";
        return Finding::warning(CHECK, what, advice);
    }
    if time > Duration::from_secs(60) {
        let advice = "after each lost connection clients wait so long; wait less";
        return Finding::warning(CHECK, what, advice);
    }
    Finding::ok(CHECK, what)
}

fn encoding(seen: &Seen) -> Option<Finding> {
    let what = "data with U+FFFD in it: something is not UTF-8";
    let advice = "write UTF-8, and never cut a character in two when truncating";
    seen.replaced
        .then(|| Finding::warning("encoding", what, advice))
}

fn end(seen: &Seen) -> Option<Finding> {
    let time = seconds(seen.time);
    match seen.end.as_ref()? {
        End::EndOfBody => {
            let what = format!("the server ended the stream after {time}");
            let advice = "clients come back after the reconnection time, each time; keep streams open, or \
                          answer 204 when there is nothing more to come";
            Some(Finding::warning("end", what, advice))
        }
        End::Broken(error) => {
            let what = format!("the stream broke off after {time}: {error}");
            Some(Finding::error("end", what, ""))
        }
    }
}

#[cfg(test)]
mod tests;
