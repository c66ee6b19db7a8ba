//! How following the engine goes.
//!
//! Next: `tail.rs`, which says so.

use std::time::Duration;

use tokio::time::Instant;

/// How long the tail may be silent before it counts as lost: an engine owes a sign of life every 2 s.
pub(crate) const SILENCE: Duration = Duration::from_secs(3);

#[derive(Clone, Debug)]
pub(crate) struct TailState {
    /// The newest event that the node has.
    pub(crate) head: u64,
    /// The newest that the engine is known to have.
    pub(crate) engine_head: u64,
    /// When the engine was last heard of.
    pub(crate) heard: Instant,
    /// Since when the node has been behind the engine.
    pub(crate) behind_since: Option<Instant>,
    /// What is wrong, if something is.
    pub(crate) stalled: Option<String>,
}

impl TailState {
    pub(crate) fn new(head: u64, now: Instant) -> Self {
        Self {
            head,
            engine_head: head,
            heard: now,
            behind_since: None,
            stalled: None,
        }
    }

    /// Whether what this node does not know is not there.
    pub(crate) fn is_live(&self, now: Instant) -> bool {
        self.stalled.is_none() && self.head >= self.engine_head && self.is_heard(now)
    }

    pub(crate) fn is_heard(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.heard) < SILENCE
    }
}
