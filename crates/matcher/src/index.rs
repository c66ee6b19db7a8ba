//! Any number of selectors. In: selectors, which get a number each. Out: for a topic, the numbers of
//! those that match it.
//!
//! Equal selectors are one, however often they are inserted. All of them stand in one tree: what they
//! begin with in common is compared once, and of the branches at a place only those that the topic's
//! next byte leads into. So the cost is that of the topic's length and of the ways it can be read, not
//! of the selectors that are there.
//!
//! Next: `index/tree.rs`, then `index/walk.rs`.

mod matches;
mod tree;
mod walk;

pub use matches::Matches;

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::error::Error;
use core::fmt;

use url::Url;

use crate::key;
use crate::selector::Selector;
use tree::{NodeId, Tree};

/// How many expressions an [`Index`] may have to read at the same time.
///
/// When a topic is compared, all expressions that begin at one place of the index are tried at once: `{a}` and
/// `{b}` of `/x/{a}` and `/x/{b}/y` both begin behind `/x/`. An expression without a clear end counts at the next
/// place too: in `{a}.{b}/c`, `{a}` may contain dots itself, so `{a}` and `{b}` are read together. Equal selectors
/// count once, and so does a beginning that selectors have in common. A selector that exceeds this is refused with
/// [`Crowded`].
pub const MAX_CROWD: usize = 1024;

/// Identifies a selector in an [`Index`]. The number is used again once the selector has been removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SelectorId(u32);

impl SelectorId {
    /// Returns the number, for use as an index: numbers are dense, and begin at 0.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Holds selectors, and finds those that match a topic.
#[derive(Debug, Default)]
pub struct Index {
    ids: BTreeMap<Arc<Selector>, SelectorId>,
    entries: Vec<Option<Entry>>,
    free: Vec<SelectorId>,
    /// Of topics: exact ones and templates.
    tree: Tree,
    /// Of the keys of URLs: URL patterns.
    urls: Tree,
    base: Option<Url>,
    any: Option<SelectorId>,
}

#[derive(Debug)]
struct Entry {
    selector: Arc<Selector>,
    uses: usize,
    /// Where in the tree a topic has to arrive.
    ends: Vec<NodeId>,
}

impl Index {
    /// Returns an index without selectors.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns an index without selectors that compares topics with URL patterns as URLs relative to
    /// this one. The patterns should be compiled with the same base.
    #[must_use]
    pub fn with_base(base: Url) -> Self {
        Self {
            base: Some(base),
            ..Self::default()
        }
    }

    /// Adds a selector, or one more use of it, and returns its number.
    ///
    /// # Errors
    /// [`Crowded`] if more than [`MAX_CROWD`] expressions would have to be read at the same time. The index is
    /// unchanged.
    pub fn insert(&mut self, selector: Selector) -> Result<SelectorId, Crowded> {
        if let Some(&id) = self.ids.get(&selector) {
            if let Some(entry) = self.entry_mut(id) {
                entry.uses += 1;
            }
            return Ok(id);
        }
        if self.tree_of(&selector).is_crowded(selector.pieces()) {
            return Err(Crowded);
        }
        let id = self.free_id();
        let selector = Arc::new(selector);
        let entry = Entry {
            selector: Arc::clone(&selector),
            uses: 1,
            ends: self.place(&selector, id),
        };
        self.entries[id.index()] = Some(entry);
        self.ids.insert(selector, id);
        Ok(id)
    }

    fn tree_of(&mut self, selector: &Selector) -> &mut Tree {
        match selector.over_urls() {
            Some(_) => &mut self.urls,
            None => &mut self.tree,
        }
    }

    /// Puts a selector into its tree, and tells where it ends there.
    fn place(&mut self, selector: &Selector, id: SelectorId) -> Vec<NodeId> {
        if selector.is_any() {
            self.any = Some(id);
            return Vec::new();
        }
        if selector.over_urls().is_some() {
            return alloc::vec![self.urls.insert_pieces(selector.pieces(), id)];
        }
        let text = self.tree.insert_text(selector.as_str().as_bytes(), id);
        let mut ends = alloc::vec![text];
        if !selector.pieces().is_empty() {
            ends.push(self.tree.insert_pieces(selector.pieces(), id));
        }
        ends
    }

    fn free_id(&mut self) -> SelectorId {
        self.free.pop().unwrap_or_else(|| {
            self.entries.push(None);
            let last = self.entries.len() - 1;
            SelectorId(u32::try_from(last).expect("4 billion selectors do not fit into memory"))
        })
    }

    fn entry_mut(&mut self, id: SelectorId) -> Option<&mut Entry> {
        self.entries.get_mut(id.index()).and_then(Option::as_mut)
    }

    /// Removes one use of a selector; with its last use the selector leaves the index. Does nothing
    /// if the number is not in use.
    pub fn remove(&mut self, id: SelectorId) {
        let Some(entry) = self.entry_mut(id) else {
            return;
        };
        entry.uses -= 1;
        if entry.uses > 0 {
            return;
        }
        let Some(entry) = self.entries[id.index()].take() else {
            return;
        };
        for end in entry.ends {
            self.tree_of(&entry.selector).remove(end, id);
        }
        if entry.selector.is_any() {
            self.any = None;
        }
        self.ids.remove(&entry.selector);
        self.free.push(id);
    }

    /// Returns the selector with this number.
    #[must_use]
    pub fn get(&self, id: SelectorId) -> Option<&Selector> {
        let entry = self.entries.get(id.index())?.as_ref();
        entry.map(|entry| &*entry.selector)
    }

    /// Returns how many different selectors are in the index.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Returns true if no selector is in the index.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Finds the selectors that match the topic. They replace what `matches` held.
    pub fn find(&self, topic: &str, matches: &mut Matches) {
        self.find_any([topic], matches);
    }

    /// Finds the selectors that match at least one of an update's topics, each of them once. They
    /// replace what `matches` held.
    pub fn find_any<'a>(&self, topics: impl IntoIterator<Item = &'a str>, matches: &mut Matches) {
        matches.ids.clear();
        for topic in topics {
            let Matches { ids, walk } = matches;
            walk.walk(&self.tree, topic.as_bytes(), ids);
            self.find_by_url(topic, matches);
        }
        matches.ids.extend(self.any);
        matches.ids.sort_unstable();
        matches.ids.dedup();
    }
}

impl Index {
    /// Adds the URL patterns that match: of those whose key fits, the ones that match in full.
    fn find_by_url(&self, topic: &str, matches: &mut Matches) {
        if self.urls.is_empty() {
            return;
        }
        let Some(url) = key::parse(topic, self.base.as_ref()) else {
            return;
        };
        let Matches { ids, walk } = matches;
        let before = ids.len();
        walk.walk(&self.urls, key::of(&url).as_bytes(), ids);
        let candidates = ids.split_off(before);
        let fits = |id: &SelectorId| {
            let pattern = self.get(*id).and_then(Selector::over_urls);
            pattern.is_some_and(|pattern| pattern.matches(&url))
        };
        ids.extend(candidates.into_iter().filter(fits));
    }
}

/// Reports a selector that was not added to an [`Index`], since more than [`MAX_CROWD`] expressions would have to
/// be read at the same time as one of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Crowded;

impl fmt::Display for Crowded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the index has {MAX_CROWD} expressions already that have to be read at the same time as \
             those of this selector; let one end where a character follows that it cannot have, such \
             as '/' behind {{name}}"
        )
    }
}

impl Error for Crowded {}
