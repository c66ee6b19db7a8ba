//! The latest event of each key. In: keys of events as they are appended, blocks as they leave the
//! history. Out: for a reader whose place has left the history, what it missed and is still the latest
//! of its key, in the order of publishing.
//!
//! An event is either in the history or in the table, so that nothing is held twice.
//!
//! Next: `log.rs` appends, evicts and reads.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use super::LatestLimits;
use super::large::{FRAME_BYTES, Large, Leaving};
use super::segment::{Part, Stored};

/// What an event costs besides its bytes and its key, in the history and in the table.
const BOOKKEEPING: usize = 96;

#[derive(Debug)]
pub(super) struct Latest {
    limits: LatestLimits,
    /// The newest event of each key, wherever it is.
    newest: HashMap<Arc<str>, u64>,
    /// The events of the history that have a key, oldest first.
    in_history: VecDeque<(u64, Arc<str>)>,
    /// The newest of their keys among those that have left the history.
    table: BTreeMap<u64, Left>,
    bytes: usize,
    /// Of these, what is in shared buffers.
    shared: usize,
}

#[derive(Debug)]
struct Left {
    key: Arc<str>,
    block: Block,
}

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

    fn cost(&self) -> usize {
        self.key.len() + self.event().len() + BOOKKEEPING
    }

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

    pub(super) fn events(&self) -> usize {
        self.table.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

#[cfg(test)]
mod tests;
