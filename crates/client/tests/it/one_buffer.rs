//! Sources of one thread, which share what they read into. In: sources polled inside each other's handlers, and on
//! changing threads. Out: every event, in order.
//!
//! Next: `stall.rs`.

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use wellspring::{DomEvent, EventSource, Policy};
use wellspring_testkit::server::ScriptedServer;

use crate::support::{SOON, builder, soon, whole};

/// Events of several reads.
const EVENTS: usize = 1000;

fn body(name: &str) -> String {
    (0..EVENTS)
        .map(|number| format!("data: {name} {number} {}\n\n", "x".repeat(number % 500)))
        .collect()
}

/// In chunks that end nowhere near an event.
async fn serve(name: &str) -> ScriptedServer {
    let body = body(name);
    let (first, rest) = body.split_at(7);
    let mut script = crate::support::stream(first);
    for chunk in rest.as_bytes().chunks(1000) {
        script = script.send_chunk(std::str::from_utf8(chunk).unwrap());
    }
    ScriptedServer::start([script.send_chunk("")]).await
}

fn finite(server: &ScriptedServer) -> EventSource {
    let source = builder(server.url("/")).policy(Policy::finite());
    source.build().unwrap()
}

fn expected(name: &str) -> Vec<String> {
    (0..EVENTS)
        .map(|number| format!("{name} {number}"))
        .collect()
}

/// Without the padding, once that is seen to be whole.
fn told(data: &str) -> String {
    let (told, padding) = data.rsplit_once(' ').unwrap();
    let number: usize = told.rsplit_once(' ').unwrap().1.parse().unwrap();
    assert_eq!(padding, "x".repeat(number % 500));
    told.to_owned()
}

/// What is here already.
fn take_ready(source: &mut EventSource, into: &mut Vec<String>) {
    let mut cx = Context::from_waker(Waker::noop());
    while let Poll::Ready(Some(event)) = pin!(source.next()).poll(&mut cx) {
        into.push(told(event.unwrap().data));
    }
}

#[tokio::test]
async fn a_handler_may_poll_another_source_and_drop_it() {
    let (outer, inner, dropped) = (
        serve("outer").await,
        serve("inner").await,
        serve("gone").await,
    );
    let source = finite(&outer);
    let polled = Arc::new(Mutex::new((
        finite(&inner),
        Some(finite(&dropped)),
        Vec::new(),
    )));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (log, others) = (Arc::clone(&seen), Arc::clone(&polled));
    source.onmessage(move |event| {
        if let DomEvent::Message(event) = event {
            let (inner, gone, into) = &mut *others.lock().unwrap();
            take_ready(inner, into);
            if let Some(source) = gone {
                take_ready(source, &mut Vec::new());
            }
            log.lock().unwrap().push(told(event.data));
            if log.lock().unwrap().len() == EVENTS / 2 {
                *gone = None;
            }
        }
    });
    soon(source.run()).await;
    assert_eq!(*seen.lock().unwrap(), expected("outer"));
    let (mut inner, _, mut into) = std::mem::replace(
        &mut *polled.lock().unwrap(),
        (finite(&dropped), None, Vec::new()),
    );
    while let Some(event) = soon(inner.next()).await {
        into.push(told(event.unwrap().data));
    }
    assert_eq!(into, expected("inner"));
}

/// Each event on a thread of its own.
#[tokio::test]
async fn a_source_may_move_between_threads() {
    let server = serve("moved").await;
    let mut source = finite(&server);
    let runtime = tokio::runtime::Handle::current();
    let seen = tokio::task::spawn_blocking(move || {
        let mut seen = Vec::new();
        for _ in 0..EVENTS {
            let mut moved = source;
            let runtime = runtime.clone();
            let thread = std::thread::spawn(move || {
                let next = async { tokio::time::timeout(SOON, moved.next()).await };
                let data = runtime
                    .block_on(async { next.await.unwrap().unwrap().unwrap().data.to_owned() });
                (moved, told(&data))
            });
            let (back, data) = thread.join().unwrap();
            source = back;
            seen.push(data);
        }
        seen
    });
    assert_eq!(seen.await.unwrap(), expected("moved"));
}

/// One after the other, and each with its first event before the next one ends.
#[tokio::test]
async fn many_sources_take_turns() {
    let servers = [serve("a").await, serve("b").await, serve("c").await];
    let mut sources = servers.each_ref().map(finite);
    let mut seen = [const { Vec::new() }; 3];
    for _ in 0..EVENTS {
        for (source, seen) in sources.iter_mut().zip(&mut seen) {
            let event = soon(source.next()).await.unwrap();
            seen.push(told(event.unwrap().data));
        }
    }
    assert_eq!(seen, ["a", "b", "c"].map(expected));
}

/// A runtime may end while its sources wait, or hold what is not decoded.
#[test]
fn a_source_outlives_its_runtime() {
    let runtime = || tokio::runtime::Runtime::new().unwrap();
    let first = runtime();
    let server = first.block_on(async { ScriptedServer::start([whole("data: a\n\n")]).await });
    let second = runtime();
    let mut source = builder(server.url("/")).build().unwrap();
    second.block_on(async { assert_eq!(crate::support::next_data(&mut source).await, "a") });
    second.shutdown_background();
    drop(source);
    first.block_on(async { drop(server) });
}
