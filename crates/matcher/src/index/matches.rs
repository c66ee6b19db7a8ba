//! What an index has found, and the memory it needs to find it.
//!
//! Next: `walk.rs`, which fills it.

use alloc::vec::Vec;

use super::SelectorId;
use super::walk::Walk;

/// The result of [`Index::find`](super::Index::find). Keeping one from topic to topic saves
/// allocations.
#[derive(Debug, Default)]
pub struct Matches {
    pub(super) ids: Vec<SelectorId>,
    pub(super) walk: Walk,
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
