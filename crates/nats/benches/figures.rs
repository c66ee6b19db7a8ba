//! What an append and a delivery take, over a `nats-server` of its own on loopback. In: `cargo bench -p
//! wellspring-nats`, perhaps with the number of seconds. Out: figures, beside the same messages published
//! without an engine in the same run.
//!
//! Next: `../src/append.rs`, `../src/follow.rs`.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program for people who measure"
)]

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use wellspring_broker::{Append, AppendOutcome, Engine, TailItem};
use wellspring_engine_contract::Tail;
use wellspring_nats::{NatsEngine, NatsOptions};

/// How many records are on their way at a time.
const IN_FLIGHT: u64 = 64;

/// Bytes of a record.
const RECORD: usize = 100;

/// Records a second where latency is measured.
const RATE: u32 = 1_000;

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(store: &std::path::Path) -> Option<(Server, String)> {
    let program = wellspring_testkit::tool("nats-server")?;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let mut command = Command::new(program);
    command.args([
        "--addr",
        "127.0.0.1",
        "--port",
        &port.to_string(),
        "--jetstream",
    ]);
    let child = command
        .arg("--store_dir")
        .arg(store)
        .stderr(Stdio::null())
        .spawn();
    let server = Server(child.unwrap());
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        std::thread::sleep(Duration::from_millis(20));
    }
    Some((server, format!("nats://127.0.0.1:{port}")))
}

async fn connect(url: &str) -> Arc<NatsEngine> {
    let options: NatsOptions = url.parse().unwrap();
    Arc::new(options.connect().await.unwrap())
}

fn record() -> Append {
    // The time at which it was made, so that who reads it knows how long it took.
    let mut bytes = vec![b'x'; RECORD];
    bytes[..16].copy_from_slice(&nanoseconds().to_be_bytes());
    Append::new(fastrand::u64(..), fastrand::u64(..), Bytes::from(bytes))
}

fn nanoseconds() -> u128 {
    std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos()
}

async fn appends(engine: &Arc<NatsEngine>, time: Duration) -> f64 {
    let epoch = engine.bounds().await.unwrap().lineage.current();
    let (begun, count) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let tasks = (0..IN_FLIGHT).map(|_| {
        let (engine, count) = (Arc::clone(engine), Arc::clone(&count));
        tokio::spawn(async move {
            while begun.elapsed() < time {
                let outcomes = engine.append(epoch, vec![record()]).await;
                assert!(
                    matches!(outcomes[0], AppendOutcome::Appended(_)),
                    "{outcomes:?}"
                );
                count.fetch_add(1, Ordering::Relaxed);
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    count.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
}

/// The same number of messages on their way, by a plain client.
async fn plain(url: &str, time: Duration) -> f64 {
    let client = async_nats::connect(url).await.unwrap();
    let config = r#"{"name":"plain","subjects":["plain"],"storage":"file"}"#;
    let create = client.request("$JS.API.STREAM.CREATE.plain", config.into());
    create.await.unwrap();
    let (begun, count) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let tasks = (0..IN_FLIGHT).map(|_| {
        let (client, count) = (client.clone(), Arc::clone(&count));
        tokio::spawn(async move {
            while begun.elapsed() < time {
                let payload = Bytes::from(vec![b'x'; RECORD]);
                client.request("plain", payload).await.unwrap();
                count.fetch_add(1, Ordering::Relaxed);
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    count.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64()
}

/// Appended by one node, read by another: milliseconds, in order.
async fn latencies(url: &str, time: Duration) -> Vec<f64> {
    let (one, two) = (connect(url).await, connect(url).await);
    let bounds = one.bounds().await.unwrap();
    let mut tail = Tail::new(&(Arc::clone(&two) as Arc<dyn Engine>), bounds.head);
    let wanted = (time.as_secs_f64() * f64::from(RATE)) as usize;
    let reading = tokio::spawn(async move {
        let mut times = Vec::new();
        while times.len() < wanted {
            if let TailItem::Records(records) = tail.item().await {
                let now = nanoseconds();
                let made = records
                    .iter()
                    .filter_map(|record| record.record.first_chunk::<16>());
                let taken = made.map(|made| now.saturating_sub(u128::from_be_bytes(*made)));
                times.extend(taken.map(|taken| taken as f64 / 1e6));
            }
        }
        times
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / RATE);
    for _ in 0..wanted {
        ticks.tick().await;
        let (engine, epoch) = (Arc::clone(&one), bounds.lineage.current());
        tokio::spawn(async move { engine.append(epoch, vec![record()]).await });
    }
    let mut times = reading.await.unwrap();
    times.sort_by(f64::total_cmp);
    times
}

#[tokio::main]
async fn main() {
    let seconds = std::env::args().filter_map(|word| word.parse().ok()).next();
    let time = Duration::from_secs(seconds.unwrap_or(3));
    let store = tempfile::tempdir().unwrap();
    let Some((_server, url)) = start(store.path()) else {
        return;
    };
    let engine = connect(&url).await;
    for _ in 0..3 {
        let (plain, ours) = (plain(&url, time).await, appends(&engine, time).await);
        let share = ours / plain;
        println!(
            "{IN_FLIGHT} in flight: {ours:.0} appends/s; plain: {plain:.0}/s; ratio {share:.2}"
        );
    }
    for _ in 0..3 {
        let times = latencies(&url, time).await;
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        let (half, most) = (at(0.5), at(0.99));
        println!("{RATE}/s, from one node to another: p50 {half:.2} ms, p99 {most:.2} ms");
    }
}
