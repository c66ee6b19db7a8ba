//! What a token allows. In: selectors of a token. Out: whether topics are covered by them.
//!
//! Next: `tokens/mercure_claim.rs` and `tokens/access_token.rs` read them out of tokens.

use std::sync::Arc;

use wellspring_matcher::Selector;

/// The most selectors that a token may have, all its lists together.
pub const MAX_GRANTS: usize = 1_000;

/// Holds the topics that a token allows one action on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    selectors: Arc<[Selector]>,
}

impl Grants {
    /// Returns those of these selectors.
    #[must_use]
    pub fn new(selectors: Vec<Selector>) -> Self {
        Self {
            selectors: selectors.into(),
        }
    }

    /// Returns true if nothing is allowed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.selectors.is_empty()
    }

    /// Returns the selectors.
    #[must_use]
    pub fn selectors(&self) -> &[Selector] {
        &self.selectors
    }

    /// Returns true if the topic is covered.
    #[must_use]
    pub fn cover(&self, topic: &str) -> bool {
        self.selectors
            .iter()
            .any(|selector| selector.matches(topic))
    }

    /// Returns true if every one of the topics is covered: what publishing asks for.
    #[must_use]
    pub fn cover_all<'a>(&self, topics: impl IntoIterator<Item = &'a str>) -> bool {
        topics.into_iter().all(|topic| self.cover(topic))
    }
}
