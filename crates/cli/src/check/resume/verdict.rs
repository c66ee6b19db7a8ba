//! What is said of a resumption. In: how two connections compare, or why they could not be. Out: a
//! finding.
//!
//! Next: back to `../resume.rs`.

use wellspring::fetch::FetchError;

use super::Resumption;
use crate::check::caches;
use crate::check::finding::{Finding, Severity};
use crate::check::watch::{Head, Seen, Watch};
use crate::check::words::{LONGER, count, longer};

const CHECK: &str = "resumption";

/// What every comparison rests on.
const COMPARED: &str =
    "the events with ids of their own, compared with those of the first connection";

pub(super) fn nothing_to_try(seen: &Seen) -> Finding {
    if seen.own_ids() > 1 {
        let what = "could not be tried: all events have the same id";
        return Finding::note(CHECK, what, "give each event an id of its own");
    }
    let what = "could not be tried: no event with an id of its own came";
    // Where events came, more of the same will not help.
    let advice = if seen.event_count == 0 {
        longer(seen)
    } else {
        ""
    };
    Finding::note(CHECK, what, advice)
}

pub(super) fn failed(error: Option<&FetchError>) -> Finding {
    let error = error.map_or("no response in time".to_owned(), crate::words::of);
    let what = format!("with Last-Event-ID the server fails: {error}");
    let advice = "take any Last-Event-ID, also one that is not known";
    Finding::error(CHECK, what, advice)
}

pub(super) fn refused(head: &Head, first_is_open: bool) -> Finding {
    let status = head.status;
    if first_is_open && matches!(status.as_u16(), 409 | 423 | 429) {
        let what = format!("could not be tried: a second connection is answered with {status}");
        return Finding::note(CHECK, what, LONGER);
    }
    let what = format!("with Last-Event-ID the answer is {status}");
    let advice = "answer 200 whatever the id: a client that is refused does not come back";
    Finding::error(CHECK, what, advice)
}

pub(super) fn of(compared: Resumption, second: &Watch) -> Finding {
    let mut finding = judge(compared);
    let Some(line) = caches::hit(&second.head) else {
        return finding.because(COMPARED);
    };
    if finding.severity > Severity::Ok {
        finding.advice = Some("keep the stream out of the cache, then try again".to_owned());
    }
    finding.because(format!("a cache answered, not the server ({line})"))
}

fn judge(compared: Resumption) -> Finding {
    if compared == Resumption::Unknown {
        let what = "could not be tried: too few events came";
        return Finding::note(CHECK, what, LONGER);
    }
    if let Resumption::Exact {
        same,
        changed,
        more,
    } = compared
    {
        return gone_on(same, changed, more);
    }
    let (what, advice) = wrong(compared);
    Finding::error(CHECK, what, advice)
}

fn gone_on(same: usize, changed: usize, more: usize) -> Finding {
    let events = count(same, "event");
    if changed > 0 {
        let what = format!(
            "after Last-Event-ID the same ids came, with other contents under {changed} of them"
        );
        let advice = "send every client the same event under the same id";
        return Finding::warning(CHECK, what, advice);
    }
    let what = format!("works: after Last-Event-ID the same {events} came");
    if more > 0 {
        let what =
            format!("{what}, and {more} more with ids that the first connection did not have");
        let advice = "send greetings and heartbeats without an id: a client resumes after the last id it has";
        return Finding::note(CHECK, what, advice);
    }
    Finding::ok(CHECK, what)
}

/// What was wrong, and what to do about it.
fn wrong(compared: Resumption) -> (String, &'static str) {
    let after = "begin after the event with that id";
    let history = "keep a history, and begin after the event with that id";
    let same_order = "send every client the same events in the same order, under the same ids";
    let (what, advice) = match compared {
        Resumption::Loses { lost, same: 0 } => {
            let lost = count(lost, "event");
            let what = format!("{lost} after the one whose id was sent did not come");
            return (what, history);
        }
        Resumption::Loses { lost, same } => {
            let (same, lost) = (count(same, "event"), count(lost, "event"));
            let what = format!("{same} came as on the first connection, then {lost} did not");
            return (what, same_order);
        }
        Resumption::Repeats => (
            "the event whose id was sent comes again",
            "begin after the event with that id, not with it",
        ),
        Resumption::RepeatsOrStartsOver => (
            "the event whose id was sent comes again: Last-Event-ID is ignored, or the server begins \
             with that event instead of after it",
            after,
        ),
        Resumption::StartsOver => (
            "Last-Event-ID is ignored: events from before it come again",
            after,
        ),
        Resumption::Renumbered => (
            "the same ids come again for other events: they are counted for each connection",
            "ids must mean the same on every connection",
        ),
        Resumption::Silent => (
            "what came after the event whose id was sent was not sent again",
            history,
        ),
        Resumption::Unrelated | Resumption::Exact { .. } | Resumption::Unknown => (
            "none of the events that came is one of the first connection",
            "begin after the event with that id; ids must mean the same on every connection",
        ),
    };
    (what.to_owned(), advice)
}
