//! The same events on two connections. In: the events of each, and when each connection began. Out: which
//! is which, how late the second one was, and what is missing.
//!
//! Next: `events.rs`.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::super::watch::{SeenEvent, Watch};

/// Events that come less than this apart came in one burst.
const BURST: Duration = Duration::from_millis(50);

/// What one connection may lag behind the other.
const LAG: Duration = Duration::from_secs(1);

/// Of one connection.
pub(super) struct Side<'a> {
    pub(super) events: &'a [SeenEvent],
    /// When the head came; the times of events count from it.
    pub(super) started: Instant,
    /// Until when it was watched.
    pub(super) until: Instant,
}

impl<'a> Side<'a> {
    pub(super) fn of(watch: &'a Watch) -> Self {
        Self {
            events: &watch.seen.events,
            started: watch.started,
            until: watch.started + watch.seen.time,
        }
    }
}

/// How the second connection compares with the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Compared {
    /// How many events both had.
    pub(super) both: usize,
    /// Between these, what the first one had alone.
    pub(super) lost: usize,
    /// What came on the second one twice, and once on the first.
    pub(super) doubled: usize,
    /// What had not come yet when it was long overdue.
    pub(super) waiting: usize,
    /// How much later an event came, at the most.
    pub(super) late: Duration,
    /// In how many bursts what both had came.
    pub(super) bursts: [usize; 2],
}

/// An event is known by its own id, or else by its contents.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Id(&'a str),
    Contents(u64),
}

fn key(event: &SeenEvent) -> Key<'_> {
    match event.own_id {
        true => Key::Id(&event.id),
        false => Key::Contents(event.digest),
    }
}

pub(super) fn compare(first: &Side<'_>, second: &Side<'_>) -> Compared {
    let mut places: HashMap<Key<'_>, VecDeque<usize>> = HashMap::new();
    for (place, event) in first.events.iter().enumerate() {
        places.entry(key(event)).or_default().push_back(place);
    }
    let (mut pairs, mut doubled, mut others) = (Vec::new(), 0, 0);
    for (place, event) in second.events.iter().enumerate() {
        match places.get_mut(&key(event)).map(VecDeque::pop_front) {
            Some(Some(other)) => pairs.push((other, place)),
            Some(None) => doubled += 1,
            // Heartbeats that say the time are other events on each connection.
            None => others += usize::from(!event.own_id),
        }
    }
    if pairs.is_empty() {
        // Contents of their own on each connection: all that is left is the order.
        let both = first.events.len().min(second.events.len());
        pairs = (0..both).map(|place| (place, place)).collect();
        (doubled, others) = (0, 0);
    }
    let is_due = |event: &&SeenEvent| first.started + event.at + LAG < second.until;
    let Some(last) = pairs.iter().map(|(place, _)| *place).max() else {
        return Compared {
            waiting: first.events.iter().filter(is_due).count(),
            ..Compared::default()
        };
    };
    let begin = pairs.iter().map(|(place, _)| *place).min().unwrap_or(last);
    let missing = (last + 1 - begin).saturating_sub(pairs.len());
    Compared {
        both: pairs.len(),
        lost: missing.saturating_sub(others),
        doubled,
        waiting: first.events[last + 1..].iter().filter(is_due).count(),
        late: pairs
            .iter()
            .map(|pair| lateness(first, second, *pair))
            .max()
            .unwrap_or_default(),
        bursts: [
            bursts(first.events, pairs.iter().map(|(place, _)| *place)),
            bursts(second.events, pairs.iter().map(|(_, place)| *place)),
        ],
    }
}

/// By the clock, where all readers get an event at once, or counted from the head, where each connection
/// has a stream of its own: whichever is less.
fn lateness(first: &Side<'_>, second: &Side<'_>, (place, other): (usize, usize)) -> Duration {
    let (event, other) = (&first.events[place], &second.events[other]);
    let by_clock = (second.started + other.at).saturating_duration_since(first.started + event.at);
    by_clock.min(other.at.saturating_sub(event.at))
}

fn bursts(events: &[SeenEvent], places: impl Iterator<Item = usize>) -> usize {
    let mut times: Vec<Duration> = places.map(|place| events[place].at).collect();
    times.sort_unstable();
    let apart = times.windows(2).filter(|pair| pair[1] - pair[0] > BURST);
    apart.count() + usize::from(!times.is_empty())
}

#[cfg(test)]
mod tests;
