//! Sets of grants, each kept once. In: selectors of what a reader may see. Out: for a private event, the
//! sets that cover it.
//!
//! Next: `interest.rs`, the same check for one event and one reader.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use wellspring_matcher::{Crowded, Index, Matches, Selector, SelectorId};

use super::readers::{Crowd, ReaderKey, SetId};

#[derive(Debug)]
pub(super) struct GrantSets {
    index: Index,
    by_selectors: HashMap<Box<[SelectorId]>, SetId>,
    sets: Vec<Set>,
    free: Vec<SetId>,
    /// The sets that have it, by the number of the selector.
    sets_with: Vec<Vec<SetId>>,
    matches: Matches,
}

#[derive(Debug, Default)]
pub(super) struct Set {
    selectors: Box<[SelectorId]>,
    pub(super) readers: Crowd,
}

impl GrantSets {
    pub(super) fn new(index: Index) -> Self {
        Self {
            index,
            by_selectors: HashMap::new(),
            sets: Vec::new(),
            free: Vec::new(),
            sets_with: Vec::new(),
            matches: Matches::new(),
        }
    }

    pub(super) fn set(&self, id: SetId) -> Option<&Set> {
        self.sets.get(id.0 as usize)
    }

    pub(super) fn set_mut(&mut self, id: SetId) -> Option<&mut Set> {
        self.sets.get_mut(id.0 as usize)
    }

    /// The set of these grants, which a reader has to join; none for no grants.
    pub(super) fn intern(&mut self, grants: Vec<Selector>) -> Result<Option<SetId>, Crowded> {
        let mut ids = Vec::with_capacity(grants.len());
        for selector in grants {
            match self.index.insert(selector) {
                Ok(id) => ids.push(id),
                Err(crowded) => {
                    ids.into_iter().for_each(|id| self.index.remove(id));
                    return Err(crowded);
                }
            }
        }
        ids.sort_unstable();
        let all = ids.len();
        let mut once = ids.clone();
        once.dedup();
        if all > once.len() {
            let twice = ids.windows(2).filter(|pair| pair[0] == pair[1]);
            twice.for_each(|pair| self.index.remove(pair[0]));
        }
        Ok((!once.is_empty()).then(|| self.set_of(once.into())))
    }

    fn set_of(&mut self, selectors: Box<[SelectorId]>) -> SetId {
        let entry = match self.by_selectors.entry(selectors) {
            Entry::Occupied(known) => {
                // The set has its uses already.
                let known = (*known.get(), known.key().clone());
                known.1.iter().for_each(|id| self.index.remove(*id));
                return known.0;
            }
            Entry::Vacant(entry) => entry,
        };
        let id = self.free.pop().unwrap_or_else(|| {
            self.sets.push(Set::default());
            SetId(u32::try_from(self.sets.len() - 1).unwrap_or(u32::MAX))
        });
        for selector in entry.key() {
            if self.sets_with.len() <= selector.index() {
                self.sets_with.resize_with(selector.index() + 1, Vec::new);
            }
            self.sets_with[selector.index()].push(id);
        }
        self.sets[id.0 as usize] = Set {
            selectors: entry.key().clone(),
            ..Set::default()
        };
        entry.insert(id);
        id
    }

    pub(super) fn join(&mut self, id: SetId, reader: ReaderKey) {
        if let Some(set) = self.set_mut(id) {
            set.readers.push(reader);
        }
    }

    /// A reader has gone; with the last one the set goes too.
    pub(super) fn leave(&mut self, id: SetId, is_there: impl Fn(ReaderKey) -> bool) {
        let Some(set) = self.set_mut(id) else { return };
        set.readers.left(is_there);
        if set.readers.len() > 0 {
            return;
        }
        let selectors = std::mem::take(&mut set.selectors);
        self.by_selectors.remove(&selectors);
        for selector in &selectors {
            if let Some(sets) = self.sets_with.get_mut(selector.index()) {
                sets.retain(|known| *known != id);
            }
            self.index.remove(*selector);
        }
        self.free.push(id);
    }

    /// The sets that cover an event with these topics, in order.
    pub(super) fn covering<'a>(&mut self, topics: impl Iterator<Item = &'a str>) -> Box<[SetId]> {
        self.index.find_any(topics, &mut self.matches);
        let matched = self.matches.ids().iter();
        let sets = matched.filter_map(|id| self.sets_with.get(id.index()));
        let mut covering: Vec<SetId> = sets.flatten().copied().collect();
        covering.sort_unstable();
        covering.dedup();
        covering.into()
    }

    pub(super) fn selectors(&self, id: SetId) -> Vec<Selector> {
        let ids = self.set(id).map(|set| set.selectors.iter());
        let found = ids
            .into_iter()
            .flatten()
            .filter_map(|id| self.index.get(*id));
        found.cloned().collect()
    }
}
