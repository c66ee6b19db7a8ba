//! A server that is restarted under 500 sources with the policy `resilient`: they come back spread out.
//! One run, or as many as `WELLSPRING_STORMS` says, and then `docs/storm.svg` is drawn anew:
//! `cargo xtask soak storm`.
//!
//! Next: `plot.rs`.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed, and one that measures says what"
)]

mod plot;
#[path = "../it/support.rs"]
mod support;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use support::{CHUNKED, ms};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use wellspring::{Attempt, EventSource, Policy};

const SOURCES: usize = 500;
/// Long enough for some attempts to meet nobody.
const DOWN: Duration = Duration::from_secs(4);
const WINDOW: Duration = Duration::from_millis(100);
/// The most attempts in any window.
const MOST: usize = 50;
/// How long everything may take.
const PATIENCE: Duration = Duration::from_secs(90);

async fn serve(address: SocketAddr) {
    let listener = TcpListener::bind(address).await.unwrap();
    let mut connections = JoinSet::new();
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        connections.spawn(answer(socket));
    }
}

/// An event stream that goes on until the server is killed.
async fn answer(mut socket: TcpStream) -> std::io::Result<()> {
    let mut head = [0; 4096];
    let mut length = 0;
    while !head[..length].ends_with(b"\r\n\r\n") {
        length += socket.read(&mut head[length..]).await?;
    }
    let opening = format!("{CHUNKED}9\r\ndata: a\n\n\r\n");
    socket.write_all(opening.as_bytes()).await?;
    std::future::pending().await
}

/// One that notes when it makes an attempt.
fn source(address: SocketAddr, attempts: &Arc<Mutex<Vec<Instant>>>) -> EventSource {
    let attempts = Arc::clone(attempts);
    EventSource::builder(format!("http://{address}/"))
        .policy(Policy::resilient())
        .before_attempt(move |attempt: Attempt| {
            attempts.lock().unwrap().push(Instant::now());
            async { Ok::<_, Infallible>(attempt) }
        })
        .build()
        .unwrap()
}

/// How late a timer of this program was at the most: what it, or the machine, was busy with.
async fn watch_the_clock(lateness: Arc<Mutex<Duration>>) {
    loop {
        let start = Instant::now();
        tokio::time::sleep(ms(10)).await;
        let late = start.elapsed().saturating_sub(ms(12));
        let mut most = lateness.lock().unwrap();
        *most = late.max(*most);
    }
}

struct Outcome {
    /// After the moment the server was killed.
    attempts: Vec<Duration>,
    all_back: Duration,
    lateness: Duration,
}

async fn restart() -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let mut server = tokio::spawn(serve(address));
    let attempts = Arc::default();
    let events = Arc::new(watch::Sender::new(0));
    let mut sources = JoinSet::new();
    for _ in 0..SOURCES {
        let (mut source, events) = (source(address, &attempts), Arc::clone(&events));
        sources.spawn(async move {
            while let Some(event) = source.next().await {
                event.unwrap();
                events.send_modify(|events| *events += 1);
            }
        });
    }
    let mut count = events.subscribe();
    count.wait_for(|events| *events == SOURCES).await.unwrap();
    tokio::time::sleep(ms(1100)).await;

    let lateness = Arc::default();
    let clock = tokio::spawn(watch_the_clock(Arc::clone(&lateness)));
    attempts.lock().unwrap().clear();
    let killed = Instant::now();
    server.abort();
    tokio::time::sleep(DOWN).await;
    server = tokio::spawn(serve(address));
    count
        .wait_for(|events| *events == 2 * SOURCES)
        .await
        .unwrap();
    let all_back = killed.elapsed();
    clock.abort();
    server.abort();
    drop(sources);
    let attempts = attempts.lock().unwrap();
    let attempts: Vec<_> = attempts
        .iter()
        .map(|at| at.duration_since(killed))
        .collect();
    let lateness = *lateness.lock().unwrap();
    Outcome {
        attempts,
        all_back,
        lateness,
    }
}

/// How many attempts there are in the window that ends with each attempt.
fn sliding(attempts: &[Duration]) -> Vec<(Duration, usize)> {
    let mut sorted = attempts.to_vec();
    sorted.sort_unstable();
    let mut first = 0;
    let mut counts = Vec::with_capacity(sorted.len());
    for (last, &at) in sorted.iter().enumerate() {
        while sorted[first] + WINDOW < at {
            first += 1;
        }
        counts.push((at, last + 1 - first));
    }
    counts
}

#[test]
fn windows_slide() {
    let attempts = [0, 50, 100, 101, 300].map(ms);
    let counts: Vec<usize> = sliding(&attempts).iter().map(|(_, count)| *count).collect();
    assert_eq!(counts, [1, 2, 3, 3, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restarted_server_meets_no_storm() {
    let wanted = std::env::var("WELLSPRING_STORMS").ok();
    let runs: usize = wanted.as_ref().map_or(1, |runs| runs.parse().unwrap());
    let mut plotted = Vec::new();
    for run in 1..=runs {
        let outcome = tokio::time::timeout(PATIENCE, restart()).await.unwrap();
        let counts = sliding(&outcome.attempts);
        let most = counts.iter().map(|(_, count)| *count).max().unwrap();
        println!(
            "figures: run {run}: {} attempts, at most {most} in {WINDOW:?}, all back after {:?}, timers {:?} late at the most",
            counts.len(),
            outcome.all_back,
            outcome.lateness,
        );
        // Attempts that were due while this program did not run are made all at once when it does: not
        // the policy's fault, and not more of them than were due.
        let stalled = outcome.lateness.as_secs_f64() * SOURCES as f64 / 3.0;
        let allowed = MOST + if stalled < 10.0 { 0 } else { stalled as usize };
        assert!(
            most <= allowed,
            "{most} attempts in {WINDOW:?}, of {allowed}"
        );
        assert!(counts.len() >= SOURCES);
        plotted.push(counts);
    }
    if wanted.is_some() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let file = root.join("docs/storm.svg");
        std::fs::write(file, plot::svg(&plotted, MOST)).unwrap();
    }
}
