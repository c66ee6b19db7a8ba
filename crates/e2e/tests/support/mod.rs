//! What the tests of client and server share.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)]

use std::time::Duration;

use wellspring::{EventSource, EventSourceBuilder, Reconnection, Signal};
use wellspring_server::Channel;

/// Longer than anything here takes.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A source that comes back after 100 ms, however often it was cut off.
pub fn source(url: &str) -> EventSourceBuilder {
    let mut reconnection = Reconnection::default();
    reconnection.healthy_after = Duration::ZERO;
    reconnection.jitter = false;
    reconnection.initial = Duration::from_millis(100);
    EventSource::builder(url).reconnection(reconnection)
}

/// A channel of an epoch of this name.
pub fn channel(epoch: &str) -> Channel {
    Channel::builder().epoch(epoch).unwrap().build()
}

/// The data of the next event.
pub async fn next_data(source: &mut EventSource) -> String {
    let next = tokio::time::timeout(PATIENCE, source.next());
    next.await.unwrap().unwrap().unwrap().data.to_owned()
}

/// The data of so many events.
pub async fn next_datas(source: &mut EventSource, count: usize) -> Vec<String> {
    let mut datas = Vec::new();
    while datas.len() < count {
        datas.push(next_data(source).await);
    }
    datas
}

/// Reads until the connection is open, and says with which `wellspring-resume`.
pub async fn open(source: &mut EventSource) -> Option<String> {
    let mut signals = source.signals();
    loop {
        let next = tokio::time::timeout(PATIENCE, signals.next());
        match next.await.unwrap().unwrap().unwrap() {
            Signal::Open(opened) => {
                let outcome = opened.headers.get("wellspring-resume");
                return outcome.map(|value| value.to_str().unwrap().to_owned());
            }
            Signal::Message(event) => panic!("{event:?} came before the connection was open"),
            _ => {}
        }
    }
}

/// Waits until it holds.
pub async fn until(what: impl Fn() -> bool) {
    let polled = async {
        while !what() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, polled).await.unwrap();
}

pub fn numbers(range: std::ops::Range<u64>) -> Vec<String> {
    range.map(|number| number.to_string()).collect()
}
