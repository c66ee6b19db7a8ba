//! The newest event of each topic, of those that have left the window. In: events as they leave. Out:
//! those that a reader that is too slow gets instead of all.
//!
//! Next: `read.rs`.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::event::Event;

/// How much of it there may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LatestLimits {
    pub(crate) topics: usize,
    pub(crate) bytes: usize,
}

#[derive(Debug)]
pub(super) struct Latest {
    by_sequence: BTreeMap<u64, Arc<Event>>,
    /// By canonical topic. A private event does not replace a public one, which others may see.
    by_topic: HashMap<(Box<str>, bool), u64>,
    bytes: usize,
    limits: LatestLimits,
}

impl Latest {
    pub(super) fn new(limits: LatestLimits) -> Self {
        Self {
            by_sequence: BTreeMap::new(),
            by_topic: HashMap::new(),
            bytes: 0,
            limits,
        }
    }

    /// An event has left the window.
    pub(super) fn keep(&mut self, event: &Arc<Event>) {
        if self.limits.topics == 0 {
            return;
        }
        let Some(topic) = key(event) else { return };
        if let Some(older) = self.by_topic.insert(topic, event.sequence) {
            self.remove(older);
        }
        self.bytes += event.cost();
        self.by_sequence.insert(event.sequence, Arc::clone(event));
        while self.by_topic.len() > self.limits.topics || self.bytes > self.limits.bytes {
            let Some((_, oldest)) = self.by_sequence.pop_first() else {
                return;
            };
            self.bytes -= oldest.cost();
            key(&oldest).and_then(|topic| self.by_topic.remove(&topic));
        }
    }

    fn remove(&mut self, sequence: u64) {
        let removed = self.by_sequence.remove(&sequence);
        self.bytes -= removed.map_or(0, |event| event.cost());
    }

    /// What is behind this place was lost.
    pub(super) fn lose(&mut self, last: u64) {
        for event in self.by_sequence.split_off(&(last + 1)).into_values() {
            self.bytes -= event.cost();
            key(&event).and_then(|topic| self.by_topic.remove(&topic));
        }
    }

    pub(super) fn event(&self, sequence: u64) -> Option<&Arc<Event>> {
        self.by_sequence.get(&sequence)
    }

    /// Some of the events between two places, oldest first.
    pub(super) fn between(&self, after: u64, before: u64, most: usize) -> Vec<Arc<Event>> {
        if after + 1 >= before {
            return Vec::new();
        }
        let events = self.by_sequence.range(after + 1..before).take(most);
        events.map(|(_, event)| Arc::clone(event)).collect()
    }
}

fn key(event: &Event) -> Option<(Box<str>, bool)> {
    Some((event.topics.first()?.clone(), event.private))
}
