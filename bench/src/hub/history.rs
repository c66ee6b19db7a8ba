//! In: how many events. Out: how long a hub takes to start with so many stored, how long a subscriber waits that resumes
//! close behind, and how fast one reads that is far behind.
//!
//! Next: `program.rs`.

use super::durable::{publishes, update};
use super::part::{Part, ours};
use super::{Method, text};
use bytes::Bytes;
use futures_core::Stream;
use std::fs;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wellspring_broker::{
    Append, Broker, BrokerOptions, Cursor, Delivery, Engine, MemoryEngine, PageLimits, Retention,
    Selector, SqliteEngine, Start, Subscribe,
};
use wellspring_report::chart::Chart;

const NEAR: u64 = 5;
const FAR: u64 = 1_000_000;

pub(super) fn measure(method: Method) -> Result<Part, String> {
    let runtime = tokio::runtime::Runtime::new().map_err(text)?;
    runtime.block_on(stored(method))
}

async fn stored(method: Method) -> Result<Part, String> {
    let count = method.events;
    let folder = tempfile::tempdir_in(".").map_err(text)?;
    let engine = SqliteEngine::open(folder.path()).map_err(text)?;
    let before = Instant::now();
    fill(&engine, count).await?;
    let filled = count as f64 / before.elapsed().as_secs_f64();
    drop(engine);

    let before = Instant::now();
    let engine = Arc::new(SqliteEngine::open(folder.path()).map_err(text)?);
    let retention = Retention::default().with_events(count).with_bytes(1 << 40);
    let retention = retention.with_age(Duration::from_secs(86_400));
    let options = BrokerOptions::default().with_retention(retention);
    let broker = Broker::open(engine.clone(), options).await.map_err(text)?;
    let start = before.elapsed().as_secs_f64() * 1e3;
    // From here on each event that is stored trims one.
    publishes(&broker, 8, 250).await?;
    let mut near = 0.0_f64;
    for _ in 0..method.runs {
        near = near.max(resume(&broker, &engine, NEAR).await?.0 * 1e3);
    }
    let before = resident();
    let back = FAR.min(count / 2);
    let (far, most) = resume(&broker, &engine, back).await?;
    let speed = back as f64 / far;
    let table = format!(
        "| what | value |\n|---|---:|\n| filled, a thousand at a time | {filled:.0} a second |\n\
         | start with {count} stored | {start:.1} ms |\n| from {NEAR} back, to the last of {NEAR} | {near:.2} ms |\n\
         | from {back} back, to one reader | {speed:.0} a second |\n| memory that took at most | {:.1} MiB |\n\n",
        most - before
    );
    Ok(Part::new("history", "A long history")
        .how(format!(
            "{count} events with 100 bytes of data in SQLite, trimming on: each that is published trims one; from {NEAR} \
             back: the slowest of {}; nchan keeps 10 messages unless told otherwise, and has no numbers for what is gone",
            method.runs
        ))
        .tables(&table)
        .charts(vec![Chart {
            title: format!("Resuming from {back} back, {count} stored"),
            unit: "events a second to one reader, more is better".to_owned(),
            bars: vec![ours("hub", speed)],
        }])
        .at_most("ms to start", start, 1_000.0, None)
        .at_most(format!("ms to resume from {NEAR} back, to the last of {NEAR}"), near, 5.0, None)
        .at_least(format!("events a second from {back} back"), speed, 300_000.0, None)
        .at_most("MiB that takes", most - before, 64.0, None))
}

/// Mebibytes.
fn resident() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok());
    kilobytes.unwrap_or(0.0) / 1024.0
}

async fn fill(engine: &SqliteEngine, count: u64) -> Result<(), String> {
    let epoch = engine.bounds().await.map_err(text)?.lineage.current();
    let record = stored_form().await?;
    for _ in 0..count / 1_000 {
        let one = |_| Append::new(fastrand::u64(..), 1, record.clone());
        let outcomes = engine.append(epoch, (0..1_000).map(one).collect());
        outcomes.await;
    }
    let head = engine.bounds().await.map_err(text)?.head;
    let is_there = (head == count / 1_000 * 1_000).then_some(());
    is_there.ok_or_else(|| format!("{head} of {count} are stored"))
}

/// The bytes that an update is stored as.
async fn stored_form() -> Result<Bytes, String> {
    let engine = Arc::new(MemoryEngine::new());
    let broker = Broker::open(engine.clone(), BrokerOptions::default()).await;
    let published = broker.map_err(text)?.publish(&update(7)?, None).await;
    published.map_err(text)?;
    let page = engine
        .read_after(0, PageLimits::new(1, 1))
        .await
        .map_err(text)?;
    let stored = page.records.first().ok_or("it is not stored")?;
    Ok(stored.record.clone())
}

/// Seconds to the last event, and the most memory there was meanwhile.
async fn resume(broker: &Broker, engine: &SqliteEngine, back: u64) -> Result<(f64, f64), String> {
    let bounds = engine.bounds().await.map_err(text)?;
    let after = bounds.head - back;
    let page = engine.read_after(after - 1, PageLimits::new(1, 1)).await;
    let page = page.map_err(text)?;
    let stored = page.records.first().ok_or("it is gone")?;
    let cursor = Cursor::new(bounds.lineage.current(), after, stored.tag as u16);
    let wanted = Selector::parse("https://bench.example/users/{id}").map_err(text)?;
    let wanted = Subscribe::new([wanted]).start(Start::After(cursor.to_string()));
    let before = Instant::now();
    let mut subscription = broker.subscribe(wanted).await.map_err(text)?;
    if !subscription
        .resume()
        .is_some_and(|resume| resume.is_found())
    {
        return Err(format!("{cursor}: {:?}", subscription.resume()));
    }
    let mut most = 0.0_f64;
    for count in 0..back {
        let next = poll_fn(|cx| Pin::new(&mut subscription).poll_next(cx));
        match next.await {
            Some(Delivery::Frame(_)) => {}
            other => return Err(format!("{other:?} instead of event {count} of {back}")),
        }
        if count % 100_000 == 0 {
            most = most.max(resident());
        }
    }
    Ok((before.elapsed().as_secs_f64(), most))
}
