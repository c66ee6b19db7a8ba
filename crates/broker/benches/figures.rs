//! The figures of one node. In: `publish`, `durable` or `history`, and a number for the last. Out: a line
//! for each figure, with what it is to reach.
//!
//! `cargo bench -p wellspring-broker --bench figures -- publish durable history`

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement that fails has no figure"
)]

use std::fs::{File, OpenOptions};
use std::future::poll_fn;
use std::io::Write;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_core::Stream;
use wellspring_broker::{
    Append, Broker, BrokerOptions, Cursor, Delivery, Engine, MemoryEngine, PageLimits, Retention,
    Selector, SqliteEngine, Start, Subscribe, Subscription, Update,
};

const DATA: usize = 100;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let asked = |name: &str| arguments.iter().any(|argument| argument == name);
    runtime.block_on(async {
        if asked("publish") {
            publish().await;
        }
        if asked("durable") {
            durable().await;
        }
        if asked("history") {
            let numbers = arguments
                .iter()
                .filter_map(|argument| argument.parse().ok());
            history(numbers.max().unwrap_or(10_000_000)).await;
        }
    });
}

fn say(figure: &str, value: f64, unit: &str, goal: &str) {
    println!("{figure:58} {value:>12.1} {unit:9} ({goal})");
}

async fn next(subscription: &mut Subscription) -> Bytes {
    let next = poll_fn(|cx| Pin::new(&mut *subscription).poll_next(cx));
    match next.await {
        Some(Delivery::Frame(frame)) => frame,
        other => panic!("{other:?}"),
    }
}

/// A publish that one of many selectors matches, to the frame of the one subscriber that has it.
async fn publish() {
    type Shape = (&'static str, usize, fn(usize) -> String, &'static str);
    let shapes: [Shape; 3] = [
        (
            "literal",
            100_000,
            |n| format!("https://x.example/users/{n}"),
            "https://x.example/users/7",
        ),
        (
            "behind one variable",
            100_000,
            |n| format!("/{{lang}}/users/{n}"),
            "/en/users/7",
        ),
        (
            "without a prefix, 1,000 of them",
            1_000,
            |n| format!("{{+x}}/users/{n}"),
            "/en/users/7",
        ),
    ];
    for (name, count, selector, topic) in shapes {
        let engine = Arc::new(MemoryEngine::new());
        let broker = Broker::open(engine, BrokerOptions::default())
            .await
            .unwrap();
        let mut subscriptions = Vec::with_capacity(count);
        for number in 0..count {
            let wanted = Subscribe::new([Selector::parse(&selector(number)).unwrap()]);
            subscriptions.push(broker.subscribe(wanted).await.unwrap());
        }
        let update = Update::new(topic).unwrap().data("x".repeat(DATA));
        // Waits in its list, as all others do.
        for subscription in &mut subscriptions {
            let once = poll_fn(|cx| {
                std::task::Poll::Ready(Pin::new(&mut *subscription).poll_next(cx).is_pending())
            });
            assert!(once.await);
        }
        let mut times = Vec::new();
        for _ in 0..2_000 {
            let before = Instant::now();
            broker.publish(&update, None).await.unwrap();
            next(&mut subscriptions[7]).await;
            times.push(before.elapsed());
        }
        times.sort();
        let median = times[times.len() / 2].as_secs_f64() * 1e6;
        let figure = format!("publish to delivery, {count} selectors, {name}");
        say(&figure, median, "µs", "must < 200, goal < 50");
    }
}

/// Appends and syncs the same bytes, and nothing else.
fn bare(folder: &Path, rounds: usize) -> f64 {
    let mut file = OpenOptions::new();
    let mut file: File = file
        .create(true)
        .append(true)
        .open(folder.join("bare"))
        .unwrap();
    let before = Instant::now();
    for _ in 0..rounds {
        file.write_all(&[b'x'; DATA + 60]).unwrap();
        file.sync_data().unwrap();
    }
    rounds as f64 / before.elapsed().as_secs_f64()
}

