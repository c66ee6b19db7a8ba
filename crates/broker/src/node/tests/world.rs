//! A node, the history behind it, and readers that read as subscriptions do. In: a seed. Out: panics where
//! a reader gets, misses or is woken for what it should not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Wake, Waker};

use wellspring_matcher::Selector;

use super::sum::Sum;
use crate::cursor::{Epoch, short};
use crate::engine::{Bounds, StoredRecord};
use crate::event::Event;
use crate::node::{Interest, Join, LatestLimits, Node, Place, Read, ReaderKey, WindowLimits};
use crate::record;
use crate::update::Update;

const TOPICS: [&str; 6] = ["/a", "/b", "/a/1", "/a/2", "/b/1", "c"];
const SELECTORS: [&str; 8] = ["*", "/a", "/b", "/{x}", "/a/{x}", "/{x}/1", "c", "d"];

#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        assert!(!self.0.swap(true, Ordering::Relaxed), "woken twice");
    }
}

struct Reader {
    key: ReaderKey,
    selectors: Vec<&'static str>,
    grants: Vec<&'static str>,
    /// What it is owed and did not get.
    owed: Vec<u64>,
    /// Up to where it has had everything.
    had: u64,
    waiting: bool,
    /// It looks through what was there before it came, or what the node did not see.
    behind: bool,
    /// Events were lost that it was past, and that it has had.
    may_hear: bool,
    must_hear: bool,
    woken: Arc<Flag>,
    interest: Option<Interest>,
}

pub(super) struct World {
    pub(super) node: Node,
    pub(super) sum: Sum,
    rng: fastrand::Rng,
    history: Vec<StoredRecord>,
    bounds: Bounds,
    readers: Vec<Reader>,
}

fn selectors(texts: &[&str]) -> Vec<Selector> {
    texts
        .iter()
        .map(|text| Selector::parse(text).unwrap())
        .collect()
}

impl World {
    pub(super) fn new(seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let bounds = Bounds::empty(Epoch::new(1));
        let limits = WindowLimits {
            events: rng.usize(1..30),
            bytes: rng.usize(1_000..9_000),
        };
        let latest = LatestLimits {
            topics: rng.usize(0..5),
            bytes: 2_000,
        };
        Self {
            node: Node::new(&bounds, limits, latest, None),
            sum: Sum::default(),
            rng,
            history: Vec::new(),
            bounds,
            readers: Vec::new(),
        }
    }

    pub(super) fn step(&mut self) {
        match self.rng.u8(0..100) {
            0..40 => self.publish(),
            40..48 => self.join(),
            48..52 => self.leave(),
            52..54 => self.lose_tail(),
            54..58 => self.trim(),
            58 => self.lag(),
            _ => self.read_some(),
        }
    }

    pub(super) fn finish(&mut self) {
        for index in 0..self.readers.len() {
            while !self.readers[index].waiting {
                self.read(index);
            }
            assert_eq!(self.readers[index].owed, [0; 0], "all came");
        }
    }

    pub(super) fn leave_all(&mut self) {
        for reader in self.readers.drain(..) {
            self.node.leave(reader.key);
        }
    }

