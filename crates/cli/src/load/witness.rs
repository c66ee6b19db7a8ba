//! One subscriber's account. In: its connections, and the events that came. Out: what is wrong with
//! them, by the ledger of what was published.
//!
//! Pure: no clock, no network. Next: `subscriber.rs` gives it what comes.

use std::collections::{BTreeMap, BTreeSet};

use super::connections::{Begin, Connections, Fate};
use super::ledger::{Ledger, Outcome};
use super::rights::Rights;
use super::stream::{Arrival, Hole, Stream};
use super::tally::{Fault, Place, Tally};

#[derive(Debug)]
pub(super) struct Witness {
    subscriber: u32,
    rights: Rights,
    connections: Connections,
    streams: BTreeMap<u32, Stream>,
    /// What is certain already.
    tally: Tally,
    /// The connections whose gaps are in it.
    told: BTreeSet<u32>,
}

impl Witness {
    pub(super) fn new(subscriber: u32, rights: Rights) -> Self {
        Self {
            subscriber,
            rights,
            connections: Connections::default(),
            streams: BTreeMap::new(),
            tally: Tally::default(),
            told: BTreeSet::new(),
        }
    }

    /// A connection is open. The first one has no place to resume from, whatever is said.
    pub(super) fn opened(&mut self, now: u32, begin: Begin) {
        let is_first = self.connections.is_empty();
        let begin = if is_first { Begin::Fresh } else { begin };
        self.connections.opened(now, begin);
        if begin != Begin::Resumed {
            self.streams.values_mut().for_each(Stream::begin_anew);
        }
    }

    /// The server says that events are gone.
    pub(super) fn gap(&mut self, now: u32) {
        if self.connections.gap(now) {
            self.streams.values_mut().for_each(Stream::begin_anew);
        }
    }

    pub(super) fn connections(&self) -> &Connections {
        &self.connections
    }

    pub(super) fn foreign(&mut self) {
        self.tally.foreign += 1;
    }

    /// An event of this run that is not what was published.
    pub(super) fn altered(&mut self) {
        self.fault(Fault::Altered, 0, 0);
    }

    /// An event of this run.
    pub(super) fn event(&mut self, topic: u32, number: u32, ledger: &Ledger) {
        self.tally.received += 1;
        self.connections.event();
        let Some(record) = ledger.record(topic, number) else {
            return self.fault(Fault::Altered, topic, number);
        };
        if self.rights.is_secret(topic, number) {
            return self.fault(Fault::Leaked, topic, number);
        }
        if !self.rights.of(topic).asked {
            return self.fault(Fault::NotAskedFor, topic, number);
        }
        let connection = self.connections.last();
        let stream = self.streams.entry(topic).or_default();
        let (arrival, given_up) = stream.take(number, connection);
        for hole in given_up {
            let mut tally = std::mem::take(&mut self.tally);
            let mut told = std::mem::take(&mut self.told);
            self.judge(topic, hole, ledger, &mut tally, &mut told);
            (self.tally, self.told) = (tally, told);
        }
        match arrival {
            Arrival::New => {}
            // A request that was given up may be carried out behind the next one.
            Arrival::Late if record.outcome == Outcome::Doubtful => {}
            Arrival::Late => self.fault(Fault::OutOfOrder, topic, number),
            Arrival::Again => self.fault(Fault::Doubled, topic, number),
        }
    }

    /// What is wrong up to now. What is under way counts as missing only if it was answered.
    pub(super) fn tally(&self, ledger: &Ledger) -> Tally {
        let mut tally = self.tally.clone();
        let mut told = self.told.clone();
        let nothing = Stream::default();
        for topic in 0..ledger.topics() {
            if !self.rights.of(topic).asked {
                continue;
            }
            let stream = self.streams.get(&topic).unwrap_or(&nothing);
            for hole in stream.missing(ledger.last(topic), self.connections.last()) {
                self.judge(topic, hole, ledger, &mut tally, &mut told);
            }
            for number in ledger.refused(topic) {
                if stream.has(number) {
                    tally.add(Fault::RefusedButSent, 1, self.place(topic, number, number));
                }
            }
        }
        let gaps = self.connections.gaps();
        tally.needless = gaps.filter(|gap| !told.contains(gap)).count() as u64;
        tally
    }

    /// Whether nothing is missing that may still come.
    pub(super) fn is_complete(&self, ledger: &Ledger) -> bool {
        let tally = self.tally(ledger);
        let missing = [Fault::Lost, Fault::UnseenGap];
        let mut counts = missing.iter().map(|fault| tally.count(*fault).events);
        !self.connections.is_empty() && counts.all(|events| events == 0)
    }

    /// Adds what is missing in a hole.
    fn judge(
        &self,
        topic: u32,
        hole: Hole,
        ledger: &Ledger,
        tally: &mut Tally,
        told: &mut BTreeSet<u32>,
    ) {
        let (mut lost, mut unseen, mut gap) = (0, 0, 0);
        for number in hole.first..=hole.last {
            let Some(record) = ledger.record(topic, number) else {
                break;
            };
            let is_due = record.outcome == Outcome::Answered;
            if !is_due || !self.rights.is_owed(topic, number) {
                continue;
            }
            match self.connections.fate(hole, Some(record.sent)) {
                Fate::NotOwed => tally.not_owed += 1,
                Fate::Told(connection) => {
                    gap += 1;
                    told.insert(connection);
                }
                Fate::Unseen => unseen += 1,
                Fate::Lost => lost += 1,
            }
        }
        let place = self.place(topic, hole.first, hole.last);
        for (fault, events) in [
            (Fault::Lost, lost),
            (Fault::UnseenGap, unseen),
            (Fault::ToldGap, gap),
        ] {
            if events > 0 {
                tally.add(fault, events, place);
            }
        }
    }

    fn fault(&mut self, fault: Fault, topic: u32, number: u32) {
        let place = self.place(topic, number, number);
        self.tally.add(fault, 1, place);
    }

    fn place(&self, topic: u32, first: u32, last: u32) -> Place {
        Place {
            subscriber: self.subscriber,
            topic,
            first: first.into(),
            last: last.into(),
        }
    }
}

#[cfg(test)]
mod tests;
