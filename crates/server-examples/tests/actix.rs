//! The actix-web example at work.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../examples/actix.rs"]
mod example;
mod support;

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use actix_web::dev::ServerHandle;
use actix_web::rt;
use support::{PATIENCE, ends, open_streams, read_until, subscribe};
use tokio::time::timeout;
use wellspring_server::{Block, Channel, Drain, SubscriberLimits};

const DRAIN: Duration = Duration::from_millis(500);

fn start(channel: &Channel) -> (SocketAddr, ServerHandle, rt::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = example::server(listener, channel.clone()).unwrap();
    let handle = server.handle();
    let task = rt::spawn(async { server.await.unwrap() });
    (address, handle, task)
}

#[actix_web::test]
async fn events_leave_at_once_and_a_resume_is_served() {
    let limits = SubscriberLimits::default().with_total(3);
    let builder = Channel::builder().epoch("e").unwrap();
    let channel = builder.subscriber_limits(limits).build();
    channel.publish("before").unwrap();
    let (address, _handle, _task) = start(&channel);
    let mut socket = subscribe(address, "").await;
    let head = read_until(&mut socket, "\n:\nid: e-1\n\n").await;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let head = head.to_lowercase();
    for header in [
        "content-type: text/event-stream\r\n",
        "cache-control: no-cache, no-transform\r\n",
        "x-accel-buffering: no\r\n",
    ] {
        assert!(head.contains(header), "{head}");
    }
    channel.publish("live").unwrap();
    read_until(&mut socket, "data: live\nid: e-2\n\n").await;
    let mut resumed = subscribe(address, "Last-Event-ID: e-1\r\n").await;
    let text = read_until(&mut resumed, "data: live\nid: e-2\n\n").await;
    assert!(text.to_lowercase().contains("wellspring-resume: found\r\n"));
    assert!(!text.contains("data: before"), "{text}");
    let mut bad = subscribe(address, "Last-Event-ID: a\r\nLast-Event-ID: b\r\n").await;
    let text = read_until(&mut bad, "\r\n\r\n").await;
    assert!(text.starts_with("HTTP/1.1 400 "), "{text}");
    let _third = open_streams(address, 1).await;
    let mut fourth = subscribe(address, "").await;
    let text = read_until(&mut fourth, "\r\n\r\n").await.to_lowercase();
    assert!(text.starts_with("http/1.1 503 "), "{text}");
    assert!(text.contains("retry-after: "), "{text}");
}

#[actix_web::test]
async fn a_graceful_shutdown_ends_with_the_drain() {
    let channel = Channel::new();
    let (address, handle, task) = start(&channel);
    let streams = open_streams(address, 200).await;
    let reading = tokio::spawn(ends(streams, "data: bye\n"));
    let farewell = Block::data("bye");
    let drain = Drain::over(DRAIN).farewell(farewell);
    let begin = Instant::now();
    let stopping = example::stop(&handle, &channel, drain);
    timeout(PATIENCE, stopping).await.unwrap();
    timeout(PATIENCE, task).await.unwrap().unwrap();
    let took = begin.elapsed();
    println!("shut down {took:?} after the signal, the drain being {DRAIN:?}");
    // actix-web looks once a second whether its connections have ended.
    assert!(took < DRAIN + Duration::from_secs(3), "{took:?}");
    let ends = reading.await.unwrap();
    let early = ends.iter().filter(|end| **end - begin < DRAIN / 2).count();
    assert!(
        (40..160).contains(&early),
        "{early} of 200 in the first half"
    );
    assert_eq!(channel.subscriber_count(), 0);
}
