//! Requests that never come to anything.

use std::time::Duration;

use wellspring_server::ServeLimits;

use super::app::{Served, get};

#[tokio::test]
async fn a_head_over_the_limit_is_answered() {
    let served = Served::with(ServeLimits::default().with_head_bytes(1024)).await;
    let long = format!("GET / HTTP/1.1\r\nA: {}\r\n\r\n", "a".repeat(2048));
    let text = served.send(long.as_bytes()).await.read_to_end().await;
    assert!(text.starts_with("HTTP/1.1 431 "), "{text}");
    assert!(text.contains("\r\ndate: "), "{text}");
    let endless = "a".repeat(300 << 10);
    let text = served.send(endless.as_bytes()).await.read_to_end().await;
    assert!(text.starts_with("HTTP/1.1 431 "), "{text}");
}

#[tokio::test]
async fn limits_may_be_as_large_as_one_likes() {
    let limits = ServeLimits::default().with_head_bytes(256 << 10);
    let served = Served::with(limits.with_head_time(Duration::MAX)).await;
    let long = "a".repeat(200 << 10);
    let long = format!("GET /plain HTTP/1.1\r\nA: {long}\r\n\r\n");
    let mut client = served.send(long.as_bytes()).await;
    let text = client.read_until("plain").await;
    assert!(text.starts_with("HTTP/1.1 200 "), "{text}");
}

#[tokio::test]
async fn what_makes_no_sense_is_answered_at_once() {
    let served = Served::start().await;
    for bad in [
        b"\x16\x03\x01\x00\x05hello".as_slice(),
        b"GET\x00 / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
    ] {
        let text = served.send(bad).await.read_to_end().await;
        assert!(text.starts_with("HTTP/1.1 400 "), "{bad:?}: {text}");
    }
}

#[tokio::test]
async fn a_head_that_takes_too_long_is_answered_even_if_it_goes_on() {
    let time = Duration::from_millis(300);
    let served = Served::with(ServeLimits::default().with_head_time(time)).await;
    let half = served.send(b"GET / HTTP/1.1\r\nA").await;
    let silent = served.connect().await;
    let mut slow = served.connect().await;
    let byte_by_byte = async {
        for _ in 0..1000 {
            use tokio::io::AsyncWriteExt;
            if slow.0.write_all(b"G").await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it may go on for ever");
    };
    let (half, silent, ()) = tokio::join!(half.read_to_end(), silent.read_to_end(), byte_by_byte);
    assert!(half.starts_with("HTTP/1.1 408 "), "{half}");
    assert_eq!(silent, "");
}

#[tokio::test]
async fn two_thousand_halves_of_heads_are_no_hindrance() {
    let served = Served::with(ServeLimits::default().with_heads(500)).await;
    let mut halves = Vec::new();
    for _ in 0..2_000 {
        halves.push(served.send(b"GET /events HTTP/1.1\r\nHo").await);
        if halves.len() == 450 {
            // Long before there is no room left.
            served.subscribe().await;
        }
    }
    let mut client = served.subscribe().await;
    served.channel.publish("served").unwrap();
    client.read_until("data: served\n").await;
    let first = halves.remove(0).read_to_end().await;
    assert!(first.starts_with("HTTP/1.1 503 "), "{first}");
}

#[tokio::test]
async fn one_connection_too_many_is_told_so() {
    let served = Served::with(ServeLimits::default().with_connections(2)).await;
    let _first = served.subscribe().await;
    let second = served.subscribe().await;
    let text = served.connect().await.read_to_end().await;
    assert!(text.starts_with("HTTP/1.1 503 "), "{text}");
    refused_by_the_hundred(&served).await;
    drop(second);
    served.count(1).await;
    let mut third = served.connect().await;
    third.write(&get("/plain")).await;
    third.read_until("plain").await;
}

/// They go on being connected: no more than some of them are waited for.
async fn refused_by_the_hundred(served: &Served) {
    let mut clients = Vec::new();
    for _ in 0..600 {
        let mut client = served.connect().await;
        client.read_until("\r\n\r\n").await;
        clients.push(client);
    }
    let tasks = tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks();
    assert!(tasks < 400, "{tasks} tasks");
}
