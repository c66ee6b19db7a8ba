//! What an index has found, and the memory it needs to find it.
//!
//! Next: `walk.rs`, which fills it.

use alloc::vec::Vec;

use super::SelectorId;
use super::walk::Reading;

/// The result of [`Index::find`](super::Index::find). Keeping one from topic to topic saves
/// allocations.
#[derive(Debug, Default)]
pub struct Matches {
    pub(super) ids: Vec<SelectorId>,
    /// The ways in which the topic can be read so far, and those of the byte behind.
    pub(super) readings: Vec<Reading>,
    pub(super) next: Vec<Reading>,
}

impl Matches {
    /// Returns an empty result.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the numbers of the selectors that match, each once, in ascending order.
    #[must_use]
    pub fn ids(&self) -> &[SelectorId] {
        &self.ids
    }
}
