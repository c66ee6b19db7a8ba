//! The axum example at work.

#![allow(clippy::unwrap_used, clippy::panic)]

#[expect(dead_code, reason = "its main function is not used here")]
#[path = "../examples/axum.rs"]
mod example;
mod support;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use support::{PATIENCE, ends, open_streams, read_until, subscribe};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use wellspring_server::{Block, Channel, Drain};

const DRAIN: Duration = Duration::from_millis(500);

async fn start(channel: &Channel) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let stopped = async {
        let _ = stopped.await;
    };
    let drain = Drain::over(DRAIN).farewell(Block::data("bye"));
    let serving = example::serve(listener, channel.clone(), stopped, drain);
    let task = tokio::spawn(async { serving.await.unwrap() });
    (address, stop, task)
}

#[tokio::test]
async fn events_leave_at_once_and_a_resume_is_served() {
    let channel = Channel::builder().epoch("e").unwrap().build();
    channel.publish("before").unwrap();
    let (address, _stop, _task) = start(&channel).await;
    let mut socket = subscribe(address, "").await;
    let head = read_until(&mut socket, "\n:\nid: e-1\n").await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    assert!(
        head.contains("content-type: text/event-stream\r\n"),
        "{head}"
    );
    channel.publish("live").unwrap();
    read_until(&mut socket, "data: live\nid: e-2\n\n").await;
    let mut resumed = subscribe(address, "Last-Event-ID: e-1\r\n").await;
    let text = read_until(&mut resumed, "data: live\nid: e-2\n\n").await;
    assert!(text.contains("wellspring-resume: found\r\n"), "{text}");
    assert!(!text.contains("data: before"), "{text}");
    let mut bad = subscribe(address, "Last-Event-ID: a\r\nLast-Event-ID: b\r\n").await;
    let text = read_until(&mut bad, "\r\n\r\n").await;
    assert!(text.starts_with("HTTP/1.1 400 "), "{text}");
}

#[tokio::test]
async fn what_is_posted_arrives() {
    let (address, _stop, _task) = start(&Channel::new()).await;
    let mut socket = subscribe(address, "").await;
    read_until(&mut socket, "\n\n").await;
    let mut post = TcpStream::connect(address).await.unwrap();
    let request = b"POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello\nthere";
    post.write_all(request).await.unwrap();
    let answer = read_until(&mut post, "\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    read_until(&mut socket, "data: hello\ndata: there\n").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graceful_shutdown_with_1000_streams_ends_with_the_drain() {
    let channel = Channel::new();
    let (address, stop, task) = start(&channel).await;
    let streams = open_streams(address, 1_000).await;
    assert_eq!(channel.subscriber_count(), 1_000);
    let begin = Instant::now();
    let reading = tokio::spawn(ends(streams, "data: bye\n"));
    stop.send(()).unwrap();
    timeout(PATIENCE, task).await.unwrap().unwrap();
    let took = begin.elapsed();
    assert!(took < DRAIN + Duration::from_secs(1), "{took:?}");
    let ends = reading.await.unwrap();
    let early = ends.iter().filter(|end| **end - begin < DRAIN / 2).count();
    assert!(
        (200..800).contains(&early),
        "{early} of 1,000 in the first half"
    );
    assert_eq!(channel.subscriber_count(), 0);
    println!("shut down {took:?} after the signal, the drain being {DRAIN:?}");
}
