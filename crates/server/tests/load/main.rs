//! Many subscribers on loopback, well and badly behaved, the server in a process of its own: the healthy
//! ones get every event in order, and its memory does not follow the others.
//!
//! 500 of them once, or as many as `WELLSPRING_SUBSCRIBERS` says, once for each thousand; from 5,000 on
//! the healthy ones must also get their events nearly as soon as without the others. Linux tells what a
//! process holds, so this is for Linux.
//!
//! Next: `load/served.rs` (the process), `load/readers.rs` (who reads), `load/scale.rs` (how many).

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    unreachable_pub
)]

mod readers;
mod scale;
mod served;
#[expect(dead_code, reason = "other tests read and write bytes")]
#[path = "../it/support/server.rs"]
mod server;

use std::sync::Arc;
use std::time::{Duration, Instant};

use readers::Arrivals;
use scale::Scale;
use served::Served;
use tokio::time::{sleep, timeout};

/// Whatever the machine is doing besides.
const PATIENCE: Duration = Duration::from_secs(120);

/// Events before memory is looked at: by then each connection has all it needs to write, and nobody is
/// stuck.
const WARM_UP: usize = 5;

/// For each subscriber that does not read.
const HELD: u64 = 256 << 10;

/// For each subscriber of a small run, what it takes to be late, as all are on a busy machine: hyper
/// queues frames then. In a soak there is no such allowance.
const LATE: u64 = 4 << 10;

/// What a run came to.
#[derive(Debug)]
struct Run {
    p99: Duration,
    growth: u64,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn healthy_subscribers_get_everything_whatever_the_others_do() {
    let scale = Scale::from_environment();
    println!("figures: {scale}");
    let [mut without, mut with] = [Vec::new(), Vec::new()];
    for _ in 0..scale.runs {
        without.push(run(&scale.without_bad()).await);
        with.push(run(&scale).await);
    }
    let median = |runs: &[Run]| {
        let mut p99s: Vec<Duration> = runs.iter().map(|run| run.p99).collect();
        p99s.sort_unstable();
        p99s[p99s.len() / 2]
    };
    let ratio = median(&with).as_secs_f64() / median(&without).as_secs_f64();
    println!("figures: p99 with the bad ones: {ratio:.2} times that without them");
    assert!(
        !scale.is_soak() || ratio <= 2.0,
        "{with:#?}, without: {without:#?}"
    );
}

/// What the test above starts as its server.
#[test]
#[ignore = "serves until its input ends"]
fn serve() {
    served::serve();
}

async fn run(scale: &Scale) -> Run {
    let mut served = Served::start().await;
    let begin = Instant::now();
    let arrivals = Arc::new(Arrivals::new(scale.events));
    let healthy = (0..scale.healthy).map(|_| {
        let arrivals = Arc::clone(&arrivals);
        tokio::spawn(readers::read_all(served.address, begin, arrivals))
    });
    let healthy: Vec<_> = healthy.collect();
    let mut silent = Vec::new();
    for _ in 0..scale.silent {
        silent.push(readers::small(served.address).await);
    }
    let trickling = (0..scale.trickling).map(|_| tokio::spawn(readers::trickle(served.address)));
    let restless =
        (0..scale.restless).map(|nth| tokio::spawn(readers::come_and_go(served.address, nth)));
    let bad: Vec<_> = trickling.chain(restless).collect();
    // The memory that coming and going takes is there before the figures begin.
    served.wait_for_joins(scale.all() + scale.restless).await;
    let [mut before, mut most] = [0, 0];
    let begin_publishing = Instant::now();
    for number in 0..scale.events {
        let due = begin_publishing + scale.pause * u32::try_from(number).unwrap();
        sleep(due.saturating_duration_since(Instant::now())).await;
        served
            .publish(&readers::data(number, begin.elapsed()))
            .await;
        let resident = served.resident();
        if number < WARM_UP {
            before = resident;
        }
        most = most.max(resident);
    }
    for reader in healthy {
        timeout(PATIENCE, reader).await.unwrap().unwrap();
    }
    most = most.max(served.resident());
    let stats = served.stats().await;
    bad.iter().for_each(tokio::task::JoinHandle::abort);
    served.stop().await;
    let [p50, p99] = arrivals.percentiles([50, 99], scale.healthy);
    let run = Run {
        p99,
        growth: most - before,
    };
    println!(
        "figures: {} subscribers, {} joined: p50 {p50:?}, p99 {p99:?}, memory grew by {} KiB, {stats}",
        scale.all(),
        stats.joined,
        run.growth >> 10
    );
    let stuck = scale.silent + scale.trickling;
    assert!(stats.history_bytes <= served::HISTORY as u64, "{stats:?}");
    assert!(stats.pinned_bytes <= stuck as u64 * HELD, "{stats:?}");
    assert_eq!(
        stats.pinned_bytes > 0,
        stuck > 0,
        "is anybody stuck? {stats:?}"
    );
    let late = match scale.is_soak() {
        true => 0,
        false => scale.all() as u64 * LATE,
    };
    let allowed = served::HISTORY as u64 + scale.silent as u64 * HELD + late;
    assert!(
        stuck == 0 || run.growth <= allowed,
        "{run:?}, {allowed} allowed"
    );
    run
}
