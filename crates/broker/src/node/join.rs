//! Readers that come and go. In: what a reader wants, and where it begins. Out: its key.
//!
//! Next: `read.rs`.

use std::collections::HashSet;

use wellspring_matcher::{Crowded, Selector, SelectorId};

use super::readers::Reader;
use super::{Interest, Node, Place, ReaderKey};

/// A reader that comes.
#[derive(Debug)]
pub(crate) struct Join {
    pub(crate) selectors: Vec<Selector>,
    /// What it may see of private events.
    pub(crate) grants: Vec<Selector>,
    /// All up to here is dealt with.
    pub(crate) place: Place,
}

impl Node {
    /// From now on events count for the reader. Those between its place and now it has to look through.
    pub(crate) fn join(&mut self, join: Join) -> Result<ReaderKey, Crowded> {
        let Join {
            selectors,
            grants,
            place,
        } = join;
        let selectors = self.insert_all(selectors)?;
        let grants = match self.grants.intern(grants) {
            Ok(grants) => grants,
            Err(crowded) => {
                self.remove_all(&selectors);
                return Err(crowded);
            }
        };
        let key = self.readers.insert(Reader {
            place,
            live_from: self.window.head().sequence,
            unarmed: selectors.to_vec(),
            selectors,
            grants,
            waiting: false,
            waker: None,
            rewritten: false,
            end: None,
        });
        if let Some(grants) = grants {
            self.grants.join(grants, key);
        }
        Ok(key)
    }

    /// Their numbers, each once.
    fn insert_all(&mut self, selectors: Vec<Selector>) -> Result<Box<[SelectorId]>, Crowded> {
        let mut ids = HashSet::with_capacity(selectors.len());
        for selector in selectors {
            match self.index.insert(selector) {
                Ok(id) if !ids.insert(id) => self.index.remove(id),
                Ok(_) => {}
                Err(crowded) => {
                    let ids: Vec<SelectorId> = ids.into_iter().collect();
                    self.remove_all(&ids);
                    return Err(crowded);
                }
            }
        }
        let mut ids: Vec<SelectorId> = ids.into_iter().collect();
        ids.sort_unstable();
        Ok(ids.into())
    }

    fn remove_all(&mut self, ids: &[SelectorId]) {
        for id in ids {
            self.index.remove(*id);
            if self.index.get(*id).is_none() {
                self.lists.clear(*id);
            }
        }
    }

    pub(crate) fn leave(&mut self, key: ReaderKey) {
        let Some(reader) = self.readers.remove(key) else {
            return;
        };
        let readers = &self.readers;
        let is_there = |key| readers.reader(key).is_some();
        let armed = reader
            .selectors
            .iter()
            .filter(|id| !reader.unarmed.contains(id));
        for id in armed {
            self.lists.list_mut(*id).waiting.left(is_there);
        }
        if let Some(grants) = reader.grants {
            self.grants.leave(grants, is_there);
        }
        self.remove_all(&reader.selectors);
    }

    /// What a reader has to look for among events that are in no list of its.
    pub(crate) fn interest(&self, key: ReaderKey) -> Option<Interest> {
        let reader = self.readers.reader(key)?;
        let ids = reader.selectors.iter();
        let selectors = ids.filter_map(|id| self.index.get(*id)).cloned().collect();
        let grants = reader.grants.map(|grants| self.grants.selectors(grants));
        let base = self.base.as_ref();
        Some(Interest::new(selectors, grants.unwrap_or_default(), base))
    }
}
