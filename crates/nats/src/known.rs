//! What this node has seen of the history. In: the tags of records, as they come. Out: whether the history
//! is still the one that was seen, and up to where. Pure.
//!
//! Next: `reconcile.rs`, which compares.

use std::collections::VecDeque;

use wellspring_broker::StoredRecord;

/// How many tags are remembered. A history that has lost more than those is taken for another one.
const REMEMBERED: usize = 65_536;

/// The tags of the newest records, under numbers that follow each other.
#[derive(Debug, Default)]
pub(crate) struct Known {
    first: u64,
    tags: VecDeque<u64>,
    /// The newest record that a publisher was answered for.
    promised: u64,
}

impl Known {
    /// The newest record that was seen or answered for; 0 if there was none.
    pub(crate) fn newest(&self) -> u64 {
        self.newest_seen().max(self.promised)
    }

    pub(crate) fn newest_seen(&self) -> u64 {
        (self.first + self.tags.len() as u64).saturating_sub(1)
    }

    pub(crate) fn oldest(&self) -> u64 {
        self.first
    }

    pub(crate) fn tag(&self, number: u64) -> Option<u64> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.tags.get(index).copied()
    }

    pub(crate) fn promise(&mut self, number: u64) {
        self.promised = self.promised.max(number);
    }

    pub(crate) fn see(&mut self, record: &StoredRecord) {
        let next = self.newest_seen() + 1;
        match record.sequence {
            number if self.tags.is_empty() || number > next => {
                self.tags.clear();
                self.first = number;
            }
            number if number < next => return,
            _ => {}
        }
        self.tags.push_back(record.tag);
        if self.tags.len() > REMEMBERED {
            self.tags.pop_front();
            self.first += 1;
        }
    }

    /// Forgets what is behind this record: it is lost.
    pub(crate) fn lose(&mut self, last: u64) {
        self.promised = self.promised.min(last);
        let kept = (last + 1).saturating_sub(self.first);
        self.tags
            .truncate(usize::try_from(kept).unwrap_or(usize::MAX));
        if self.tags.is_empty() {
            self.first = 0;
        }
    }
}

#[cfg(test)]
mod tests;
