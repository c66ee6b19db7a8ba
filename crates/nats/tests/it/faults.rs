//! What befalls a server whose disk keeps all: nothing that was answered for is lost, and nothing comes
//! twice.
//!
//! Next: `losses.rs`, where something is lost.

use std::sync::Arc;
use std::time::Duration;

use rustix::process::Signal;
use tokio::time::sleep;
use wellspring_broker::Engine;
use wellspring_engine_contract::Tail;

use crate::server::Server;
use crate::witness::{Publishers, assert_all_there, longest_silence, until};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_loses_nothing() {
    let Some(mut server) = Server::start() else {
        return;
    };
    let (one, two) = (server.engine().await, server.engine().await);
    let mut tail = Tail::new(&(Arc::clone(&two) as Arc<dyn Engine>), 0);
    let publishers = Publishers::begin(&one, "a", 4);
    for outage in [50, 1_500] {
        sleep(Duration::from_millis(400)).await;
        server.kill();
        sleep(Duration::from_millis(outage)).await;
        server.begin();
    }
    sleep(Duration::from_millis(700)).await;
    let ledger = publishers.finish().await;
    let last = ledger.last().unwrap().0;
    assert_all_there(&ledger, &until(&mut tail, last).await);
    assert_eq!(one.bounds().await.unwrap(), two.bounds().await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_server_loses_nothing() {
    let Some(server) = Server::start() else {
        return;
    };
    let (one, two) = (server.engine().await, server.engine().await);
    let mut tail = Tail::new(&(Arc::clone(&two) as Arc<dyn Engine>), 0);
    let publishers = Publishers::begin(&one, "a", 4);
    let other = Publishers::begin(&two, "b", 4);
    sleep(Duration::from_millis(300)).await;
    let mut watched = Tail::new(&(Arc::clone(&two) as Arc<dyn Engine>), 0);
    server.signal(Signal::STOP);
    let (longest, stalled) = longest_silence(&mut watched, Duration::from_secs(4)).await;
    server.signal(Signal::CONT);
    assert!(
        longest < Duration::from_millis(2_500) && stalled,
        "{longest:?}"
    );
    sleep(Duration::from_millis(500)).await;
    let mut ledger = publishers.finish().await;
    ledger.extend(other.finish().await);
    let last = ledger.iter().map(|(number, _)| *number).max().unwrap();
    assert_all_there(&ledger, &until(&mut tail, last).await);
}
