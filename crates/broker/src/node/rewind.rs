//! A tail that was lost, and events that the node never saw. In: the bounds that hold now. Out: readers
//! that know of it.
//!
//! Next: `../tail.rs`, which calls this.

use std::task::Waker;

use super::window::Entry;
use super::{Node, Place};
use crate::cursor::short;
use crate::engine::Bounds;

impl Node {
    /// The bounds of a history of another epoch, up to the last event that this node has in common with
    /// it; nothing if the epoch is the same.
    pub(crate) fn common(&self, bounds: Bounds) -> Option<Bounds> {
        let epoch = self.lineage.current();
        if bounds.lineage.current() == epoch {
            return None;
        }
        let last = bounds.lineage.valid_until(epoch).unwrap_or(0);
        if last >= bounds.head {
            return Some(bounds);
        }
        // Where it is not known, it fits no cursor.
        let tag = self.known_place(last).map_or(0, |place| place.tag);
        Some(Bounds {
            head: last,
            head_tag: tag.into(),
            ..bounds
        })
    }

    /// The tail behind `bounds.head` was lost.
    pub(crate) fn rewind(&mut self, bounds: &Bounds, wake: &mut Vec<Waker>) {
        let last = bounds.head;
        let lost_some = self.window.head().sequence > last;
        while let Some(Entry { event, matched, .. }) = self.window.lose(last) {
            self.lists.lose(event.sequence, &matched);
        }
        self.latest.lose(last);
        let fork = Place::new(last, short(bounds.head_tag));
        if self.window.head().sequence > last {
            self.window.restart(fork);
        }
        self.lineage = bounds.lineage.clone();
        self.horizon = bounds.horizon;
        self.trimmed_tag = bounds.trimmed_tag;
        if !lost_some {
            return;
        }
        for key in self.reader_keys() {
            let Some(reader) = self.readers.reader_mut(key) else {
                continue;
            };
            reader.live_from = reader.live_from.min(last);
            if reader.place.sequence > last {
                reader.place = fork;
                reader.rewritten = true;
                wake.extend(reader.waker.take());
            }
            if !reader.waiting {
                // What it was owed next may be among what was lost.
                let place = reader.place;
                self.advance(key, place);
            }
        }
    }

    /// Events are gone before the node saw them: it goes on behind `before`, and every reader looks
    /// whether it was owed some.
    pub(crate) fn skip_to(&mut self, before: Place, wake: &mut Vec<Waker>) {
        let head = self.window.head();
        while let Some(Entry { event, matched, .. }) = self.window.evict(u64::MAX) {
            self.lists.evict(event.sequence, &matched);
            self.latest.keep(&event);
        }
        for reader in self.readers.iter_mut() {
            if reader.waiting {
                reader.place = head;
            }
            reader.live_from = before.sequence;
            reader.waiting = false;
            wake.extend(reader.waker.take());
        }
        self.window.restart(before);
    }
}
