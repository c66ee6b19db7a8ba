//! The recent events. In: events in order. Out: each by its number, as long as the limits allow.
//!
//! Next: `lists.rs`.

use std::collections::VecDeque;
use std::sync::Arc;

use wellspring_matcher::SelectorId;

use super::readers::Place;
use super::readers::SetId;
use crate::cursor::short;
use crate::event::Event;

/// How much is kept in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WindowLimits {
    pub(crate) events: usize,
    pub(crate) bytes: usize,
}

/// An event, and whom it concerns.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) event: Arc<Event>,
    pub(super) matched: Box<[SelectorId]>,
    /// Of a private event: the sets of grants that cover it, in order.
    pub(super) covered: Box<[SetId]>,
}

impl Entry {
    /// The bytes that it keeps in memory, about, with its number in the lists of the selectors: the more
    /// selectors match, the more.
    fn cost(&self) -> usize {
        const OF_SELECTOR: usize = size_of::<SelectorId>() + size_of::<u64>();
        let sets = self.covered.len() * size_of::<SetId>();
        self.event.cost() + self.matched.len() * OF_SELECTOR + sets
    }
}

#[derive(Debug)]
pub(super) struct Window {
    entries: VecDeque<Entry>,
    /// The event before the first entry.
    before: Place,
    bytes: usize,
    limits: WindowLimits,
}

impl Window {
    pub(super) fn new(before: Place, limits: WindowLimits) -> Self {
        Self {
            entries: VecDeque::new(),
            before,
            bytes: 0,
            limits,
        }
    }

    pub(super) fn first(&self) -> u64 {
        self.before.sequence + 1
    }

    pub(super) fn head(&self) -> Place {
        self.entries.back().map_or(self.before, place_of)
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn push(&mut self, entry: Entry) {
        self.bytes += entry.cost();
        self.entries.push_back(entry);
    }

    /// The oldest entry, if there is more than the limits allow, or if it is older than the horizon.
    pub(super) fn evict(&mut self, horizon: u64) -> Option<Entry> {
        let excess = self.entries.len() > self.limits.events.max(1)
            || self.bytes > self.limits.bytes && self.entries.len() > 1;
        if !excess && self.first() >= horizon {
            return None;
        }
        let entry = self.entries.pop_front()?;
        self.bytes -= entry.cost();
        self.before = place_of(&entry);
        Some(entry)
    }

    /// The newest entry, if it is behind this place.
    pub(super) fn lose(&mut self, last: u64) -> Option<Entry> {
        if self.head().sequence <= last {
            return None;
        }
        let entry = self.entries.pop_back()?;
        self.bytes -= entry.cost();
        Some(entry)
    }

    /// Begins anew behind an event that is not here.
    pub(super) fn restart(&mut self, before: Place) {
        *self = Self::new(before, self.limits);
    }

    fn index(&self, sequence: u64) -> Option<usize> {
        usize::try_from(sequence.checked_sub(self.first())?).ok()
    }

    pub(super) fn entry(&self, sequence: u64) -> Option<&Entry> {
        self.entries.get(self.index(sequence)?)
    }

    pub(super) fn event(&self, sequence: u64) -> Option<&Arc<Event>> {
        self.entry(sequence).map(|entry| &entry.event)
    }

    /// Up to `most` events behind this place, which is not before the window.
    pub(super) fn run(&self, after: u64, last: u64, most: usize) -> Vec<Arc<Event>> {
        let from = self.index(after + 1).unwrap_or(0);
        let entries = self.entries.iter().skip(from).take(most);
        let events = entries.map(|entry| &entry.event);
        let wanted = events.take_while(|event| event.sequence <= last);
        wanted.cloned().collect()
    }

    /// The place of an event, or of the one before the first.
    pub(super) fn place(&self, sequence: u64) -> Option<Place> {
        match sequence == self.before.sequence {
            true => Some(self.before),
            false => self.entry(sequence).map(place_of),
        }
    }

    pub(super) fn find(&self, id: &str) -> Option<Place> {
        let has = |entry: &&Entry| entry.event.id.as_deref() == Some(id);
        self.entries.iter().find(has).map(place_of)
    }
}

fn place_of(entry: &Entry) -> Place {
    Place::new(entry.event.sequence, short(entry.event.tag))
}
