//! Channels and event sources over links that fail, in virtual time: no socket, no clock, and all chance from
//! one seed. What the server still has must come once, in order and whole; what it no longer has must be told as
//! a gap; no attempt may come too early; and when the faults end, everyone must catch up. 200 seeds, or as many
//! as `WELLSPRING_SEEDS` says, from `WELLSPRING_SEED` on. A single seed tells what happens in it.
//!
//! Next: `world.rs`, which lets things happen; then `server.rs` and `source.rs`, the two ends, `link.rs` between
//! them, `patience.rs` for the waits, and `story.rs`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod answer;
mod link;
mod patience;
mod seen;
mod server;
mod source;
mod story;
mod world;

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Mutex;
use std::thread;

use story::Story;
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
    let threads = thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let whole = Mutex::new(Story::new(seeds == 1));
    thread::scope(|scope| {
        for thread in 0..threads.min(seeds) {
            let whole = &whole;
            scope.spawn(move || {
                let mut story = Story::new(seeds == 1);
                let mine = (first + thread..first + seeds).step_by(threads as usize);
                mine.for_each(|seed| run(seed, &mut story));
                whole.lock().unwrap().add(&story);
            });
        }
    });
    let story = whole.into_inner().unwrap();
    println!("figures: {seeds} seeds; {story}");
    if seeds >= SEEDS {
        story.assert_all_happened(seeds / 20);
    }
}

fn run(seed: u64, story: &mut Story) {
    let run = || World::new(seed).run(story);
    if let Err(panic) = catch_unwind(AssertUnwindSafe(run)) {
        println!(
            "seed {seed} fails; again: WELLSPRING_SEED={seed} WELLSPRING_SEEDS=1 \
             cargo test -p wellspring-e2e --test simulation -- --nocapture"
        );
        resume_unwind(panic);
    }
}
