//! In: a corpus and a chunking. Out: how many times the best peer we must be, and want to be.
//!
//! Next: `report.rs`, which holds the figures against them.

use super::chunks::Chunking;

/// What one row must reach, as ratios to its best peer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bars {
    /// Lent events, below which the run fails.
    pub(crate) must: Option<f64>,
    /// Lent events, what we aim at.
    pub(crate) goal: f64,
    /// Owned events, below which the run fails.
    pub(crate) owned_must: Option<f64>,
}

/// The bars of one row.
pub(crate) fn of(corpus: &str, chunking: Chunking) -> Bars {
    let wide = chunking == Chunking::Bytes(16 * 1024);
    let must = match (chunking, corpus) {
        (Chunking::Bytes(17), "multi-line-crlf" | "comments") => Some(0.7),
        (Chunking::Bytes(17), _) => Some(0.9),
        (Chunking::Event, "tokens") => Some(1.5),
        _ if wide => at_16_kib(corpus).0,
        _ => None,
    };
    let goal = if wide { at_16_kib(corpus).1 } else { 1.0 };
    let owned = wide && ["tokens", "data-only", "ticks"].contains(&corpus);
    Bars {
        must,
        goal: goal.max(must.unwrap_or(goal)),
        owned_must: owned.then_some(1.2),
    }
}

/// Must and goal with pieces of 16 KiB, what a client reads at a time.
fn at_16_kib(corpus: &str) -> (Option<f64>, f64) {
    match corpus {
        "tokens" => (Some(2.3), 3.0),
        "data-only" => (Some(1.6), 2.0),
        "wikimedia" => (Some(1.15), 1.4),
        "ticks" => (Some(3.0), 4.0),
        "long-lines" => (Some(0.8), 1.0),
        "multi-line-crlf" => (Some(1.6), 2.0),
        "comments" => (Some(1.8), 1.8),
        _ => (None, 1.0),
    }
}
