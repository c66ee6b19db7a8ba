//! 500 subscribers on loopback, well and badly behaved: the healthy ones get every event in order, and
//! memory does not follow the others.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use support::server::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{sleep, timeout};
use wellspring_proto::{Decoder, Item};
use wellspring_server::{Channel, HistoryLimits};

const HEALTHY: usize = 438;
const SILENT: usize = 2;
const TRICKLING: usize = 10;
const RESTLESS: u64 = 50;

/// 40 a second, so 20,000 deliveries a second.
const EVENTS: usize = 100;
const PAUSE: Duration = Duration::from_millis(25);
const HISTORY: usize = 512 << 10;

/// With a small window, so that one who does not read is stuck soon.
async fn small(server: &Server) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut socket = socket.connect(server.address).await.unwrap();
    let request = b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n";
    socket.write_all(request).await.unwrap();
    socket
}

/// Reads events until the last; gives the time from its publishing, in the data, to here.
async fn read_all(mut socket: TcpStream, begin: Instant) -> Vec<Duration> {
    let mut decoder = Decoder::new();
    let mut bytes = Vec::new();
    let mut latencies = Vec::new();
    while latencies.len() < EVENTS {
        bytes.clear();
        let read = timeout(Duration::from_secs(30), socket.read_buf(&mut bytes));
        assert_ne!(read.await.unwrap().unwrap(), 0, "ended early");
        // The lines of HTTP's chunks are unknown fields to an event stream.
        let visit = |item: Item<'_>| {
            if let Item::Event(event) = item {
                let mut words = event.data.split(' ');
                let mut number = || words.next().unwrap().parse::<u64>().unwrap();
                assert_eq!(number(), latencies.len() as u64, "in order");
                let published = Duration::from_micros(number());
                latencies.push(begin.elapsed().saturating_sub(published));
            }
            ControlFlow::Continue(())
        };
        decoder.decode(&bytes, visit).unwrap();
    }
    latencies
}

async fn trickle(mut socket: TcpStream) {
    while socket.read(&mut [0]).await.is_ok_and(|read| read > 0) {
        sleep(Duration::from_millis(100)).await;
    }
}

async fn come_and_go(address: std::net::SocketAddr, mut rng: fastrand::Rng) {
    loop {
        let mut socket = TcpStream::connect(address).await.unwrap();
        let request = b"GET /events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: e-0\r\n\r\n";
        socket.write_all(request).await.unwrap();
        let _ = socket.read(&mut [0; 512]).await;
        sleep(Duration::from_millis(rng.u64(0..500))).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn healthy_subscribers_get_everything_whatever_the_others_do() {
    let limits = HistoryLimits::default().with_bytes(HISTORY);
    let builder = Channel::builder().epoch("e").unwrap().history(limits);
    let channel = builder.build();
    let server = Server::start(channel.clone()).await;
    let begin = Instant::now();
    let mut healthy = Vec::new();
    for _ in 0..HEALTHY {
        let socket = server.request(b"").await;
        healthy.push(tokio::spawn(read_all(socket, begin)));
    }
    let mut silent = Vec::new();
    for _ in 0..SILENT {
        silent.push(small(&server).await);
    }
    let mut bad = Vec::new();
    for _ in 0..TRICKLING {
        bad.push(tokio::spawn(trickle(small(&server).await)));
    }
    while channel.subscriber_count() < HEALTHY + SILENT + TRICKLING {
        sleep(Duration::from_millis(1)).await;
    }
    let restless = |seed| come_and_go(server.address, fastrand::Rng::with_seed(seed));
    bad.extend((0..RESTLESS).map(restless).map(tokio::spawn));
    let padding = "x".repeat(100);
    for number in 0..EVENTS {
        let data = format!("{number} {} {padding}", begin.elapsed().as_micros());
        channel.publish(data).unwrap();
        let stats = channel.stats();
        assert!(stats.history_bytes <= HISTORY, "{stats:?}");
        let stuck = (SILENT + TRICKLING) * (256 << 10);
        assert!(stats.pinned_bytes <= stuck, "{stats:?}");
        sleep(PAUSE).await;
    }
    let mut latencies = Vec::new();
    for reader in healthy {
        latencies.extend(reader.await.unwrap());
    }
    assert_eq!(latencies.len(), HEALTHY * EVENTS);
    latencies.sort_unstable();
    let percentile = |part: usize| latencies[latencies.len() * part / 100];
    let [p50, p99] = [percentile(50), percentile(99)];
    println!("{HEALTHY} healthy subscribers: p50 {p50:?}, p99 {p99:?}");
    bad.iter().for_each(tokio::task::JoinHandle::abort);
    assert_eq!(channel.stats().gaps, 0);
}
