//! Whether a connection goes on where it was asked to. In: the events with ids of their own of two
//! connections, and the one whose id the second was asked to go on after. Out: what the second did.
//!
//! Events without an id of their own, such as greetings and heartbeats, belong to a connection and not
//! to the stream: they are left out before. Next: `resume.rs`.

use super::watch::SeenEvent;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resumption {
    /// Goes on right after. So many events were the same, so many came under the same ids with other
    /// contents, and so many were there only on the second connection.
    Exact {
        same: usize,
        changed: usize,
        more: usize,
    },
    /// Begins with the event whose id was given.
    Repeats,
    /// Begins before that one.
    StartsOver,
    /// Begins with the first event that is known, which is the one whose id was given.
    RepeatsOrStartsOver,
    /// So many events are missing, after so many that came.
    Loses { lost: usize, same: usize },
    /// The same ids, with other contents, from before the one that was given.
    Renumbered,
    /// Other events altogether.
    Unrelated,
    /// Sends nothing of what it should.
    Silent,
    /// There was nothing to send.
    Unknown,
}

pub(super) fn compare(first: &[&SeenEvent], given: usize, second: &[&SeenEvent]) -> Resumption {
    let Some(position) = first.get(given) else {
        return Resumption::Unknown;
    };
    // Sent on each connection, under the id of the place it begins at.
    let is_greeting = |event: &SeenEvent| {
        let is_known = || first.iter().any(|known| is_same(known, event));
        event.id == position.id && !is_known()
    };
    let greetings = second.iter().take_while(|event| is_greeting(event));
    let second = &second[greetings.count()..];
    let expected = first.get(given + 1..).unwrap_or_default();
    let Some(begin) = second.iter().position(|event| find(first, event).is_some()) else {
        return match (expected.is_empty(), second.is_empty()) {
            (true, _) => Resumption::Unknown,
            (false, true) => Resumption::Silent,
            (false, false) => Resumption::Unrelated,
        };
    };
    let at = find(first, second[begin]).unwrap_or_default();
    let is_other = !is_same(first[at], second[begin]);
    match at {
        _ if at <= given && is_other => Resumption::Renumbered,
        0 if given == 0 => Resumption::RepeatsOrStartsOver,
        _ if at == given => Resumption::Repeats,
        _ if at < given => Resumption::StartsOver,
        _ if at > given + 1 => Resumption::Loses {
            lost: at - given - 1,
            same: 0,
        },
        _ => align(expected, &second[begin..], begin),
    }
}

/// Both begin with the same id; so many came before it on the second connection only.
fn align(expected: &[&SeenEvent], second: &[&SeenEvent], mut more: usize) -> Resumption {
    let (mut same, mut changed, mut at) = (0, 0, 0);
    for event in second {
        let Some(rest) = expected.get(at..).filter(|rest| !rest.is_empty()) else {
            break;
        };
        match rest.iter().position(|expected| expected.id == event.id) {
            Some(0) if is_same(rest[0], event) => same += 1,
            Some(0) => changed += 1,
            Some(lost) => {
                let same = same + changed;
                return Resumption::Loses { lost, same };
            }
            None => {
                more += 1;
                continue;
            }
        }
        at += 1;
    }
    Resumption::Exact {
        same,
        changed,
        more,
    }
}

/// Where the first connection had this event, or else another one under its id.
fn find(first: &[&SeenEvent], event: &SeenEvent) -> Option<usize> {
    let same = first.iter().position(|known| is_same(known, event));
    same.or_else(|| first.iter().rposition(|known| known.id == event.id))
}

fn is_same(a: &SeenEvent, b: &SeenEvent) -> bool {
    a.id == b.id && a.digest == b.digest
}

#[cfg(test)]
mod tests;
