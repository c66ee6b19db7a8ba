//! What events carry so that a client can resume. In: what was seen of a body. Out: findings about
//! ids, the reconnection time and the text.
//!
//! Next: `resume.rs`, which tries it.

use std::time::Duration;

use wellspring::fetch::rules::LastEventIdHeader;

use super::finding::Finding;
use super::watch::{Seen, SeenEvent};
use super::words::{count, longer};

pub(super) fn ids(seen: &Seen) -> Finding {
    const CHECK: &str = "ids";
    let reason = |event: &SeenEvent| LastEventIdHeader::of(&event.id).reason_not_sent();
    if let Some(reason) = seen.events.iter().find_map(reason) {
        let advice = "use short ids of visible ASCII: this one can never be sent back";
        return Finding::error(CHECK, reason, advice);
    }
    let events = count(seen.events.len(), "event");
    if seen.events.is_empty() {
        return Finding::note(CHECK, "no event came", longer(seen));
    }
    let own = seen.own();
    let Some(first) = own.first() else {
        let what = format!("{events}, none with an id");
        let advice =
            "give each event an id: without one, what is sent while a client is away is lost";
        return Finding::warning(CHECK, what, advice);
    };
    if own.len() > 1 && own.iter().all(|event| event.id == first.id) {
        let what = format!(
            "{events}, {} of them with the same id {:?}",
            own.len(),
            first.id
        );
        let advice = "give each event an id of its own: a server cannot tell from this one where a \
                      client was";
        return Finding::warning(CHECK, what, advice);
    }
    if own.len() < seen.events.len() {
        let what = format!("{events}, {} with an id of its own", own.len());
        let advice = "right for greetings and heartbeats; an event that must not be missed needs an id \
                      of its own";
        return Finding::note(CHECK, what, advice);
    }
    Finding::ok(CHECK, format!("{events}, each with an id of its own"))
}

pub(super) fn retry(seen: &Seen) -> Finding {
    const CHECK: &str = "retry";
    let Some(time) = seen.retry else {
        let what = "no reconnection time is set: browsers wait 3 to 5 s";
        return Finding::note(CHECK, what, "");
    };
    let what = format!("retry: {}", time.as_millis());
    if time < Duration::from_millis(500) {
        let advice = "set a longer one: after a restart of the server all clients come back at once, over and \
                      over";
        return Finding::warning(CHECK, what, advice);
    }
    if time > Duration::from_secs(60) {
        let advice = "set a shorter one: clients wait so long after each lost connection";
        return Finding::warning(CHECK, what, advice);
    }
    Finding::ok(CHECK, what)
}

pub(super) fn encoding(seen: &Seen) -> Option<Finding> {
    const CHECK: &str = "encoding";
    if seen.replacements > seen.sent_replacements {
        let what = "bytes that are not UTF-8 came: clients see U+FFFD in their place";
        let advice = "write UTF-8, and never cut a character in two when truncating";
        return Some(Finding::warning(CHECK, what, advice));
    }
    let what = "U+FFFD was sent in data: the text was damaged before";
    let advice = "see where it was decoded with a wrong encoding";
    (seen.replacements > 0).then(|| Finding::note(CHECK, what, advice))
}

#[cfg(test)]
mod tests;
