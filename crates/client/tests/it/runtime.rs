//! Sources and runtimes. In: none, or one that somebody watches. Out: errors rather than panics, and
//! ready states.
//!
//! Next: `close.rs`.

use crate::support;
use crate::support::{ms, soon, source, stream, tasks_settle_at, whole, whole_text};
use wellspring::{EventSource, ReadyState};
use wellspring_testkit::server::{Script, ScriptedServer};

fn unused() -> EventSource {
    source("http://localhost/")
}

#[test]
fn spawning_outside_a_runtime_is_an_error() {
    let source = unused();
    let handle = source.handle().clone();
    let error = whole_text(&source.spawn().unwrap_err());
    support::assert_says(
        &error,
        &["http://localhost/", "no tokio runtime", "blocking"],
    );
    assert_eq!(handle.ready_state(), ReadyState::Closed);
}

#[test]
fn polling_outside_a_runtime_is_an_error() {
    use std::future::Future;
    let mut source = unused();
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    for expected in [true, false] {
        let mut next = std::pin::pin!(source.next());
        let std::task::Poll::Ready(event) = next.as_mut().poll(&mut cx) else {
            panic!("pending")
        };
        assert_eq!(event.is_some_and(|event| event.is_err()), expected);
    }
}

#[tokio::test]
async fn the_ready_state_can_be_watched() {
    let server = ScriptedServer::start([whole("data: a\n\n"), Script::answer("204 No", &[])]).await;
    let mut source = source(server.url("/"));
    let mut watch = source.watch();
    let mut late = source.watch();
    assert_eq!(watch.ready_state(), ReadyState::Connecting);
    let mut states = Vec::new();
    loop {
        let signal = support::next_signal(&mut source).await;
        if let Ok(state) = tokio::time::timeout(ms(5), watch.changed()).await {
            states.push(state);
        }
        if signal.is_none() {
            break;
        }
    }
    let seen = [ReadyState::Open, ReadyState::Connecting, ReadyState::Closed].map(Some);
    assert_eq!(states, [&seen[..], &[None]].concat());
    // Who did not look meanwhile still learns of the last one.
    assert_eq!(soon(late.changed()).await, Some(ReadyState::Closed));
    assert_eq!(soon(late.changed()).await, None);
}

#[tokio::test]
async fn a_handler_that_panics_closes_a_running_source() {
    let before = support::alive_tasks();
    let server = ScriptedServer::start([stream("data: a\n\n").hang()]).await;
    let source = source(server.url("/"));
    source.onmessage(|_| panic!("on purpose"));
    let handle = source.spawn().unwrap();
    let mut watch = handle.watch();
    while soon(watch.changed()).await != Some(ReadyState::Closed) {}
    soon(server.ended(1)).await;
    drop(server);
    tasks_settle_at(before).await;
}
