//! The latest event of each key. In: keys of events as they are appended, blocks as they leave the
//! history. Out: for a reader whose place has left the history, what it missed and is still the latest
//! of its key, in the order of publishing.
//!
//! An event is either in the history or in the table, so that nothing is held twice.
//!
//! # A key's way
//!
//! 1. An event with a key is appended: `newest` knows its number, and `in_history` its key.
//! 2. A newer event with the same key is appended: `newest` moves on. The older event stays in the history as any
//!    other, but will not be kept.
//! 3. An event leaves the history. If it is still the newest of its key, its block moves to `table`; else it is
//!    gone.
//! 4. A newer event with the key of a block in `table` is appended: the block is dropped, since the newer one is in
//!    the history.
//! 5. `table` exceeds `LatestLimits`: the block that was published first is dropped, and with it what is known of
//!    its key.
//!
//! A reader with `OnGap::Latest` whose place has left the history reads `table` from its place on, and then the
//! history.
//!
//! Next: `log.rs` appends, evicts and reads.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use super::LatestLimits;
use super::large::{FRAME_BYTES, Large, Leaving};
use super::segment::{Part, Stored};

/// What an event costs besides its bytes and its key, in the history and in the table.
const BOOKKEEPING: usize = 96;

/// The table, and what decides who comes into it.
#[derive(Debug)]
pub(super) struct Latest {
    limits: LatestLimits,
    /// The newest event of each key, wherever it is.
    newest: HashMap<Arc<str>, u64>,
    /// The events of the history that have a key, oldest first.
    in_history: VecDeque<(u64, Arc<str>)>,
    /// The newest of their keys among those that have left the history.
    table: BTreeMap<u64, Left>,
    /// What counts against [`LatestLimits::bytes`].
    bytes: usize,
    /// Of these, what is in shared buffers.
    shared: usize,
}

/// An event that has left the history.
#[derive(Debug)]
struct Left {
    key: Arc<str>,
    block: Block,
}

/// Its encoded block: a copy if it is small, so that the segment it was in can be freed.
#[derive(Debug)]
enum Block {
    Small(Box<[u8]>),
    Large(Arc<Large>),
}

impl Block {
    fn of(event: Stored<'_>) -> Self {
        match event {
            Stored::Block(block) => Self::Small(block.into()),
            Stored::Large(event) => Self::Large(Arc::clone(event)),
        }
    }
}

impl Left {
    fn event(&self) -> Stored<'_> {
        match &self.block {
            Block::Small(block) => Stored::Block(block),
            Block::Large(event) => Stored::Large(event),
        }
    }

    /// Returns what it counts against [`LatestLimits::bytes`].
    fn cost(&self) -> usize {
        self.key.len() + self.event().len() + BOOKKEEPING
    }

    /// Returns how much of it is in buffers that `Resident` counts.
    fn shared_bytes(&self) -> usize {
        match &self.block {
            Block::Small(_) => 0,
            Block::Large(event) => event.len(),
        }
    }
}

/// Some of what a reader missed.
#[derive(Debug)]
pub(crate) struct Missed {
    pub(crate) part: Part,
    pub(crate) events: u64,
    /// The last one's sequence number.
    pub(crate) last: u64,
}

impl Latest {
    /// Returns an empty table.
    pub(super) fn new(limits: LatestLimits) -> Self {
        Self {
            limits,
            newest: HashMap::new(),
            in_history: VecDeque::new(),
            table: BTreeMap::new(),
            bytes: 0,
            shared: 0,
        }
    }

    /// An event with this key is appended: what the table held for it is out of date. Returns what the
    /// history counts for the key.
    pub(super) fn remember(&mut self, key: &str, sequence: u64, leaving: &mut Leaving) -> usize {
        let known = self.newest.get_key_value(key);
        let (key, before) = match known {
            Some((key, before)) => (Arc::clone(key), Some(*before)),
            None => (Arc::from(key), None),
        };
        if let Some(outdated) = before.and_then(|before| self.table.remove(&before)) {
            self.let_go(&outdated, leaving);
        }
        self.newest.insert(Arc::clone(&key), sequence);
        let cost = key.len() + BOOKKEEPING;
        self.in_history.push_back((sequence, key));
        cost
    }

    /// The oldest event leaves the history, and stays here if it is the newest of its key. Returns what
    /// [`remember`](Self::remember) returned for it, or 0.
    pub(super) fn leave_history(
        &mut self,
        sequence: u64,
        event: Stored<'_>,
        leaving: &mut Leaving,
    ) -> usize {
        let front = self.in_history.front();
        let Some((_, key)) = front
            .is_some_and(|(first, _)| *first == sequence)
            .then(|| self.in_history.pop_front())
            .flatten()
        else {
            event.leave(leaving);
            return 0;
        };
        let freed = key.len() + BOOKKEEPING;
        if self.newest.get(&key) == Some(&sequence) {
            let block = Block::of(event);
            self.keep(sequence, Left { key, block }, leaving);
        } else {
            event.leave(leaving);
        }
        freed
    }

    /// Puts an event into the table, and drops those that the limits no longer allow.
    fn keep(&mut self, sequence: u64, left: Left, leaving: &mut Leaving) {
        if self.limits.keys == 0 || left.cost() > self.limits.bytes {
            self.newest.remove(&left.key);
            left.event().leave(leaving);
            return;
        }
        self.bytes += left.cost();
        self.shared += left.shared_bytes();
        self.table.insert(sequence, left);
        while self.table.len() > self.limits.keys || self.bytes > self.limits.bytes {
            let Some((_, stalest)) = self.table.pop_first() else {
                return;
            };
            self.newest.remove(&stalest.key);
            self.let_go(&stalest, leaving);
        }
    }

    /// Gives up an event that is no longer in the table. A reader may still be in the middle of it.
    fn let_go(&mut self, left: &Left, leaving: &mut Leaving) {
        self.bytes -= left.cost();
        self.shared -= left.shared_bytes();
        left.event().leave(leaving);
    }

    /// What left the history at `place` or later, as far as it fits one frame, or one event that is
    /// larger; `None` if there is nothing.
    pub(super) fn missed_from(&self, place: u64) -> Option<Missed> {
        let mut bytes = Vec::new();
        let (mut events, mut last) = (0, 0);
        for (sequence, left) in self.table.range(place..) {
            let block = match &left.block {
                Block::Small(block) if bytes.len() + block.len() <= FRAME_BYTES => block,
                Block::Large(event) if events == 0 => {
                    return Some(Missed {
                        part: Part::Large(Arc::clone(event)),
                        events: 1,
                        last: *sequence,
                    });
                }
                _ => break,
            };
            bytes.extend_from_slice(block);
            events += 1;
            last = *sequence;
        }
        let part = Part::Frame(bytes.into());
        (events > 0).then_some(Missed { part, events, last })
    }

    /// How many events left the history at `place` or later and can still be had.
    pub(super) fn count_from(&self, place: u64) -> u64 {
        self.table.range(place..).count() as u64
    }

    /// How many of the counted bytes the table itself holds.
    pub(super) fn shared_bytes(&self) -> usize {
        self.shared
    }

    /// Returns how many events the table holds.
    pub(super) fn events(&self) -> usize {
        self.table.len()
    }

    /// Returns what counts against [`LatestLimits::bytes`].
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests;
