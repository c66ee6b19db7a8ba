//! The `browser` preset. In: more sources of one origin than it has connections. Out: six at a time,
//! and the others in a queue that can be seen.
//!
//! Next: `http2.rs`.

use std::sync::Arc;

use crate::support::{
    alive_tasks, builder, ms, next_data, next_signal, quick, soon, stream, tasks_settle_at, whole,
};
use wellspring::transport::{HttpTransport, Transport};
use wellspring::{EventSource, Policy, ReadyState, Signal};
use wellspring_testkit::server::{Script, ScriptedServer};

fn policy() -> Policy {
    Policy::browser().with_reconnection(quick())
}

fn transport() -> Arc<dyn Transport> {
    Arc::new(HttpTransport::default())
}

fn source(server: &ScriptedServer, transport: &Arc<dyn Transport>) -> EventSource {
    let builder = builder(server.url("/")).policy(policy());
    let builder = builder.shared_transport(Arc::clone(transport));
    builder.build().unwrap()
}

async fn open(source: &mut EventSource) {
    assert_eq!(next_data(source).await, "a");
}

/// The place it is told, as its first signal.
async fn queued(source: &mut EventSource) -> usize {
    let mut signals = source.signals();
    match soon(signals.next()).await {
        Some(Ok(Signal::Queued(place))) => place,
        other => panic!("not queued: {other:?}"),
    }
}

#[tokio::test]
async fn six_are_open_and_the_seventh_opens_when_one_closes() {
    let server = ScriptedServer::start_repeating(stream("data: a\n\n").hang()).await;
    let transport = transport();
    let mut sources: Vec<_> = (0..9).map(|_| source(&server, &transport)).collect();
    for source in &mut sources[..6] {
        open(source).await;
        assert_eq!(source.queue_position(), None);
    }
    for (place, source) in (1..).zip(&mut sources[6..]) {
        assert_eq!(queued(source).await, place);
        assert_eq!(source.queue_position(), Some(place));
        assert_eq!(source.ready_state(), ReadyState::Connecting);
    }
    assert_eq!(server.connections(), 6);

    sources[2].close();
    assert_eq!(sources[7].queue_position(), Some(1), "all move up");
    open(&mut sources[6]).await;
    assert_eq!((server.connections(), server.open_connections()), (7, 6));
    drop(sources.remove(0));
    open(&mut sources[6]).await;
    let eighth = next_signal(&mut sources[7]);
    assert!(
        tokio::time::timeout(ms(50), eighth).await.is_err(),
        "waiting"
    );
    assert_eq!((server.connections(), server.open_connections()), (8, 6));
}

#[tokio::test]
async fn a_queued_source_that_is_closed_or_dropped_holds_nobody_up() {
    let server = ScriptedServer::start_repeating(stream("data: a\n\n").hang()).await;
    let before = alive_tasks();
    let transport = transport();
    let mut sources: Vec<_> = (0..10).map(|_| source(&server, &transport)).collect();
    for source in &mut sources[..6] {
        open(source).await;
    }
    for source in &mut sources[6..] {
        queued(source).await;
    }
    sources[6].close();
    assert_eq!(sources[6].queue_position(), None);
    drop(sources.remove(7));
    assert_eq!(sources[7].queue_position(), Some(1));
    assert_eq!(sources[8].queue_position(), Some(2));
    // One that has been let in, and is closed before it is polled again.
    sources[0].close();
    assert_eq!(sources[7].queue_position(), None);
    sources[7].close();
    open(&mut sources[8]).await;
    assert_eq!(server.connections(), 7);
    drop(sources);
    soon(server.ended(7)).await;
    tasks_settle_at(before).await;
}

#[tokio::test]
async fn a_source_without_a_limit_neither_waits_nor_counts() {
    let server = ScriptedServer::start_repeating(stream("data: a\n\n").hang()).await;
    let transport = transport();
    let mut unlimited = Vec::new();
    for _ in 0..8 {
        let builder = builder(server.url("/")).shared_transport(Arc::clone(&transport));
        let mut source = builder.build().unwrap();
        open(&mut source).await;
        unlimited.push(source);
    }
    let mut limited: Vec<_> = (0..6).map(|_| source(&server, &transport)).collect();
    for source in &mut limited {
        open(source).await;
    }
    // Another transport has connections of its own.
    open(&mut source(&server, &self::transport())).await;
    assert_eq!(server.connections(), 15);
}

#[tokio::test]
async fn a_lost_connection_goes_to_the_next_in_the_queue() {
    let scripts = [
        whole("data: a\n\n"),
        stream("data: b\n\n").hang(),
        stream("data: a\n\n").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let transport = transport();
    let one = policy().with_http1_connections(Some(1));
    let mut sources = [0, 1].map(|_| {
        let builder = builder(server.url("/")).policy(one.clone());
        let builder = builder.shared_transport(Arc::clone(&transport));
        builder.build().unwrap()
    });
    open(&mut sources[0]).await;
    assert_eq!(queued(&mut sources[1]).await, 1);
    let lost = next_signal(&mut sources[0]).await.unwrap();
    assert!(lost.starts_with("lost: the body ended"), "{lost}");
    assert_eq!(next_data(&mut sources[1]).await, "b");
    assert_eq!(queued(&mut sources[0]).await, 1);
    sources[1].close();
    open(&mut sources[0]).await;
}

/// A wait in the queue is no silence of the server, and no slow connecting.
#[tokio::test]
async fn timeouts_do_not_run_in_the_queue() {
    let scripts = [
        Script::event_stream("data: a\n\n").hang(),
        stream("data: a\n\n").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let transport = transport();
    let impatient = policy()
        .with_http1_connections(Some(1))
        .with_connect_timeout(Some(ms(100)));
    let source = |idle| {
        let policy = impatient.clone().with_idle_timeout(idle);
        let builder = builder(server.url("/")).policy(policy);
        let builder = builder.shared_transport(Arc::clone(&transport));
        builder.build().unwrap()
    };
    let (mut first, mut second) = (source(None), source(Some(ms(100))));
    open(&mut first).await;
    assert_eq!(queued(&mut second).await, 1);
    let waiting = tokio::time::timeout(ms(400), next_signal(&mut second)).await;
    assert!(waiting.is_err(), "{waiting:?}");
    first.close();
    assert_eq!(next_signal(&mut second).await.unwrap(), "open");
}
