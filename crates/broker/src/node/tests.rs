//! A node against the naive way: every event kept for ever, every reader's selectors tried on each.

mod fork;
mod sum;
mod weight;
mod world;

use sum::Sum;
use world::World;

/// `WELLSPRING_SEEDS` says how many for longer runs.
fn seeds() -> u64 {
    let wanted = std::env::var("WELLSPRING_SEEDS").ok();
    wanted.map_or(200, |text| text.parse().unwrap())
}

#[test]
fn each_reader_gets_what_it_is_owed_and_is_woken_for_nothing_else() {
    let mut sum = Sum::default();
    for seed in 0..seeds() {
        let mut world = World::new(seed);
        for _ in 0..250 {
            world.step();
        }
        world.finish();
        sum += world.sum;
    }
    println!("figures: {} seeds, {sum:?}", seeds());
    assert!(sum.delivered > 1_000 && sum.woken > 500, "{sum:?}");
    assert!(
        sum.gaps > 5 && sum.older > 100 && sum.rewritten > 5,
        "{sum:?}"
    );
}

#[test]
fn a_node_without_readers_keeps_nothing_of_them() {
    let mut world = World::new(1);
    for _ in 0..500 {
        world.step();
    }
    world.leave_all();
    assert_eq!((world.node.subscribers(), world.node.selectors()), (0, 0));
}
