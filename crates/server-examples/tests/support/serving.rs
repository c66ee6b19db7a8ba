//! What a whole server must do. In: the function that serves. Out: assertions.

#![allow(unreachable_pub, clippy::unwrap_used, clippy::print_stdout)]

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use wellspring_server::{Block, Channel, Drain};

use super::{PATIENCE, ends, open_streams, read_until, subscribe};

const DRAIN: Duration = Duration::from_millis(500);

/// A server at work.
pub struct Serving {
    pub address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Serving {
    pub async fn start<F>(
        channel: &Channel,
        serve: impl FnOnce(TcpListener, Channel, Pin<Box<dyn Future<Output = ()> + Send>>, Drain) -> F,
    ) -> Self
    where
        F: Future<Output = io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let stopped = Box::pin(async {
            let _ = stopped.await;
        });
        let drain = Drain::over(DRAIN).farewell(Block::data("bye"));
        let serving = serve(listener, channel.clone(), stopped, drain);
        let task = tokio::spawn(async { serving.await.unwrap() });
        Self {
            address,
            stop,
            task,
        }
    }
}

/// Of a channel in the epoch `e` that has one event, `before`.
pub async fn sends_at_once_and_resumes(address: SocketAddr, channel: &Channel) {
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

pub async fn shuts_down_1000_streams_with_the_drain(serving: Serving, channel: &Channel) {
    let Serving {
        address,
        stop,
        task,
    } = serving;
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
