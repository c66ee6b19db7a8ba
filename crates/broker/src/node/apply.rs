//! What the engine's tail brings. In: events, in order. Out: the readers to wake: those that are owed
//! one of them, and no others.
//!
//! Next: `read.rs`.

use std::sync::Arc;
use std::task::Waker;

use wellspring_matcher::SelectorId;

use super::Node;
use super::readers::SetId;
use super::readers::{Place, ReaderKey};
use super::window::Entry;
use crate::event::Event;

/// Reports that an event does not follow the newest one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hole {
    pub(crate) expected: u64,
    pub(crate) came: u64,
}

impl Node {
    /// Adds an event. One that is there already is passed over.
    pub(crate) fn apply(&mut self, event: Event, wake: &mut Vec<Waker>) -> Result<(), Hole> {
        let before = self.window.head();
        let (expected, came) = (before.sequence + 1, event.sequence);
        if came < expected {
            return Ok(());
        }
        if came > expected {
            return Err(Hole { expected, came });
        }
        self.foreign += u64::from(event.is_foreign());
        let topics = || event.topics.iter().map(|topic| &**topic);
        self.index.find_any(topics(), &mut self.matches);
        // The index finds `*` for no topic at all, too.
        let matched: Box<[SelectorId]> = match event.is_foreign() {
            true => Box::default(),
            false => self.matches.ids().into(),
        };
        let covered = match event.private && !matched.is_empty() {
            true => self.grants.covering(topics()),
            false => Box::default(),
        };
        for id in &matched {
            self.lists.list_mut(*id).push(came);
        }
        match event.private {
            true => self.fire_covered(&matched, &covered, before, wake),
            false => self.fire_all(&matched, before, wake),
        }
        self.window.push(Entry {
            event: Arc::new(event),
            matched,
            covered,
        });
        self.evict();
        Ok(())
    }

    /// The oldest event that the engine still has.
    pub(crate) fn set_horizon(&mut self, horizon: u64) {
        if horizon > self.horizon {
            self.horizon = horizon;
            self.trimmed_tag = None;
            self.evict();
        }
    }

    fn evict(&mut self) {
        while let Some(Entry { event, matched, .. }) = self.window.evict(self.horizon) {
            self.lists.evict(event.sequence, &matched);
            self.latest.keep(&event);
            if event.sequence + 1 == self.horizon {
                self.trimmed_tag = Some(event.tag);
            }
        }
    }

    fn fire_all(&mut self, matched: &[SelectorId], before: Place, wake: &mut Vec<Waker>) {
        for id in matched {
            for key in self.lists.list_mut(*id).waiting.take() {
                self.fire(key, *id, before, wake);
            }
        }
    }

    fn fire(&mut self, key: ReaderKey, id: SelectorId, before: Place, wake: &mut Vec<Waker>) {
        if let Some(reader) = self.readers.reader_mut(key) {
            reader.unarmed.push(id);
            wake.extend(reader.fire(before));
        }
    }

    /// Looks at those whose selectors match or at those whose grants do, whichever are fewer.
    fn fire_covered(
        &mut self,
        matched: &[SelectorId],
        covered: &[SetId],
        before: Place,
        wake: &mut Vec<Waker>,
    ) {
        let lists = matched.iter().filter_map(|id| self.lists.list(*id));
        let of_lists: usize = lists.map(|list| list.waiting.keys().len()).sum();
        let sets = covered.iter().filter_map(|id| self.grants.set(*id));
        let of_sets: usize = sets.map(|set| set.readers.keys().len()).sum();
        if of_lists <= of_sets {
            return self.fire_lists(matched, covered, before, wake);
        }
        for set in covered.iter().filter_map(|id| self.grants.set(*id)) {
            for key in set.readers.keys() {
                let Some(reader) = self.readers.reader_mut(*key) else {
                    continue;
                };
                let selectors = reader.selectors.iter();
                if reader.waiting && selectors.into_iter().any(|id| matched.contains(id)) {
                    // It stays in the lists: it is armed there still.
                    wake.extend(reader.fire(before));
                }
            }
        }
    }

    fn fire_lists(
        &mut self,
        matched: &[SelectorId],
        covered: &[SetId],
        before: Place,
        wake: &mut Vec<Waker>,
    ) {
        for id in matched {
            let mut stay = Vec::new();
            for key in self.lists.list_mut(*id).waiting.take() {
                let reader = self.readers.reader(key);
                let grants = reader.map(|reader| reader.grants);
                match grants {
                    Some(Some(set)) if covered.binary_search(&set).is_ok() => {
                        self.fire(key, *id, before, wake);
                    }
                    Some(_) => stay.push(key),
                    None => {}
                }
            }
            self.lists.list_mut(*id).waiting.put_back(stay);
        }
    }
}
