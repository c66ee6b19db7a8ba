//! Reading. In: a reader's key. Out: the next event that it is owed, or where it has to look, or that it
//! waits now.
//!
//! Next: `../subscription.rs`, which asks.

use std::sync::Arc;
use std::task::Waker;

use super::readers::Reader;
use super::{Node, Place, ReaderKey};
use crate::end::End;
use crate::event::Event;

/// How many events are looked through before others have the node.
const RUN: usize = 64;

#[derive(Debug)]
pub(crate) enum Read {
    /// The reader's place is at this event now.
    Event(Arc<Event>),
    /// Events that follow its place, of which some may be for it.
    Run(Vec<Arc<Event>>),
    /// What follows its place is with the engine.
    Older {
        after: u64,
    },
    /// The tail behind its place was lost, of which it may have had some.
    Rewritten,
    /// It is owed nothing, and will be woken.
    Waiting,
    Ended(End),
}

impl Node {
    pub(crate) fn read(&mut self, key: ReaderKey, waker: &Waker) -> Read {
        let Some(reader) = self.readers.reader_mut(key) else {
            return Read::Ended(End::Closed);
        };
        if let Some(end) = reader.end {
            return Read::Ended(end);
        }
        if std::mem::take(&mut reader.rewritten) {
            return Read::Rewritten;
        }
        if reader.waiting {
            return wait(reader, waker);
        }
        let (after, live_from) = (reader.place.sequence, reader.live_from);
        if after + 1 < self.window.first() {
            self.look_through(key);
            return Read::Older { after };
        }
        if after < live_from {
            return Read::Run(self.window.run(after, live_from, RUN));
        }
        match self.next_owed(key, after) {
            Some(event) => {
                self.settle(key, event.sequence);
                Read::Event(event)
            }
            None => {
                self.idle(key);
                if let Some(reader) = self.readers.reader_mut(key) {
                    reader.waker = Some(waker.clone());
                }
                Read::Waiting
            }
        }
    }

    /// The first event behind this place that is in a list of the reader's and that it may see.
    fn next_owed(&self, key: ReaderKey, after: u64) -> Option<Arc<Event>> {
        let reader = self.readers.reader(key)?;
        let lists = reader
            .selectors
            .iter()
            .filter_map(|id| self.lists.list(*id));
        let may_see = |sequence: &u64| match self.window.entry(*sequence) {
            Some(entry) if entry.event.private => {
                let covered = |set| entry.covered.binary_search(&set).is_ok();
                reader.grants.is_some_and(covered)
            }
            Some(_) => true,
            None => false,
        };
        let firsts = lists.filter_map(|list| list.after(after).find(may_see));
        self.window.event(firsts.min()?).cloned()
    }

    /// The reader has dealt with everything up to here: its place moves on to before the next event that
    /// it is owed, so that what is not for it can leave the history without being missed.
    fn settle(&mut self, key: ReaderKey, after: u64) {
        let next = self.next_owed(key, after);
        let before = next.and_then(|next| self.window.place(next.sequence - 1));
        match (before, self.readers.reader_mut(key)) {
            (Some(before), Some(reader)) => reader.place = before,
            _ => self.idle(key),
        }
    }

    /// From now on the reader looks at every event itself, up to the newest that is there.
    fn look_through(&mut self, key: ReaderKey) {
        let head = self.window.head().sequence;
        if let Some(reader) = self.readers.reader_mut(key) {
            reader.live_from = head;
        }
    }

    /// The reader has looked through everything up to here.
    pub(crate) fn advance(&mut self, key: ReaderKey, place: Place) {
        let head = self.window.head();
        let Some(reader) = self.readers.reader_mut(key) else {
            return;
        };
        if place.sequence > head.sequence {
            // The tail was lost after it had taken these.
            reader.rewritten = true;
            return self.advance(key, head);
        }
        reader.place = place;
        let in_window = place.sequence + 1 >= self.window.first();
        if place.sequence >= reader.live_from && in_window {
            self.settle(key, place.sequence);
        }
    }

    /// The reader is owed nothing: it waits, and its place is the newest event's until one comes for it.
    fn idle(&mut self, key: ReaderKey) {
        let head = self.window.head();
        let Some(reader) = self.readers.reader_mut(key) else {
            return;
        };
        reader.place = head;
        // Up to here nothing is owed, so the lists hold all that will be.
        reader.live_from = reader.live_from.min(head.sequence);
        reader.waiting = true;
        for id in reader.unarmed.drain(..) {
            self.lists.list_mut(id).waiting.push(key);
        }
    }

    /// Up to where the reader is owed nothing.
    pub(crate) fn place(&self, key: ReaderKey) -> Option<Place> {
        let reader = self.readers.reader(key)?;
        match reader.waiting {
            true => Some(self.window.head()),
            false => Some(reader.place),
        }
    }

    /// Ends a reader, at its next read. Gives the waker if it waits.
    pub(crate) fn end(&mut self, key: ReaderKey, end: End) -> Option<Waker> {
        let reader = self.readers.reader_mut(key)?;
        reader.end.get_or_insert(end);
        reader.waker.take()
    }

    pub(crate) fn reader_keys(&self) -> Vec<ReaderKey> {
        self.readers.keys().collect()
    }
}

/// It has been woken by something else, or polled by another task.
fn wait(reader: &mut Reader, waker: &Waker) -> Read {
    match &mut reader.waker {
        Some(known) if known.will_wake(waker) => {}
        known => *known = Some(waker.clone()),
    }
    Read::Waiting
}
