//! Each client on our server: two cuts, then a clean end and another server in its place. In: the table of clients. Out: a
//! row for each: how many events came, how many empty ones it made of comments, which ids it sent.
//!
//! Next: `peers.rs`.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use wellspring_e2e::server::ChannelServer;
use wellspring_server::{Block, Channel};

use super::peers::{CLIENTS, Peer};
use super::progress::{Progress, all};
use crate::program::Printer;

const AT_A_TIME: usize = 3;
/// Several of these pass while a client reads.
const KEEP_ALIVE: Duration = Duration::from_millis(100);
/// Longer than any client waits before it comes back.
const PATIENCE: Duration = Duration::from_secs(12);
/// Of a first start: an interpreter and its packages, while others start too.
const START: Duration = Duration::from_secs(60);

pub(crate) async fn rows(progress: &Progress) -> Vec<Value> {
    let wanted = CLIENTS.iter().filter(|peer| progress.wants(peer.name));
    let turns = Arc::new(Semaphore::new(AT_A_TIME));
    let running = wanted.map(|peer| {
        let (turns, progress) = (Arc::clone(&turns), progress.clone());
        tokio::spawn(async move {
            let _turn = turns.acquire().await.unwrap();
            let row = tokio::task::spawn_blocking(|| row(peer)).await.unwrap();
            progress.done(&format!("client {} {:?}", peer.title(), peer.version()));
            row
        })
    });
    all(running.collect()).await
}

fn row(peer: &'static Peer) -> Value {
    let mut row =
        json!({ "client": peer.title(), "version": peer.version(), "runs_on": peer.runs_on() });
    let old = Channel::new();
    let server = Handle::current()
        .block_on(ChannelServer::start(old.clone()))
        .unwrap();
    server.keep_alive(KEEP_ALIVE);
    let Some(command) = peer.read(&server.url("/oldest")) else {
        return row;
    };
    let client = Printer::start(command);
    let mut patience = START;
    for part in 0..3 {
        three(&client, &old, part, patience);
        patience = PATIENCE;
        if part < 2 {
            server.cut();
        }
    }
    let over_cuts = numbers(&client.events()).len();
    let new = Channel::new();
    drop(server.replace(new.clone()));
    old.close();
    three(&client, &new, 3, PATIENCE);
    let events = client.events();
    let mut all = numbers(&events);
    let got = all.len();
    all.sort_unstable();
    all.dedup();
    let ids = server.last_event_ids();
    let sent = ids
        .iter()
        .filter(|id| id.as_deref().is_some_and(|id| !id.is_empty()));
    row["found"] = json!({
        "over_two_cuts": over_cuts,
        "after_a_clean_end": all.iter().filter(|number| **number > 9).count(),
        "doubled": got - all.len(),
        "empty_events": events.len() - got,
        "connections": ids.len(),
        "connections_with_an_id": sent.count(),
    });
    row
}

/// Publishes the next three numbers, waits for them and for some comments.
fn three(client: &Printer, channel: &Channel, part: usize, patience: Duration) {
    for number in part * 3 + 1..=part * 3 + 3 {
        channel.publish(Block::data(number.to_string())).unwrap();
    }
    client.wait(patience, |events| numbers(events).contains(&(part * 3 + 3)));
    std::thread::sleep(4 * KEEP_ALIVE);
}

fn numbers(events: &[Value]) -> Vec<usize> {
    let data = events.iter().filter_map(|event| event["data"].as_str());
    data.filter_map(|data| data.parse().ok()).collect()
}