async fn publishes(broker: &Broker, in_flight: usize, each: usize) -> f64 {
    let before = Instant::now();
    let tasks = (0..in_flight).map(|task| {
        let broker = broker.clone();
        tokio::spawn(async move {
            let topic = format!("https://x.example/users/{task}");
            let update = Update::new(topic).unwrap().data("x".repeat(DATA));
            for _ in 0..each {
                broker.publish(&update, None).await.unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    (in_flight * each) as f64 / before.elapsed().as_secs_f64()
}

async fn durable() {
    let folder = tempfile::tempdir_in(".").unwrap();
    let engine = Arc::new(SqliteEngine::open(folder.path()).unwrap());
    let broker = Broker::open(engine, BrokerOptions::default())
        .await
        .unwrap();
    publishes(&broker, 1, 200).await;
    let mut ratios = Vec::new();
    for _ in 0..5 {
        let alone = bare(folder.path(), 1_000);
        let ours = publishes(&broker, 1, 1_000).await;
        println!("  bare {alone:.0}/s, one in flight {ours:.0}/s");
        ratios.push(ours / alone);
    }
    ratios.sort_by(f64::total_cmp);
    say(
        "durable publishes, 1 in flight ÷ bare write and fdatasync",
        ratios[2],
        "",
        "must 0.7, goal 0.85",
    );
    let many = publishes(&broker, 64, 1_000).await;
    say(
        "durable publishes, 64 in flight",
        many,
        "/s",
        "must 20,000, goal 40,000",
    );
}

fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}

async fn fill(engine: &SqliteEngine, count: u64) {
    let epoch = engine.bounds().await.unwrap().lineage.current();
    let engine_for_records = MemoryEngine::with_epoch(epoch);
    let broker = Broker::open(Arc::new(engine_for_records), BrokerOptions::default());
    let broker = broker.await.unwrap();
    drop(broker);
    let record = stored_form().await;
    for _ in 0..count / 1_000 {
        let one = |_| Append::new(fastrand::u64(..), 1, record.clone());
        let outcomes = engine.append(epoch, (0..1_000).map(one).collect());
        assert_eq!(outcomes.await.len(), 1_000);
    }
}

/// The bytes that an update is stored as.
async fn stored_form() -> Bytes {
    let engine = Arc::new(MemoryEngine::new());
    let broker = Broker::open(engine.clone(), BrokerOptions::default())
        .await
        .unwrap();
    let update = Update::new("https://x.example/users/7")
        .unwrap()
        .data("x".repeat(DATA));
    broker.publish(&update, None).await.unwrap();
    let page = engine.read_after(0, PageLimits::new(1, 1)).await.unwrap();
    page.records[0].record.clone()
}

async fn resume(broker: &Broker, engine: &SqliteEngine, back: u64) -> (f64, f64) {
    let bounds = engine.bounds().await.unwrap();
    let after = bounds.head - back;
    let page = engine
        .read_after(after - 1, PageLimits::new(1, 1))
        .await
        .unwrap();
    let cursor = Cursor::new(bounds.lineage.current(), after, page.records[0].tag as u16);
    let wanted = Selector::parse("https://x.example/users/{id}").unwrap();
    let wanted = Subscribe::new([wanted]).start(Start::After(cursor.to_string()));
    let before = Instant::now();
    let mut subscription = broker.subscribe(wanted).await.unwrap();
    assert!(subscription.resume().unwrap().is_found());
    let mut most = 0.0_f64;
    for count in 0..back {
        next(&mut subscription).await;
        if count % 100_000 == 0 {
            most = most.max(resident());
        }
    }
    (before.elapsed().as_secs_f64(), most)
}

async fn history(count: u64) {
    let folder = tempfile::tempdir_in(".").unwrap();
    let engine = SqliteEngine::open(folder.path()).unwrap();
    let before = Instant::now();
    fill(&engine, count).await;
    let each = count as f64 / before.elapsed().as_secs_f64();
    say(
        &format!("filled with {count}, a thousand at a time"),
        each,
        "/s",
        "no goal",
    );
    drop(engine);
    let before = Instant::now();
    let engine = Arc::new(SqliteEngine::open(folder.path()).unwrap());
    let retention = Retention::default().with_events(count).with_bytes(1 << 40);
    let retention = retention.with_age(Duration::from_secs(86_400));
    let options = BrokerOptions::default().with_retention(retention);
    let broker = Broker::open(engine.clone(), options).await.unwrap();
    say(
        "start with these",
        before.elapsed().as_secs_f64() * 1e3,
        "ms",
        "must < 1,000",
    );
    publishes(&broker, 8, 250).await;
    let (near, _) = resume(&broker, &engine, 5).await;
    say(
        "resume from 5 back, to the last of 5",
        near * 1e3,
        "ms",
        "must < 5",
    );
    let start = resident();
    let back = 1_000_000.min(count / 2);
    let (far, most) = resume(&broker, &engine, back).await;
    let figure = format!("replay of {back} to one reader");
    say(&figure, back as f64 / far, "/s", "must 300,000");
    say("memory that it took at most", most - start, "MiB", "flat");
}
