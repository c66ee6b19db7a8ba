//! In: a row of figures. Out: ours held against the floor and the best peer.
//!
//! Next: `report.rs`.

use super::engines::{self, Role};
use super::run::{Row, Timing};
use super::wire::Framing;
use crate::median::median;

/// At most so many times the floor, at least so many times better than the best peer.
struct Bar {
    engine: &'static str,
    floor: f64,
    peer: f64,
}

/// For chunks of 16 KiB; other framings are for information.
const BARS: [Bar; 3] = [
    Bar {
        engine: "wellspring",
        floor: 1.4,
        peer: 2.4,
    },
    Bar {
        engine: "wellspring-handlers",
        floor: 1.4,
        peer: 2.4,
    },
    Bar {
        engine: "wellspring-owned",
        floor: 1.9,
        peer: 1.8,
    },
];

/// One engine of ours, as ratios.
#[derive(Clone, Debug)]
pub(crate) struct Verdict {
    pub(crate) engine: &'static str,
    /// Times what the floor spends, and the most that may be.
    pub(crate) floor: Option<f64>,
    pub(crate) floor_bar: Option<f64>,
    /// How many times as much the best peer spends, and the least that must be.
    pub(crate) peer: Option<f64>,
    pub(crate) peer_bar: Option<f64>,
    pub(crate) fails: bool,
}

/// The peer that spends least.
pub(crate) fn best_peer(row: &Row) -> Option<&Timing> {
    let peers = row
        .timings
        .iter()
        .filter(|timing| timing.engine.role == Role::Peer);
    peers.min_by(|a, b| median(&a.cpu).total_cmp(&median(&b.cpu)))
}

pub(crate) fn verdicts(row: &Row) -> Vec<Verdict> {
    let best = best_peer(row).map(|timing| median(&timing.cpu));
    let floor = row.cpu("floor");
    let peers = |role: Role| role == Role::Peer;
    let measured = row
        .timings
        .iter()
        .filter(|timing| peers(timing.engine.role))
        .count();
    let complete = measured
        == engines::ALL
            .iter()
            .filter(|engine| peers(engine.role))
            .count();
    let ours = row
        .timings
        .iter()
        .filter(|timing| timing.engine.role == Role::Ours);
    ours.map(|timing| {
        let cpu = median(&timing.cpu);
        let engine = timing.engine.name;
        let bar = BARS.iter().find(|bar| bar.engine == engine);
        let bar = bar.filter(|_| row.framing == Framing::Wide);
        let to_floor = floor.map(|floor| cpu / floor);
        let to_peer = best.map(|best| best / cpu);
        let over = to_floor
            .zip(bar)
            .is_some_and(|(ratio, bar)| ratio > bar.floor);
        let under = to_peer
            .zip(bar)
            .is_some_and(|(ratio, bar)| ratio < bar.peer);
        Verdict {
            engine,
            floor: to_floor,
            floor_bar: bar.map(|bar| bar.floor),
            peer: to_peer,
            peer_bar: bar.map(|bar| bar.peer),
            fails: complete && (over || under),
        }
    })
    .collect()
}
