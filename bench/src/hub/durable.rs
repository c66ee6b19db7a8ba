//! In: nothing. Out: publishes a second that are on disk when they are answered, beside a bare loop of `write` and
//! `fdatasync`.
//!
//! Next: `history.rs`.

use super::part::{Part, bar, ours};
use super::{Method, text};
use crate::median::median;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tempfile::TempDir;
use wellspring_broker::{Broker, BrokerOptions, SqliteEngine, Update};
use wellspring_report::chart::{Chart, Role};

const DATA: usize = 100;

/// The bytes that an update takes as stored, about.
const STORED: usize = DATA + 60;

const ROUNDS: usize = 1_000;
const MANY: usize = 64;

pub(super) fn measure(method: Method) -> Result<Part, String> {
    let runtime = tokio::runtime::Runtime::new().map_err(text)?;
    let [mut bare_loop, mut one, mut many] = [Vec::new(), Vec::new(), Vec::new()];
    runtime.block_on(async {
        let (broker, folder) = open().await?;
        publishes(&broker, 1, 200).await?;
        for _ in 0..method.runs {
            bare_loop.push(bare(folder.path(), ROUNDS).map_err(text)?);
            one.push(publishes(&broker, 1, ROUNDS).await?);
            many.push(publishes(&broker, MANY, ROUNDS).await?);
        }
        Ok::<_, String>(())
    })?;
    let ratio = median(one.iter().zip(&bare_loop).map(|(one, bare)| one / bare));
    let [bare_loop, one, many] = [median(bare_loop), median(one), median(many)];
    let chart = Chart {
        title: "Durable publishes".to_owned(),
        unit: "a second, more is better".to_owned(),
        bars: vec![
            ours("one in flight", one),
            ours(format!("{MANY} in flight"), many),
            bar("write and fdatasync", bare_loop, Role::Floor),
        ],
    };
    let table = format!(
        "| what | a second |\n|---|---:|\n| write and fdatasync, alone | {bare_loop:.0} |\n\
         | publishes, one in flight | {one:.0} |\n| publishes, {MANY} in flight | {many:.0} |\n\n"
    );
    Ok(Part::new("durable", "Publishes that are on disk")
        .how(format!(
            "updates with {DATA} bytes of data to a broker in this process, its history in SQLite; the bare loop appends \
             {STORED} bytes and syncs them, on the same disk; {ROUNDS} each, taking turns; medians of {} rounds",
            method.runs
        ))
        .tables(&table)
        .charts(vec![chart])
        .at_least("publishes, one in flight ÷ the bare loop", ratio, 0.7, Some(0.85))
        .at_least(format!("publishes a second, {MANY} in flight"), many, 20_000.0, Some(40_000.0)))
}

/// A history in this folder, on the disk that the program is built on.
async fn open() -> Result<(Broker, TempDir), String> {
    let folder = tempfile::tempdir_in(".").map_err(text)?;
    let engine = SqliteEngine::open(folder.path()).map_err(text)?;
    let broker = Broker::open(Arc::new(engine), BrokerOptions::default()).await;
    Ok((broker.map_err(text)?, folder))
}

/// Appends and syncs the same bytes, and nothing else.
fn bare(folder: &Path, rounds: usize) -> std::io::Result<f64> {
    let mut file = OpenOptions::new();
    let mut file = file.create(true).append(true).open(folder.join("bare"))?;
    let before = Instant::now();
    for _ in 0..rounds {
        file.write_all(&[b'x'; STORED])?;
        file.sync_data()?;
    }
    Ok(rounds as f64 / before.elapsed().as_secs_f64())
}

/// A second.
pub(super) async fn publishes(
    broker: &Broker,
    in_flight: usize,
    each: usize,
) -> Result<f64, String> {
    let before = Instant::now();
    let tasks = (0..in_flight).map(|task| {
        let broker = broker.clone();
        tokio::spawn(async move {
            let update = update(task)?;
            for _ in 0..each {
                broker.publish(&update, None).await.map_err(text)?;
            }
            Ok::<_, String>(())
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.map_err(text)??;
    }
    Ok((in_flight * each) as f64 / before.elapsed().as_secs_f64())
}

pub(super) fn update(number: usize) -> Result<Update, String> {
    let update = Update::new(format!("https://bench.example/users/{number}"));
    Ok(update.map_err(text)?.data("x".repeat(DATA)))
}
