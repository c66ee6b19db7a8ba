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
        let place = reader.place;
        let live_from = reader.live_from;
        if place.sequence >= live_from && self.was_passed_by(key) {
            self.look_through(key);
            return Read::Older {
                after: place.sequence,
            };
        }
        if place.sequence < live_from {
            return match place.sequence + 1 < self.window.first() {
                true => Read::Older {
                    after: place.sequence,
                },
                false => Read::Run(self.window.run(place.sequence, live_from, RUN)),
            };
        }
        match self.next_owed(key) {
            Some(event) => {
                self.advance(
                    key,
                    Place::new(event.sequence, crate::cursor::short(event.tag)),
                );
                Read::Event(event)
            }
            None => {
                self.wait(key, waker);
                Read::Waiting
            }
        }
    }

    /// The first event behind its place that is in a list of its and that it may see.
    fn next_owed(&self, key: ReaderKey) -> Option<Arc<Event>> {
        let reader = self.readers.reader(key)?;
        let after = reader.place.sequence;
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

    /// Whether an event that it is owed has left the window.
    fn was_passed_by(&self, key: ReaderKey) -> bool {
        let Some(reader) = self.readers.reader(key) else {
            return false;
        };
        let place = reader.place.sequence;
        if place + 1 >= self.window.first() {
            return false;
        }
        let set = reader.grants.and_then(|set| self.grants.set(set));
        let private = set.is_some_and(|set| set.evicted > place);
        let mut lists = reader
            .selectors
            .iter()
            .filter_map(|id| self.lists.list(*id));
        lists.any(|list| list.evicted > place || private && list.evicted_private > place)
    }

    /// From now on the reader looks at every event itself, up to the newest that is there.
    fn look_through(&mut self, key: ReaderKey) {
        let head = self.window.head().sequence;
        if let Some(reader) = self.readers.reader_mut(key) {
            reader.live_from = head;
        }
    }

    /// The reader has dealt with everything up to here.
    pub(crate) fn advance(&mut self, key: ReaderKey, place: Place) {
        if let Some(reader) = self.readers.reader_mut(key) {
            reader.place = place;
        }
    }

    fn wait(&mut self, key: ReaderKey, waker: &Waker) {
        let head = self.window.head();
        let Some(reader) = self.readers.reader_mut(key) else {
            return;
        };
        reader.place = head;
        // Up to here nothing is owed, so the lists hold all that will be.
        reader.live_from = reader.live_from.min(head.sequence);
        reader.waiting = true;
        reader.waker = Some(waker.clone());
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
