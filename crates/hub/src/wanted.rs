//! What a subscriber asks for, whichever dialect it speaks. In: selectors, a place. Out: the same, held
//! together.
//!
//! Next: `dialect_07.rs` and `dialect_08.rs` read it out of queries.

use wellspring_matcher::Selector;

use crate::refusal::Refusal;

/// The most selectors that a subscription may have.
pub const MAX_SELECTORS: usize = 1_000;

/// Names a dialect of the Mercure protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Dialect {
    /// Of version 0.x: draft-07.
    V07,
    /// Of version 1.0: draft-08.
    V08,
}

/// Which kind of selector it is, as the API of subscriptions names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum MatchType {
    /// One of the 0.x dialect: an exact topic, a URI template, or `*`.
    Topic,
    /// One of 1.0, compared byte by byte.
    Exact,
    /// One of 1.0: a URL pattern.
    UrlPattern,
}

impl MatchType {
    /// The one of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let all = [Self::Topic, Self::Exact, Self::UrlPattern];
        all.into_iter().find(|one| one.as_str() == name)
    }

    /// Its name in the 1.0 dialect; that of 0.x has none.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::Exact => "exact",
            Self::UrlPattern => "urlpattern",
        }
    }
}

/// One selector of a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// What is matched.
    pub(crate) selector: Selector,
    /// Which kind it is.
    pub(crate) match_type: MatchType,
}

/// A subscription as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subscribe {
    /// The dialect that it is in.
    pub(crate) dialect: Dialect,
    /// At least one.
    pub(crate) wanted: Vec<Wanted>,
    /// The last event ID, as it came; not empty.
    pub(crate) last_event_id: Option<String>,
    /// Whether the stream shall have an event where events are missing.
    pub(crate) tell_gaps: bool,
    /// Whether the stream shall have an event 30 s before the token expires.
    pub(crate) tell_expiry: bool,
}

/// The refusal of more selectors than there may be.
pub(crate) fn too_many() -> Refusal {
    Refusal::bad(format!(
        "A subscription has at most {MAX_SELECTORS} topic selectors; open a second one for more."
    ))
}
