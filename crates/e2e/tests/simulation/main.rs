//! A channel and the machine over a link that fails, in virtual time: no socket, no clock, and all
//! chance from one seed. Each event must come once, in order and whole, and no attempt may come too
//! early. 200 seeds, or as many as `WELLSPRING_SEEDS` says, from `WELLSPRING_SEED` on.

#![allow(clippy::unwrap_used, clippy::panic)]

mod link;
mod world;

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use link::{Fault, Tally};
use world::World;

const SEEDS: u64 = 200;

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(text.parse().unwrap())
}

#[test]
fn simulated_links_lose_and_double_nothing() {
    let first = number("WELLSPRING_SEED").unwrap_or(0);
    let seeds = number("WELLSPRING_SEEDS").unwrap_or(SEEDS);
    let mut tally = Tally::default();
    for seed in first..first + seeds {
        let run = || World::new(seed).run(&mut tally);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(run)) {
            println!("it fails with WELLSPRING_SEED={seed} WELLSPRING_SEEDS=1");
            resume_unwind(panic);
        }
    }
    println!("{seeds} seeds: {tally:?}");
    if seeds >= SEEDS {
        for fault in Fault::ALL {
            assert!(
                tally.of(fault) * 2 > seeds,
                "{fault:?} is too rare: {tally:?}"
            );
        }
    }
}
