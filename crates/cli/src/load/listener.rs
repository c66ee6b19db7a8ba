//! The account of a subscriber that only listens. In: its connections, and the numbers that the server
//! gives its events, each one more than the last. Out: what is wrong with them.
//!
//! Pure. Next: `account.rs`, which is this or `witness.rs`.

use std::collections::BTreeSet;

use super::connections::{Begin, Connections, Fate};
use super::stream::{Arrival, Hole, Stream};
use super::tally::{Fault, Place, Tally};

#[derive(Debug)]
pub(super) struct Listener {
    subscriber: u32,
    connections: Connections,
    stream: Stream,
    /// The first number of the stream; within it that is 1.
    first: Option<u64>,
    tally: Tally,
    told: BTreeSet<u32>,
}

impl Listener {
    pub(super) fn new(subscriber: u32) -> Self {
        Self {
            subscriber,
            connections: Connections::default(),
            stream: Stream::default(),
            first: None,
            tally: Tally::default(),
            told: BTreeSet::new(),
        }
    }

    pub(super) fn opened(&mut self, now: u32, begin: Begin) {
        self.connections.opened(now, begin);
        if begin != Begin::Resumed {
            self.stream.begin_anew();
        }
    }

    /// The server says that events are gone.
    pub(super) fn gap(&mut self, now: u32) {
        if self.connections.gap(now) {
            self.stream.begin_anew();
        }
    }

    pub(super) fn connections(&self) -> &Connections {
        &self.connections
    }

    /// An event without a number.
    pub(super) fn unnumbered(&mut self) {
        self.tally.foreign += 1;
    }

    /// An event with this number.
    pub(super) fn event(&mut self, number: u64) {
        self.tally.received += 1;
        self.connections.event();
        let connection = self.connections.last();
        if self
            .first
            .is_none_or(|first| number < first && self.stream.is_anew())
        {
            // Nothing was asked for, so any number may be the first.
            let holes: Vec<Hole> = self.stream.missing(0, 0).collect();
            self.settle(&holes);
            self.stream = Stream::default();
            self.first = Some(number);
        }
        let Some(behind) = number.checked_sub(self.first.unwrap_or(0)) else {
            return self.fault(Fault::OutOfOrder, number);
        };
        let own = u32::try_from(behind)
            .ok()
            .and_then(|own| own.checked_add(1));
        let Some(own) = own else {
            return self.fault(Fault::Altered, number);
        };
        let (arrival, given_up) = self.stream.take(own, connection);
        self.settle(&given_up);
        match arrival {
            Arrival::New => {}
            Arrival::Late => self.fault(Fault::OutOfOrder, number),
            Arrival::Again => self.fault(Fault::Doubled, number),
        }
    }

    pub(super) fn tally(&self) -> Tally {
        let (mut tally, mut told) = (self.tally.clone(), self.told.clone());
        for hole in self.stream.missing(0, 0) {
            self.judge(hole, &mut tally, &mut told);
        }
        let gaps = self.connections.gaps();
        tally.needless = gaps.filter(|gap| !told.contains(gap)).count() as u64;
        tally
    }

    /// For good.
    fn settle(&mut self, holes: &[Hole]) {
        let mut tally = std::mem::take(&mut self.tally);
        let mut told = std::mem::take(&mut self.told);
        for hole in holes {
            self.judge(*hole, &mut tally, &mut told);
        }
        (self.tally, self.told) = (tally, told);
    }

    /// All numbers of a hole are missing for the same reason: nothing is known of when they were sent.
    fn judge(&self, hole: Hole, tally: &mut Tally, told: &mut BTreeSet<u32>) {
        let events = u64::from(hole.last - hole.first) + 1;
        let number = |own: u32| self.first.unwrap_or(0) + u64::from(own) - 1;
        let place = self.place(number(hole.first), number(hole.last));
        match self.connections.fate(hole, None) {
            Fate::NotOwed => tally.not_owed += events,
            Fate::Told(connection) => {
                told.insert(connection);
                tally.add(Fault::ToldGap, events, place);
            }
            Fate::Unseen => tally.add(Fault::UnseenGap, events, place),
            Fate::Lost => tally.add(Fault::Lost, events, place),
        }
    }

    fn fault(&mut self, fault: Fault, number: u64) {
        let place = self.place(number, number);
        self.tally.add(fault, 1, place);
    }

    fn place(&self, first: u64, last: u64) -> Place {
        Place {
            subscriber: self.subscriber,
            topic: 0,
            first,
            last,
        }
    }
}

/// The last number in a text, as in `k3-42`.
pub(super) fn number_in(text: &str) -> Option<u64> {
    let is_digit = |ch: char| ch.is_ascii_digit();
    let end = text.rfind(is_digit)? + 1;
    let begin = text[..end].trim_end_matches(is_digit).len();
    text[begin..end].parse().ok()
}

#[cfg(test)]
mod tests;
