//! The latest event of each key. In: keys of events as they are appended, blocks as they leave the
//! history. Out: for a reader whose place has left the history, what it missed and is still the latest
//! of its key, in the order of publishing.
//!
//! An event is either in the history or in the table, so that nothing is held twice.
//!
//! Next: `log.rs` appends, evicts and reads.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use super::{FRAME_BYTES, LatestLimits};

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
}

#[derive(Debug)]
struct Left {
    key: Arc<str>,
    block: Box<[u8]>,
}

impl Left {
    fn cost(&self) -> usize {
        self.key.len() + self.block.len() + BOOKKEEPING
    }
}

/// Some of what a reader missed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Missed {
    /// Whole events, at most a frame unless a single one is larger; empty if there are no more.
    pub(crate) bytes: Vec<u8>,
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
        }
    }

    /// An event with this key is appended: what the table held for it is out of date. Returns what the
    /// history counts for the key.
    pub(super) fn remember(&mut self, key: &str, sequence: u64) -> usize {
        let known = self.newest.get_key_value(key);
        let (key, before) = match known {
            Some((key, before)) => (Arc::clone(key), Some(*before)),
            None => (Arc::from(key), None),
        };
        if let Some(outdated) = before.and_then(|before| self.table.remove(&before)) {
            self.bytes -= outdated.cost();
        }
        self.newest.insert(Arc::clone(&key), sequence);
        let cost = key.len() + BOOKKEEPING;
        self.in_history.push_back((sequence, key));
        cost
    }

    /// The oldest event leaves the history, and stays here if it is the newest of its key. Returns what
    /// [`remember`](Self::remember) returned for it, or 0.
    pub(super) fn leave_history(&mut self, sequence: u64, block: &[u8]) -> usize {
        let key = match self.in_history.front() {
            Some((first, _)) if *first == sequence => self.in_history.pop_front(),
            _ => None,
        };
        let Some((_, key)) = key else { return 0 };
        let freed = key.len() + BOOKKEEPING;
        if self.newest.get(&key) == Some(&sequence) {
            let block = block.into();
            self.keep(sequence, Left { key, block });
        }
        freed
    }

    fn keep(&mut self, sequence: u64, left: Left) {
        if self.limits.keys == 0 || left.cost() > self.limits.bytes {
            self.newest.remove(&left.key);
            return;
        }
        self.bytes += left.cost();
        self.table.insert(sequence, left);
        while self.table.len() > self.limits.keys || self.bytes > self.limits.bytes {
            let Some((_, stalest)) = self.table.pop_first() else {
                return;
            };
            self.bytes -= stalest.cost();
            self.newest.remove(&stalest.key);
        }
    }

    /// What left the history at `place` or later, as far as it fits one frame.
    pub(super) fn missed_from(&self, place: u64) -> Missed {
        let mut missed = Missed::default();
        for (sequence, left) in self.table.range(place..) {
            let length = missed.bytes.len() + left.block.len();
            if missed.events > 0 && length > FRAME_BYTES {
                break;
            }
            missed.bytes.extend_from_slice(&left.block);
            missed.events += 1;
            missed.last = *sequence;
        }
        missed
    }

    /// How many events left the history at `place` or later and can still be had.
    pub(super) fn count_from(&self, place: u64) -> u64 {
        self.table.range(place..).count() as u64
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
