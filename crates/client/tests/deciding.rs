//! Programs that decide late. In: ends that a program has to think about, streams that it takes for
//! complete. Out: sources that wait for it, and do as it says.
//!
//! Next: `runtime.rs`.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use support::{builder, next_data, next_error, quick, soon, stream, whole};
use tokio::sync::{Notify, mpsc};
use wellspring::{Decision, EventSourceBuilder, Failure, Policy};
use wellspring_testkit::server::ScriptedServer;

/// A source, and both ends of what it asks: the causes, and the decisions.
struct Asked {
    builder: EventSourceBuilder,
    asked: mpsc::UnboundedReceiver<String>,
    decisions: mpsc::UnboundedSender<Decision>,
}

fn ask(builder: EventSourceBuilder) -> Asked {
    let (ask, asked) = mpsc::unbounded_channel();
    let (decisions, decided) = mpsc::unbounded_channel();
    let decided = Arc::new(tokio::sync::Mutex::new(decided));
    let builder = builder.on_end_async(move |end| {
        let how = format!("{}, {}", end.cause, end.terminal_event);
        ask.send(how).unwrap();
        let decided = Arc::clone(&decided);
        async move { decided.lock().await.recv().await.unwrap_or_default() }
    });
    Asked {
        builder,
        asked,
        decisions,
    }
}

#[tokio::test]
async fn a_source_waits_for_the_decision_without_a_connection() {
    let server = ScriptedServer::start([whole("data: a\n\n"), stream("data: b\n\n").hang()]).await;
    let mut asked = ask(builder(server.url("/")));
    let mut source = asked.builder.build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let handle = source.handle().clone();
    let next = async { next_data(&mut source).await };
    let decide = async {
        assert_eq!(asked.asked.recv().await.unwrap(), "the body ended, false");
        soon(server.ended(1)).await;
        // There is no wait to end, and nobody who spins because of it.
        handle.reconnect_now();
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(server.requests().len(), 1);
        asked.decisions.send(Decision::Reconnect).unwrap();
    };
    let (data, ()) = tokio::join!(next, decide);
    assert_eq!(data, "b");
    assert!(asked.asked.try_recv().is_err());
}

#[tokio::test]
async fn a_late_decision_may_stop_or_fail_the_source() {
    for decision in [Decision::Stop, Decision::Fail, Decision::Default] {
        let server = ScriptedServer::start([whole("data: a\n\n")]).await;
        let policy = Policy::finite();
        let asked = ask(builder(server.url("/")).policy(policy));
        asked.decisions.send(decision).unwrap();
        let mut source = asked.builder.build().unwrap();
        assert_eq!(next_data(&mut source).await, "a");
        if decision == Decision::Fail {
            let error = next_error(&mut source).await;
            assert_eq!(error.failure(), Some(Failure::Decided));
        }
        assert!(soon(source.next()).await.is_none());
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn closing_does_not_wait_for_the_decision() {
    let server = ScriptedServer::start([whole("data: a\n\n")]).await;
    let mut asked = ask(builder(server.url("/")));
    let mut source = asked.builder.build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let handle = source.handle().clone();
    let close = async {
        asked.asked.recv().await.unwrap();
        handle.close();
    };
    let (next, ()) = tokio::join!(async { soon(source.next()).await.is_none() }, close);
    assert!(next);
}

#[tokio::test]
async fn what_is_complete_ends_at_once() {
    let body = "data: a\n\ndata: b\n\n";
    let server = ScriptedServer::start([stream(body).hang()]).await;
    let mut source = builder(server.url("/")).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    source.complete();
    assert!(source.next_ready().is_none());
    assert!(soon(source.next()).await.is_none());
    soon(server.ended(1)).await;
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_source_that_waits_for_bytes_hears_that_it_is_complete() {
    let server = ScriptedServer::start([stream("data: a\n\n").hang()]).await;
    let mut source = builder(server.url("/")).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let handle = source.handle().clone();
    let waits = Arc::new(Notify::new());
    let waiting = Arc::clone(&waits);
    let next = tokio::spawn(async move {
        waiting.notify_one();
        soon(source.next()).await.is_none()
    });
    waits.notified().await;
    handle.complete();
    assert!(soon(next).await.unwrap());
}

#[tokio::test]
async fn the_program_may_go_on_after_what_is_complete() {
    let scripts = [
        stream("data: a\n\ndata: dropped\n\n").hang(),
        stream("data: b\n\n").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let ends = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&ends);
    let source = builder(server.url("/")).reconnection(quick());
    let source = source.on_end(move |end| {
        seen.lock().unwrap().push((end.events, end.terminal_event));
        Decision::Reconnect
    });
    let mut source = source.build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    source.complete();
    assert_eq!(next_data(&mut source).await, "b");
    assert_eq!(*ends.lock().unwrap(), [(1, true)]);
}

/// The program learns that the stream was complete while it is asked what to make of the end.
#[tokio::test]
async fn an_end_becomes_complete_while_it_is_decided_about() {
    let server = ScriptedServer::start([whole("data: a\n\n")]).await;
    let mut asked = ask(builder(server.url("/")));
    let mut source = asked.builder.build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let handle = source.handle().clone();
    let decide = async {
        asked.asked.recv().await.unwrap();
        handle.complete();
        asked.decisions.send(Decision::Default).unwrap();
    };
    let (next, ()) = tokio::join!(async { soon(source.next()).await.is_none() }, decide);
    assert!(next);
    assert_eq!(server.requests().len(), 1);
}
