//! Our client and our server with a proxy between, which is killed and restarted. In: how to start it. Out: how many events
//! were lost and doubled.
//!
//! Next: `proxies.rs`.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use wellspring::{EventSource, Reconnection};
use wellspring_e2e::server::ChannelServer;
use wellspring_server::{Block, Channel};

use super::product::{Product, Running};
use super::reader::Front;

/// Between two events.
const TICK: Duration = Duration::from_millis(10);
/// How long the last event is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Numbers each event, kills the proxy, starts it, ends it in good order, starts it again.
pub(crate) async fn over_restarts(product: &'static Product, lines: &'static str) -> Option<Value> {
    let channel = Channel::new();
    let server = ChannelServer::start(channel.clone()).await.unwrap();
    let port = server.url("").rsplit(':').next()?.parse().ok()?;
    let start = move || product.start(Front::Http1, lines, port);
    let mut proxy = tokio::task::spawn_blocking(start).await.unwrap()?;
    let url = format!("http://127.0.0.1:{}/oldest", proxy.way.port);
    let reading = tokio::spawn(read(url));
    let publishing = channel.clone();
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let published = tokio::spawn(async move {
        let mut count = 0_u64;
        while stopped.try_recv().is_err() {
            count += 1;
            publishing.publish(Block::data(count.to_string())).unwrap();
            sleep(TICK).await;
        }
        publishing.publish(Block::data("last")).unwrap();
        count
    });
    for signal in ["KILL", "TERM"] {
        sleep(Duration::from_secs(1)).await;
        proxy = tokio::task::spawn_blocking(move || restarted(proxy, signal))
            .await
            .unwrap();
        sleep(Duration::from_secs(2)).await;
    }
    let _ = stop.send(());
    let sent = published.await.unwrap();
    let mut numbers = match reading.await.unwrap() {
        Ok(numbers) => numbers,
        Err(why) => return Some(json!({ "failed": why })),
    };
    let got = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    Some(
        json!({ "events": sent, "lost": sent as usize - numbers.len(), "doubled": got - numbers.len() }),
    )
}

fn restarted(mut proxy: Running, signal: &str) -> Running {
    proxy.stop(signal);
    proxy.start();
    proxy
}

/// Every number up to the event that says it is the last.
async fn read(url: String) -> Result<Vec<u64>, String> {
    let mut reconnection = Reconnection::default();
    reconnection.jitter = false;
    reconnection.initial = Duration::from_millis(100);
    reconnection.healthy_after = Duration::ZERO;
    let source = EventSource::builder(&url)
        .reconnection(reconnection)
        .build();
    let mut source = source.map_err(|error| error.to_string())?;
    let mut numbers = Vec::new();
    loop {
        let next = timeout(PATIENCE, source.next()).await;
        let next =
            next.map_err(|_| format!("nothing for {PATIENCE:?} after {} events", numbers.len()))?;
        let event = next.ok_or("closed")?.map_err(|error| error.to_string())?;
        match event.data.parse() {
            Ok(number) => numbers.push(number),
            Err(_) => return Ok(numbers),
        }
    }
}
