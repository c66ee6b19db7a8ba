//! Clients of every kind at once, on several threads, with little room: every place comes back.

use tokio::io::AsyncWriteExt;
use tokio::task::JoinSet;
use tokio::time::timeout;
use wellspring_server::ServeLimits;

use super::app::{Client, PATIENCE, Served, get};

/// What they send: whole heads, halves, and what is none.
const SENT: [&[u8]; 9] = [
    b"",
    b"G",
    b"!",
    b"GET /events HTTP/1.1\r\nHo",
    b"GET /plain HTTP/1.1\r\n\r\nGET /pl",
    b"GET /events HTTP/1.1\r\n\r\nmore",
    b"PRI * HTTP/2.0\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01",
];

/// Comes, and goes in one of three ways.
async fn visit(mut client: Client, number: usize) {
    // The server may have had enough of it.
    let _ = client.0.write_all(SENT[number % SENT.len()]).await;
    match number % 4 {
        0 => client.0.set_zero_linger().unwrap(),
        1 => drop(client.0.shutdown().await),
        2 => tokio::task::yield_now().await,
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_place_comes_back() {
    let served = Served::with(ServeLimits::default().with_heads(4)).await;
    for round in 0..10 {
        let mut visits = JoinSet::new();
        for number in 0..100 {
            visits.spawn(visit(served.connect().await, round + number));
        }
        visits.join_all().await;
        served.count(0).await;
        let mut client = served.connect().await;
        client.write(&get("/plain")).await;
        let text = client.read_until("plain").await;
        assert!(text.starts_with("HTTP/1.1 200 "), "{text}");
    }
    served.stop.send(()).unwrap();
    timeout(PATIENCE, served.task).await.unwrap().unwrap();
}
