//! A list for each selector: the numbers of the events in the window that it matches, and the readers
//! that wait for the next one.
//!
//! Next: `readers.rs`.

use std::collections::VecDeque;

use wellspring_matcher::SelectorId;

use super::readers::Crowd;

#[derive(Debug, Default)]
pub(super) struct List {
    sequences: VecDeque<u64>,
    pub(super) waiting: Crowd,
}

impl List {
    pub(super) fn push(&mut self, sequence: u64) {
        self.sequences.push_back(sequence);
    }

    /// The numbers behind this one, oldest first.
    pub(super) fn after(&self, sequence: u64) -> impl Iterator<Item = u64> {
        let from = match self.sequences.back() {
            Some(last) if *last > sequence => self.sequences.partition_point(|s| *s <= sequence),
            _ => self.sequences.len(),
        };
        self.sequences.range(from..).copied()
    }

    fn evict(&mut self, sequence: u64) {
        // The number may now belong to a selector that came later.
        if self.sequences.front() == Some(&sequence) {
            self.sequences.pop_front();
        }
    }

    fn lose(&mut self, sequence: u64) {
        if self.sequences.back() == Some(&sequence) {
            self.sequences.pop_back();
        }
    }
}

/// By the number of the selector.
#[derive(Debug, Default)]
pub(super) struct Lists(Vec<List>);

impl Lists {
    pub(super) fn list(&self, id: SelectorId) -> Option<&List> {
        self.0.get(id.index())
    }

    /// Made if need be.
    pub(super) fn list_mut(&mut self, id: SelectorId) -> &mut List {
        if self.0.len() <= id.index() {
            self.0.resize_with(id.index() + 1, List::default);
        }
        &mut self.0[id.index()]
    }

    /// The selector has left the index.
    pub(super) fn clear(&mut self, id: SelectorId) {
        if let Some(list) = self.0.get_mut(id.index()) {
            *list = List::default();
        }
    }

    /// An event has left the window.
    pub(super) fn evict(&mut self, sequence: u64, matched: &[SelectorId]) {
        for id in matched {
            if let Some(list) = self.0.get_mut(id.index()) {
                list.evict(sequence);
            }
        }
    }

    /// The newest event was lost.
    pub(super) fn lose(&mut self, sequence: u64, matched: &[SelectorId]) {
        for id in matched {
            if let Some(list) = self.0.get_mut(id.index()) {
                list.lose(sequence);
            }
        }
    }
}
