//! In: a row of timings. Out: our ratio to its best peer, and whether the bars are reached.
//!
//! Next: `report.rs`, which prints them.

use super::bars::{self, Bars};
use super::engines::{self, Role};
use super::run::{Row, Timing};

/// What a row comes to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verdict<'a> {
    pub(crate) best_peer: &'a Timing,
    pub(crate) bars: Bars,
    /// Lent events to the best peer.
    pub(crate) lent: Option<f64>,
    /// Owned events to the best peer.
    pub(crate) owned: Option<f64>,
    /// Whether all peers were measured, without which nothing passes or fails.
    pub(crate) complete: bool,
}

impl<'a> Verdict<'a> {
    /// `None` when no peer was measured.
    pub(crate) fn of(row: &'a Row) -> Option<Self> {
        let is_peer = |t: &&Timing| t.engine.role == Role::Peer;
        let peers = || row.timings.iter().filter(is_peer);
        let best_peer = peers().max_by(|a, b| a.median().total_cmp(&b.median()))?;
        let ratio = |name| Some(row.timing(name)?.median() / best_peer.median());
        let all = engines::ALL
            .iter()
            .filter(|engine| engine.role == Role::Peer);
        Some(Self {
            best_peer,
            bars: bars::of(row.corpus, row.chunking),
            lent: ratio("wellspring"),
            owned: ratio("wellspring-owned"),
            complete: peers().count() == all.count(),
        })
    }

    /// Whether a bar that must be reached is not.
    pub(crate) fn fails(&self) -> bool {
        let below = |ratio: Option<f64>, bar: Option<f64>| {
            ratio.zip(bar).is_some_and(|(ratio, bar)| ratio < bar)
        };
        self.complete
            && (below(self.lent, self.bars.must) || below(self.owned, self.bars.owned_must))
    }

    pub(crate) fn word(&self) -> &'static str {
        match self.lent {
            _ if self.fails() => "**FAIL**",
            Some(lent) if self.complete && lent >= self.bars.goal => "goal",
            Some(_) if self.complete && self.bars.must.is_some() => "pass",
            Some(_) if self.complete => "below goal",
            _ => "–",
        }
    }
}
