//! The readers of a node. In: readers that come and go. Out: what is known of each, by its key.
//!
//! Next: `join.rs`.

use std::task::Waker;

use wellspring_matcher::SelectorId;

use crate::end::End;

/// An event's number, and the part of its tag that a cursor carries. As a reader's place: all up to this
/// one is dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) sequence: u64,
    pub(crate) tag: u16,
}

impl Place {
    pub(crate) const fn new(sequence: u64, tag: u16) -> Self {
        Self { sequence, tag }
    }
}

/// The number of a set of grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SetId(pub(super) u32);

/// The number of a reader, and how often that number was given before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ReaderKey {
    index: u32,
    generation: u32,
}

#[derive(Debug)]
pub(super) struct Reader {
    pub(super) place: Place,
    /// The lists of its selectors are complete behind this event. Before it, a reader has to look at
    /// every event itself.
    pub(super) live_from: u64,
    pub(super) selectors: Box<[SelectorId]>,
    pub(super) grants: Option<SetId>,
    /// It is owed nothing, and waits in the lists of its selectors, but for those in `unarmed`.
    pub(super) waiting: bool,
    pub(super) unarmed: Vec<SelectorId>,
    pub(super) waker: Option<Waker>,
    /// The tail behind this place was lost, some of which it may have had.
    pub(super) rewritten: bool,
    pub(super) end: Option<End>,
}

impl Reader {
    /// An event came that it is owed. Gives the waker if it has to be called.
    pub(super) fn fire(&mut self, before: Place) -> Option<Waker> {
        if !self.waiting {
            return None;
        }
        // It was owed nothing up to here.
        self.waiting = false;
        self.place = before;
        self.waker.take()
    }
}

#[derive(Debug, Default)]
pub(super) struct Readers {
    slots: Vec<Slot>,
    free: Vec<u32>,
    count: usize,
}

#[derive(Debug, Default)]
struct Slot {
    generation: u32,
    reader: Option<Box<Reader>>,
}

impl Readers {
    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn insert(&mut self, reader: Reader) -> ReaderKey {
        self.count += 1;
        let index = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::default());
            u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
        });
        let slot = &mut self.slots[index as usize];
        slot.reader = Some(Box::new(reader));
        ReaderKey {
            index,
            generation: slot.generation,
        }
    }

    pub(super) fn remove(&mut self, key: ReaderKey) -> Option<Reader> {
        self.reader(key)?;
        let slot = self.slots.get_mut(key.index as usize)?;
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(key.index);
        self.count -= 1;
        slot.reader.take().map(|reader| *reader)
    }

    pub(super) fn reader(&self, key: ReaderKey) -> Option<&Reader> {
        let slot = self.slots.get(key.index as usize)?;
        let reader = slot.reader.as_deref();
        reader.filter(|_| slot.generation == key.generation)
    }

    pub(super) fn reader_mut(&mut self, key: ReaderKey) -> Option<&mut Reader> {
        let slot = self.slots.get_mut(key.index as usize)?;
        let reader = slot.reader.as_deref_mut();
        reader.filter(|_| slot.generation == key.generation)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Reader> {
        self.slots
            .iter_mut()
            .filter_map(|slot| slot.reader.as_deref_mut())
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = ReaderKey> {
        let slots = self.slots.iter().enumerate();
        let taken = slots.filter(|(_, slot)| slot.reader.is_some());
        taken.map(|(index, slot)| ReaderKey {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            generation: slot.generation,
        })
    }
}

/// Some of the readers. One that has gone is taken out later, so that each leaves at little cost.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    keys: Vec<ReaderKey>,
    gone: usize,
}

impl Crowd {
    pub(super) fn push(&mut self, key: ReaderKey) {
        self.keys.push(key);
    }

    /// How many are there still.
    pub(super) fn len(&self) -> usize {
        self.keys.len() - self.gone
    }

    /// Those that are there, and some that have gone.
    pub(super) fn keys(&self) -> &[ReaderKey] {
        &self.keys
    }

    /// One of them has gone.
    pub(super) fn left(&mut self, is_there: impl Fn(ReaderKey) -> bool) {
        self.gone += 1;
        if self.gone * 2 > self.keys.len() {
            self.keys.retain(|key| is_there(*key));
            self.keys.shrink_to(self.keys.len() * 2);
            self.gone = 0;
        }
    }

    /// Takes all out.
    pub(super) fn take(&mut self) -> Vec<ReaderKey> {
        self.gone = 0;
        std::mem::take(&mut self.keys)
    }

    /// Puts back what was taken and stays; those that have gone are not among them.
    pub(super) fn put_back(&mut self, keys: Vec<ReaderKey>) {
        self.keys = keys;
    }
}
