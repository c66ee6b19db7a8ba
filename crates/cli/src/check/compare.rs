//! Whether a connection goes on where it was asked to. In: the events of two connections, and the one
//! whose id the second was asked to go on after. Out: what the second one did.
//!
//! Next: `resume.rs`.

use super::watch::SeenEvent;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resumption {
    /// Goes on right after; so many events were the same.
    Exact(usize),
    /// Begins with the event whose id was given.
    Repeats,
    /// Begins before that one.
    StartsOver,
    /// So many events are missing.
    Loses(usize),
    /// Goes on right after, then something else comes.
    Differs(usize),
    /// Other events altogether.
    Unrelated,
    /// Sends nothing of what it should.
    Silent,
    /// There was nothing to send.
    Unknown,
}

pub(super) fn compare(first: &[SeenEvent], given: usize, second: &[SeenEvent]) -> Resumption {
    let expected = first.get(given + 1..).unwrap_or_default();
    let Some(begin) = second.first() else {
        return if expected.is_empty() {
            Resumption::Unknown
        } else {
            Resumption::Silent
        };
    };
    if expected.first().is_some_and(|event| is_same(event, begin)) {
        let pairs = expected.iter().zip(second);
        let same = pairs.take_while(|(a, b)| is_same(a, b)).count();
        return if same == expected.len().min(second.len()) {
            Resumption::Exact(same)
        } else {
            Resumption::Differs(same)
        };
    }
    match first.iter().position(|event| is_same(event, begin)) {
        Some(at) if at == given => Resumption::Repeats,
        Some(at) if at < given => Resumption::StartsOver,
        Some(at) => Resumption::Loses(at - given - 1),
        None if expected.is_empty() => Resumption::Unknown,
        None => Resumption::Unrelated,
    }
}

fn is_same(a: &SeenEvent, b: &SeenEvent) -> bool {
    a.id == b.id && a.digest == b.digest
}

#[cfg(test)]
mod tests;