    fn some(&mut self, of: &[&'static str], most: usize) -> Vec<&'static str> {
        let count = self.rng.usize(0..=most);
        (0..count)
            .map(|_| of[self.rng.usize(0..of.len())])
            .collect()
    }

    fn append(&mut self) -> StoredRecord {
        let mut update = Update::new(TOPICS[self.rng.usize(0..TOPICS.len())]).unwrap();
        for topic in self.some(&TOPICS, 2) {
            update = update.alternate(topic).unwrap();
        }
        let update = update.private(self.rng.u8(0..3) == 0);
        let sequence = self.history.len() as u64 + 1;
        let record = StoredRecord::new(sequence, self.rng.u64(..), record::encode(&update));
        self.history.push(record.clone());
        self.bounds.head = sequence;
        self.bounds.head_tag = record.tag;
        record
    }

    fn publish(&mut self) {
        let stored = self.append();
        self.owe(&stored);
        let mut wake = Vec::new();
        let event = Event::new(&stored, self.node.lineage());
        self.node.apply(event, &mut wake).unwrap();
        self.check_woken(wake, stored.sequence);
    }

    /// By trying all selectors on all topics.
    fn owe(&mut self, stored: &StoredRecord) {
        let update = record::decode(&stored.record).unwrap();
        let any = |texts: &[&str]| {
            let pairs = |s: &Selector| update.topics.iter().any(|topic| s.matches(topic));
            selectors(texts).iter().any(pairs)
        };
        for reader in &mut self.readers {
            if any(&reader.selectors) && (!update.private || any(&reader.grants)) {
                reader.owed.push(stored.sequence);
            }
        }
    }

    /// Those that wait are woken if they are owed this event, and no others.
    fn check_woken(&mut self, wake: Vec<Waker>, sequence: u64) {
        wake.into_iter().for_each(Waker::wake);
        for reader in &mut self.readers {
            let owed = reader.owed.last() == Some(&sequence);
            let woken = reader.woken.0.swap(false, Ordering::Relaxed);
            assert_eq!(woken, reader.waiting && owed, "{:?}", reader.selectors);
            reader.waiting &= !woken;
            self.sum.woken += u64::from(woken);
        }
    }

    fn join(&mut self) {
        let after = match self.rng.bool() {
            true => self.bounds.head,
            false => self.rng.u64(self.bounds.horizon - 1..=self.bounds.head),
        };
        let mut wanted = self.some(&SELECTORS, 3);
        wanted.push(SELECTORS[self.rng.usize(0..SELECTORS.len())]);
        let grants = self.some(&SELECTORS, 2);
        let key = self.node.join(Join {
            selectors: selectors(&wanted),
            grants: selectors(&grants),
            place: Place::new(after, 0),
        });
        self.readers.push(Reader {
            key: key.unwrap(),
            selectors: wanted,
            grants,
            owed: Vec::new(),
            had: after,
            waiting: false,
            behind: true,
            may_hear: false,
            must_hear: false,
            woken: Arc::default(),
            interest: None,
        });
        let mut others = std::mem::take(&mut self.readers);
        self.readers.extend(others.pop());
        let missed = self.history.split_off(after as usize);
        for stored in &missed {
            self.owe(stored);
        }
        self.history.extend(missed);
        others.append(&mut self.readers);
        self.readers = others;
    }

    fn leave(&mut self) {
        if !self.readers.is_empty() {
            let index = self.rng.usize(0..self.readers.len());
            let reader = self.readers.swap_remove(index);
            self.node.leave(reader.key);
        }
    }

    fn trim(&mut self) {
        let head = self.bounds.head.max(1);
        let horizon = self
            .rng
            .u64(self.bounds.horizon..=head.max(self.bounds.horizon));
        self.bounds.horizon = horizon;
        self.bounds.trimmed_tag = Some(self.tag(horizon - 1));
        self.node.set_horizon(horizon);
    }

    fn tag(&self, sequence: u64) -> u64 {
        let index = (sequence as usize).checked_sub(1);
        index.map_or(0, |index| self.history[index].tag)
    }

    fn lose_tail(&mut self) {
        if self.bounds.horizon > self.bounds.head {
            return;
        }
        let last = self.rng.u64(self.bounds.horizon..=self.bounds.head);
        self.history.truncate(last as usize);
        self.bounds.lineage.fork(last, Epoch::random());
        (self.bounds.head, self.bounds.head_tag) = (last, self.tag(last));
        for reader in &mut self.readers {
            let place = self.node.place(reader.key).unwrap().sequence;
            reader.may_hear |= place > last;
            reader.must_hear |= reader.had > last;
            reader.had = reader.had.min(last);
        }
        let mut wake = Vec::new();
        self.node.rewind(&self.bounds, &mut wake);
        wake.into_iter().for_each(Waker::wake);
        for reader in &mut self.readers {
            reader.owed.retain(|owed| *owed <= last);
            if reader.woken.0.swap(false, Ordering::Relaxed) {
                reader.waiting = false;
            }
        }
    }

    /// The node misses events that are gone before it asks for them.
    fn lag(&mut self) {
        for _ in 0..self.rng.u8(1..5) {
            let stored = self.append();
            self.owe(&stored);
        }
        let before = self
            .rng
            .u64(self.node.head().sequence + 1..=self.bounds.head)
            - 1;
        let before = before.max(self.node.head().sequence);
        if before > self.node.head().sequence {
            self.bounds.horizon = self.bounds.horizon.max(before + 1);
            self.bounds.trimmed_tag = Some(self.tag(before));
            let mut wake = Vec::new();
            let place = Place::new(before, short(self.tag(before)));
            self.node.skip_to(place, &mut wake);
            self.node.set_horizon(before + 1);
            wake.into_iter().for_each(Waker::wake);
            for reader in &mut self.readers {
                reader.woken.0.store(false, Ordering::Relaxed);
                reader.waiting = false;
                reader.behind = true;
            }
        }
        for index in before as usize..self.history.len() {
            let stored = self.history[index].clone();
            let mut wake = Vec::new();
            let event = Event::new(&stored, self.node.lineage());
            self.node.apply(event, &mut wake).unwrap();
            wake.into_iter().for_each(Waker::wake);
            for reader in &mut self.readers {
                reader.waiting &= !reader.woken.0.swap(false, Ordering::Relaxed);
            }
        }
    }

    fn read_some(&mut self) {
        if !self.readers.is_empty() {
            let index = self.rng.usize(0..self.readers.len());
            for _ in 0..self.rng.u8(1..6) {
                self.read(index);
            }
        }
    }

    fn read(&mut self, index: usize) {
        let reader = &mut self.readers[index];
        let waker = Waker::from(Arc::clone(&reader.woken));
        match self.node.read(reader.key, &waker) {
            Read::Event(event) => {
                reader.interest = None;
                reader.behind = false;
                self.deliver(index, &[event.sequence]);
                self.check_place(index);
            }
            Read::Run(events) => self.look_through(index, &events),
            Read::Older { after } => self.older(index, after),
            Read::Rewritten => {
                self.sum.rewritten += 1;
                let reader = &mut self.readers[index];
                assert!(reader.may_hear, "its place was in what was lost");
                (reader.may_hear, reader.must_hear) = (false, false);
                return;
            }
            Read::Waiting => {
                assert_eq!(reader.owed, [0; 0], "it waits and is owed something");
                reader.waiting = true;
                reader.behind = false;
                reader.interest = None;
                self.check_place(index);
            }
            Read::Ended(end) => panic!("{end:?}"),
        }
        assert!(
            !self.readers[index].must_hear,
            "it had events that were lost"
        );
    }

    fn deliver(&mut self, index: usize, sequences: &[u64]) {
        let reader = &mut self.readers[index];
        assert_eq!(
            reader.owed.get(..sequences.len()),
            Some(sequences),
            "in order, each once"
        );
        reader.owed.drain(..sequences.len());
        reader.had = sequences.last().copied().unwrap_or(reader.had);
        self.sum.delivered += sequences.len() as u64;
    }

    /// A reader that is not behind is at the head, or before what it is owed next.
    fn check_place(&self, index: usize) {
        let reader = &self.readers[index];
        let place = self.node.place(reader.key).unwrap().sequence;
        let next = reader.owed.first().copied();
        assert_eq!(place, next.map_or(self.bounds.head, |next| next - 1));
    }

    fn look_through(&mut self, index: usize, events: &[Arc<Event>]) {
        let reader = &mut self.readers[index];
        let most = self.rng.usize(1..=events.len());
        let known = reader.interest.take();
        let known = known.or_else(|| self.node.interest(reader.key));
        let mut interest = known.unwrap();
        let wanted = events[..most].iter().filter(|event| interest.covers(event));
        let wanted: Vec<u64> = wanted.map(|event| event.sequence).collect();
        reader.interest = Some(interest);
        let last = &events[most - 1];
        let place = Place::new(last.sequence, short(last.tag));
        self.node.advance(reader.key, place);
        self.deliver(index, &wanted);
    }

    /// Reads a page of the history, and finds a gap only where something that was owed is gone.
    fn older(&mut self, index: usize, after: u64) {
        self.sum.older += 1;
        let first = (after + 1).max(self.bounds.horizon);
        let reader = &mut self.readers[index];
        let before = reader.owed.len();
        reader.owed.retain(|owed| *owed >= first);
        let lost_some = before > reader.owed.len();
        self.sum.gaps += u64::from(lost_some);
        let told = first > after + 1;
        assert!(told || !lost_some, "a gap is told");
        assert!(
            lost_some || !told || reader.behind,
            "it was owed nothing before"
        );
        // From here on it looks at every event, and what it has not looked at may be for it.
        reader.behind = true;
        let records = self.history[first as usize - 1..].iter().take(9);
        let lineage = self.node.lineage().clone();
        let events = records.map(|stored| Arc::new(Event::new(stored, &lineage)));
        let events: Vec<_> = events.collect();
        self.look_through(index, &events);
    }
}
