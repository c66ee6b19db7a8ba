//! Programs that decide late. In: ends that a program has to think about, streams that it takes for
//! complete. Out: sources that wait for it, and do as it says.
//!
//! Next: `runtime.rs`.

use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;

use crate::support::{builder, next_data, next_error, next_loss, quick, soon, stream, whole};
use tokio::sync::{Notify, mpsc};
use wellspring::transport::Body;
use wellspring::{Decision, EventSource, EventSourceBuilder, Failure, Handle, Limits, Policy};
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
            assert_eq!(error.failure(), Some(Failure::ByHook));
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

/// A source that has lost its first connection and waits for a long time, and is told then that the stream is
/// complete, which its program makes this of. With it: what the program was asked about.
async fn complete_in_the_wait(
    server: &ScriptedServer,
    decision: Decision,
) -> (EventSource, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let ask = Arc::clone(&asked);
    let source = builder(server.url("/")).limits(Limits::default().with_line(100));
    let source = source.on_end(move |end| {
        ask.lock().unwrap().push(end.cause.to_string());
        match end.terminal_event {
            true => decision,
            false => Decision::ReconnectAfter(Duration::from_secs(3600)),
        }
    });
    let mut source = source.build().unwrap();
    let lost = next_loss(&mut source).await;
    assert!(lost.contains("the body ended"), "{lost}");
    source.complete();
    (source, asked)
}

#[tokio::test]
async fn a_source_that_waits_may_be_complete_or_fail_then() {
    for decision in [Decision::Default, Decision::Stop, Decision::Fail] {
        let server = ScriptedServer::start([whole("data: a\n\n")]).await;
        let (mut source, asked) = complete_in_the_wait(&server, decision).await;
        if decision == Decision::Fail {
            let error = next_error(&mut source).await;
            assert_eq!(error.failure(), Some(Failure::ByHook));
        }
        assert!(soon(source.next()).await.is_none());
        assert_eq!(asked.lock().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn what_comes_after_a_wait_that_was_taken_for_complete_is_asked_about() {
    let long = format!("data: {}\n\n", "x".repeat(101));
    let server = ScriptedServer::start([whole("data: a\n\n"), whole(&long)]).await;
    let again = Decision::ReconnectAfter(Duration::ZERO);
    let (mut source, asked) = complete_in_the_wait(&server, again).await;
    let lost = next_loss(&mut source).await;
    assert!(lost.contains("the body ended"), "{lost}");
    let lost = next_loss(&mut source).await;
    assert!(lost.contains("limit of 100 bytes"), "{lost}");
    assert_eq!(asked.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn a_program_that_is_asked_may_say_that_the_stream_is_complete() {
    let server = ScriptedServer::start([whole("data: a\n\n")]).await;
    let asked = Arc::new(Mutex::new(0));
    let handle: Arc<OnceLock<Handle>> = Arc::default();
    let (ask, known) = (Arc::clone(&asked), Arc::clone(&handle));
    let source = builder(server.url("/")).on_end(move |_| {
        *ask.lock().unwrap() += 1;
        assert!(*ask.lock().unwrap() < 5, "it is asked for ever");
        known.get().unwrap().complete();
        Decision::Default
    });
    let mut source = source.build().unwrap();
    assert!(handle.set(source.handle().clone()).is_ok());
    assert_eq!(next_data(&mut source).await, "a");
    assert!(soon(source.next()).await.is_none());
    assert_eq!(*asked.lock().unwrap(), 1);
}

/// Bytes that come now and then.
struct Fed(mpsc::UnboundedReceiver<&'static [u8]>);

impl Stream for Fed {
    type Item = std::io::Result<&'static [u8]>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|bytes| bytes.map(Ok))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_may_be_called_complete_on_another_thread_at_any_moment() {
    for round in 0..500 {
        let (feed, fed) = mpsc::unbounded_channel();
        let Asked {
            builder,
            mut asked,
            decisions,
        } = ask(EventSourceBuilder::from_body(Body::from_stream(Fed(fed))));
        decisions.send(Decision::Default).unwrap();
        let mut source = builder.build().unwrap();
        let handle = source.handle().clone();
        let other = std::thread::spawn(move || {
            for moment in 0..20 {
                if moment == round % 20 {
                    handle.complete();
                }
                // The source may have ended, and let go of its body.
                let _ = feed.send(b"data: a\n\ndata: b\n\n");
            }
            feed
        });
        while soon(source.next()).await.is_some() {}
        assert!(asked.recv().await.unwrap().ends_with("true"), "{round}");
        assert!(asked.try_recv().is_err(), "{round}");
        drop(other.join().unwrap());
    }
}
