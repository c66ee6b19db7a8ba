//! Why a subscription did not begin.
//!
//! Next: `opening.rs`.

use std::fmt;

use wellspring_matcher::Crowded;

use crate::engine::EngineError;

/// Reports a subscription that did not begin. All but [`NoSelector`](Self::NoSelector) may work a little
/// later, or at another node.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubscribeError {
    /// The subscription has no selector.
    NoSelector,
    /// Too many different selectors begin with the same text as one of these.
    Crowded(Crowded),
    /// This node lacks events that the client has seen, and did not get them in time.
    Behind,
    /// The node is being drained.
    Draining,
    /// The engine could not be read, and the events in memory do not suffice.
    Engine(EngineError),
}

impl fmt::Display for SubscribeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSelector => f.write_str("the subscription has no selector"),
            Self::Crowded(crowded) => crowded.fmt(f),
            Self::Behind => f.write_str("this node is behind the event to resume from"),
            Self::Draining => f.write_str("this node is being drained"),
            Self::Engine(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for SubscribeError {}

impl From<EngineError> for SubscribeError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<Crowded> for SubscribeError {
    fn from(crowded: Crowded) -> Self {
        Self::Crowded(crowded)
    }
}
