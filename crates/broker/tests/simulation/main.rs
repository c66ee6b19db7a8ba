//! A broker over an engine that is ahead of it, in virtual time: what is published is stored, and trimmed
//! again, before the tail has brought it. Each subscriber must get what it is owed once and in order, or
//! hear of a gap, once, where events are gone. 200 seeds, or as many as `WELLSPRING_SEEDS` says, from
//! `WELLSPRING_SEED` on.
//!
//! Next: `world.rs`, which lets things happen; then `ahead.rs`, the engine, and `reader.rs`, a subscriber
//! and what it is owed.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod ahead;
mod reader;
mod sum;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Mutex;
use std::thread;

use sum::Sum;
use tokio::runtime::Builder;
use world::World;

const SEEDS: u64 = 200;
const STEPS: u32 = 80;

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap())
}

#[test]
fn each_subscriber_gets_what_it_is_owed_from_an_engine_that_is_ahead() {
    let first = number("WELLSPRING_SEED").unwrap_or(0);
    let seeds = number("WELLSPRING_SEEDS").unwrap_or(SEEDS);
    let threads = thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let whole = Mutex::new(Sum::default());
    thread::scope(|scope| {
        for thread in 0..threads.min(seeds) {
            let whole = &whole;
            scope.spawn(move || {
                let mut sum = Sum::default();
                let mine = (first + thread..first + seeds).step_by(threads as usize);
                mine.for_each(|seed| sum += run(seed));
                *whole.lock().unwrap() += sum;
            });
        }
    });
    let sum = whole.into_inner().unwrap();
    println!("figures: {seeds} seeds with an engine that is ahead; {sum}");
    if seeds >= SEEDS {
        sum.assert_all_happened(seeds / 20);
    }
}

fn run(seed: u64) -> Sum {
    let simulated = || {
        // Tags are drawn by the broker itself.
        fastrand::seed(seed);
        let mut runtime = Builder::new_current_thread();
        let runtime = runtime.enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let mut world = World::new(seed).await;
            for _ in 0..STEPS {
                world.step().await;
            }
            world.finish().await;
            world.sum
        })
    };
    catch_unwind(AssertUnwindSafe(simulated)).unwrap_or_else(|panic| {
        println!("WELLSPRING_SEED={seed} WELLSPRING_SEEDS=1");
        resume_unwind(panic)
    })
}
