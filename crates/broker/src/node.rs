//! What one node knows: the recent events, who reads them, and who wants which. In: events in order,
//! readers that come and ask. Out: events for each reader, and whom to wake. Pure: no clock, no lock, no
//! tasks; wakers are handed back to be called.
//!
//! Each event is compared with all selectors once, and its number goes into a list for each selector
//! that matches. A reader merges the lists of its selectors, and waits in them.
//!
//! Next: `node/window.rs` for the events, `node/lists.rs` for the lists, `node/readers.rs`,
//! `node/grants.rs`; `node/read.rs` for reading.

mod apply;
mod grants;
mod interest;
mod join;
mod latest;
mod lists;
mod read;
mod readers;
mod rewind;
mod window;

pub(crate) use apply::Hole;
pub(crate) use interest::Interest;
pub(crate) use join::Join;
pub(crate) use latest::LatestLimits;
pub(crate) use read::Read;
pub(crate) use readers::{Place, ReaderKey};
pub(crate) use window::WindowLimits;

use std::sync::Arc;

use url::Url;
use wellspring_matcher::{Index, Matches};

use crate::cursor::{Cursor, short};
use crate::engine::Bounds;
use crate::event::Event;
use crate::lineage::Lineage;
use grants::GrantSets;
use latest::Latest;
use lists::Lists;
use readers::Readers;
use window::Window;

#[derive(Debug)]
pub(crate) struct Node {
    lineage: Lineage,
    /// The oldest event that the engine has, as far as is known here.
    horizon: u64,
    trimmed_tag: Option<u64>,
    window: Window,
    latest: Latest,
    index: Index,
    base: Option<Url>,
    matches: Matches,
    lists: Lists,
    grants: GrantSets,
    readers: Readers,
    foreign: u64,
}

impl Node {
    /// Begins behind the newest event.
    pub(crate) fn new(
        bounds: &Bounds,
        limits: WindowLimits,
        latest: LatestLimits,
        base: Option<Url>,
    ) -> Self {
        let index = || base.clone().map_or_else(Index::new, Index::with_base);
        Self {
            lineage: bounds.lineage.clone(),
            horizon: bounds.horizon,
            trimmed_tag: bounds.trimmed_tag,
            window: Window::new(Place::new(bounds.head, short(bounds.head_tag)), limits),
            latest: Latest::new(latest),
            index: index(),
            grants: GrantSets::new(index()),
            base,
            matches: Matches::new(),
            lists: Lists::default(),
            readers: Readers::default(),
            foreign: 0,
        }
    }

    pub(crate) fn lineage(&self) -> &Lineage {
        &self.lineage
    }

    pub(crate) fn head(&self) -> Place {
        self.window.head()
    }

    pub(crate) fn horizon(&self) -> u64 {
        self.horizon
    }

    pub(crate) fn trimmed_tag(&self) -> Option<u64> {
        self.trimmed_tag
    }

    pub(crate) fn window_size(&self) -> (usize, usize) {
        (self.window.len(), self.window.bytes())
    }

    pub(crate) fn subscribers(&self) -> usize {
        self.readers.len()
    }

    pub(crate) fn selectors(&self) -> usize {
        self.index.len()
    }

    pub(crate) fn foreign(&self) -> u64 {
        self.foreign
    }

    pub(crate) fn event(&self, sequence: u64) -> Option<&Arc<Event>> {
        let window = self.window.event(sequence);
        window.or_else(|| self.latest.event(sequence))
    }

    /// Some of the newest events of their topics between two places, of those that have left the window.
    pub(crate) fn latest_between(&self, after: u64, before: u64, most: usize) -> Vec<Arc<Event>> {
        self.latest.between(after, before, most)
    }

    /// The place of an event, if its tag is in memory.
    pub(crate) fn known_place(&self, sequence: u64) -> Option<Place> {
        let trimmed = self.trimmed_tag.filter(|_| sequence + 1 == self.horizon);
        let trimmed = trimmed.map(|tag| Place::new(sequence, short(tag)));
        self.window.place(sequence).or(trimmed)
    }

    /// The earliest event in memory with this publisher's id.
    pub(crate) fn find(&self, id: &str) -> Option<Place> {
        self.window.find(id)
    }

    pub(crate) fn cursor(&self, place: Place) -> Cursor {
        let epoch = self.lineage.epoch_at(place.sequence);
        Cursor::new(epoch, place.sequence, place.tag)
    }
}

#[cfg(test)]
mod tests;
