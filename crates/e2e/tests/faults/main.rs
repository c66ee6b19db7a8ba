//! Event sources and a channel on real sockets, with a proxy in between that does what networks do: it resets, it
//! ends a connection in the middle of anything, it falls silent, it dribbles, hoards and stops reading, it cuts TLS
//! within and between records, and it says GOAWAY; and a server that resets streams. Each event must come once
//! and in order to every source, and when it is over, no more descriptors may be open and hardly more memory held
//! than in the beginning. 200 disconnects, or as many as `WELLSPRING_DISCONNECTS` says.
//!
//! Next: `proxy.rs`, `frames.rs`, `origin.rs` (the server), `reader.rs` (the sources), `usage.rs`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod frames;
mod origin;
mod proxy;
mod reader;
mod storm;
mod usage;

use std::sync::Arc;
use std::time::{Duration, Instant};

use wellspring::EventSource;
use wellspring::transport::{HttpTransport, Transport, TransportOptions};
use wellspring_e2e::numbered::block;
use wellspring_server::{Channel, HistoryLimits};

use origin::Origin;
use proxy::Proxy;
use reader::Readers;
use storm::{Fault, Storm};
use usage::Usage;

const DISCONNECTS: u64 = 200;
/// Longer than anything here takes on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many events a source may be behind before no more are published.
const LAG: u64 = 500;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forced_disconnects_lose_and_double_nothing() {
    let wanted = std::env::var("WELLSPRING_DISCONNECTS");
    let wanted = wanted.map_or(DISCONNECTS, |text| text.parse().unwrap());
    let history = HistoryLimits::default().with_events(10 * LAG as usize);
    let channel = Channel::builder().history(history).build();
    let storm = Storm::new(7);
    let certificate = origin::certificate();
    let clear = Origin::start(channel.clone(), &storm, None).await;
    let tls = Origin::start(channel.clone(), &storm, Some(&certificate)).await;
    let prior = Proxy::start(clear, proxy::Speaks::Http2, &storm).await;
    let clear = Proxy::start(clear, proxy::Speaks::Http1, &storm).await;
    let tls = Proxy::start(tls, proxy::Speaks::Tls, &storm).await;
    let readers = Readers::start(&clear, &prior, &tls, &certificate);

    // The history is full and everyone is connected before anything is counted.
    let mut published = 0;
    let mut publish = || {
        published += 1;
        channel.publish(block(published).unwrap()).unwrap();
        published
    };
    for _ in 0..10 * LAG {
        let newest = publish();
        if newest.is_multiple_of(100) {
            readers.reach(newest).await;
        }
    }
    let before = Usage::settled(&channel, readers.count()).await;
    let begin = Instant::now();
    storm.begin();
    // At the least once each, whatever chance has to say.
    while storm.disconnects() < wanted || !storm.has_seen_all() {
        let newest = publish();
        readers.reach(newest.saturating_sub(LAG)).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    storm.end();
    let newest = publish();
    let took = begin.elapsed();
    readers.reach(newest).await;
    let after = Usage::settled(&channel, readers.count()).await;
    println!(
        "figures: {} forced disconnects in {} s; {newest} events to each of {} sources, 0 lost, 0 doubled; \
         descriptors {} before, {} after; resident memory {} KiB before, {} KiB after; {storm}",
        storm.disconnects(),
        took.as_secs(),
        readers.count(),
        before.descriptors,
        after.descriptors,
        before.resident,
        after.resident,
    );
    assert!(readers.verdicts().is_empty(), "{:?}", readers.verdicts());
    before.assert_flat(after);
}

/// A connection that several sources share may be dead without anybody having been told. None of them takes its place on
/// it with it when it comes back: otherwise each would keep it in use for the others, for ever.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sources_leave_a_shared_connection_that_is_dead() {
    let channel = Channel::new();
    let storm = Storm::new(7);
    let origin = Origin::start(channel.clone(), &storm, None).await;
    let proxy = Proxy::start(origin, proxy::Speaks::Silence, &storm).await;
    let transport = TransportOptions::new().http2_prior_knowledge(true);
    let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(transport).unwrap());
    let url = format!("http://localhost:{}/", proxy.port());
    let source = |idle| {
        EventSource::builder(&url)
            .shared_transport(Arc::clone(&transport))
            .reconnection(reader::soon())
            .idle_timeout(Some(Duration::from_millis(idle)))
            .build()
            .unwrap()
    };
    let mut sources = [500, 600, 700, 800].map(source);
    channel.publish("before").unwrap();
    for source in &mut sources {
        assert_eq!(next_data(source).await, "before");
    }
    storm.begin();
    channel.publish("into silence").unwrap();
    storm.struck(Fault::HalfOpen).await;
    storm.end();
    channel.publish("after").unwrap();
    for source in &mut sources {
        assert_eq!(next_data(source).await, "into silence");
    }
}

async fn next_data(source: &mut EventSource) -> String {
    let next = tokio::time::timeout(PATIENCE, source.next());
    next.await.unwrap().unwrap().unwrap().data.to_owned()
}
