//! What is said of a resumption. In: how two connections compare, or why they could not be. Out: a
//! finding.
//!
//! Next: back to `../resume.rs`.

use wellspring::fetch::FetchError;

use super::Resumption;
use crate::check::caches;
use crate::check::finding::Finding;
use crate::check::watch::{Head, Seen, Watch};
use crate::check::words::{LONGER, count};

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
    Finding::note(CHECK, what, LONGER)
}

pub(super) fn failed(error: Option<&FetchError>) -> Finding {
    let error = error.map_or("no response in time".to_owned(), ToString::to_string);
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
    let finding = judge(compared);
    match caches::hit(&second.head) {
        Some(line) => finding.because(format!("a cache answered, not the server ({line})")),
        None => finding.because(COMPARED),
    }
}

fn judge(compared: Resumption) -> Finding {
    let after = "begin after the event with that id";
    let history = "keep a history, and begin after the event with that id";
    match compared {
        Resumption::Exact {
            same,
            changed: 0,
            more: 0,
        } => Finding::ok(
            CHECK,
            format!(
                "works: after Last-Event-ID the same {} came",
                count(same, "event")
            ),
        ),
        Resumption::Exact {
            same,
            changed: 0,
            more,
        } => Finding::note(
            CHECK,
            format!(
                "works: after Last-Event-ID the same {} came, and {} more with ids that the first \
                 connection did not have",
                count(same, "event"),
                more
            ),
            "send greetings and heartbeats without an id: a client resumes after the last id it has",
        ),
        Resumption::Exact { changed, .. } => Finding::warning(
            CHECK,
            format!(
                "after Last-Event-ID the same ids came, with other contents under {changed} of them"
            ),
            "send every client the same event under the same id",
        ),
        Resumption::Repeats => Finding::error(
            CHECK,
            "the event whose id was sent comes again",
            "begin after the event with that id, not with it",
        ),
        Resumption::RepeatsOrStartsOver => Finding::error(
            CHECK,
            "the event whose id was sent comes again: Last-Event-ID is ignored, or the server begins \
             with that event instead of after it",
            after,
        ),
        Resumption::StartsOver => Finding::error(
            CHECK,
            "Last-Event-ID is ignored: events from before it come again",
            after,
        ),
        Resumption::Loses { lost, same: 0 } => Finding::error(
            CHECK,
            format!(
                "{} after the one whose id was sent did not come",
                count(lost, "event")
            ),
            history,
        ),
        Resumption::Loses { lost, same } => Finding::error(
            CHECK,
            format!(
                "{} came as on the first connection, then {} did not",
                count(same, "event"),
                count(lost, "event")
            ),
            "send every client the same events in the same order, under the same ids",
        ),
        Resumption::Renumbered => Finding::error(
            CHECK,
            "the same ids come again for other events: they are counted for each connection",
            "ids must mean the same on every connection",
        ),
        Resumption::Unrelated => Finding::error(
            CHECK,
            "none of the events that came is one of the first connection",
            "begin after the event with that id; ids must mean the same on every connection",
        ),
        Resumption::Silent => Finding::error(
            CHECK,
            "what came after the event whose id was sent was not sent again",
            history,
        ),
        Resumption::Unknown => {
            Finding::note(CHECK, "could not be tried: too few events came", LONGER)
        }
    }
}
