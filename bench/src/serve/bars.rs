//! In: a row of figures. Out: ours held against a bare loop of `send`, axum and nchan, as medians of ratios within a round.
//!
//! CPU time is held against CPU time: on one core that is what deliveries a second come to when the core has nothing
//! else to do.
//!
//! Next: `report.rs`.

use super::engines::Role;
use super::run::{Row, Run, Timing};
use crate::median::median;
use std::borrow::Cow;

/// What a subscriber that waits may cost, in bytes.
const IDLE_MUST: f64 = 2_048.0;

/// A comparison, and what it has to come to.
struct Bar {
    what: &'static str,
    /// The engine to be held against. `None`: nothing but itself.
    peer: Option<&'static str>,
    ratio: fn(ours: &Run, peer: &Run) -> f64,
    must: Limit,
    goal: Option<f64>,
}

/// The least or the most that is good.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    AtLeast(f64),
    AtMost(f64),
}

const BARS: [Bar; 4] = [
    Bar {
        what: "one in flight: CPU ÷ a bare loop's",
        peer: Some("epoll"),
        ratio: |ours, peer| ours.modes[0].cpu / peer.modes[0].cpu,
        must: Limit::AtMost(1.25),
        goal: Some(1.12),
    },
    Bar {
        what: "sixteen in flight: axum's CPU (multi-thread) ÷ ours",
        peer: Some("axum-mt"),
        ratio: |ours, peer| peer.modes[1].cpu / ours.modes[1].cpu,
        must: Limit::AtLeast(3.5),
        goal: Some(5.0),
    },
    Bar {
        what: "sixteen in flight: nchan's CPU ÷ ours",
        peer: Some("nchan"),
        ratio: |ours, peer| peer.modes[1].cpu / ours.modes[1].cpu,
        must: Limit::AtLeast(18.0),
        goal: Some(25.0),
    },
    Bar {
        what: "bytes for an idle subscriber",
        peer: None,
        ratio: |ours, _| ours.idle,
        must: Limit::AtMost(IDLE_MUST),
        goal: Some(922.0),
    },
];

/// One comparison of one engine of ours.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    pub(crate) engine: &'static str,
    pub(crate) what: Cow<'static, str>,
    pub(crate) value: f64,
    pub(crate) must: Limit,
    pub(crate) goal: Option<f64>,
}

impl Verdict {
    /// Whether a bar that must be reached is not.
    pub(crate) fn fails(&self) -> bool {
        match self.must {
            Limit::AtLeast(least) => self.value < least,
            Limit::AtMost(most) => self.value > most,
        }
    }

    pub(crate) fn word(&self) -> &'static str {
        let reached = self.goal.is_some_and(|goal| match self.must {
            Limit::AtLeast(_) => self.value >= goal,
            Limit::AtMost(_) => self.value <= goal,
        });
        match reached {
            _ if self.fails() => "**FAIL**",
            true => "goal",
            false => "pass",
        }
    }
}

/// All that can be said with the engines that were measured.
pub(crate) fn verdicts(row: &Row) -> Vec<Verdict> {
    let ours = row
        .timings
        .iter()
        .filter(|timing| timing.engine.role == Role::Ours);
    ours.flat_map(|timing| BARS.iter().filter_map(|bar| bar.verdict(row, timing)))
        .collect()
}

impl Bar {
    fn verdict(&self, row: &Row, ours: &Timing) -> Option<Verdict> {
        let peer = match self.peer {
            None => ours,
            Some(name) => row.timing(name)?,
        };
        let rounds = ours.runs.iter().zip(&peer.runs);
        Some(Verdict {
            engine: ours.engine.name,
            what: self.what.into(),
            value: median(rounds.map(|(ours, peer)| (self.ratio)(ours, peer))),
            must: self.must,
            goal: self.goal,
        })
    }
}
