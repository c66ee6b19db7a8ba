//! Sources that the program restarts. In: connections that are open, under way and waited for. Out: the
//! next one at once, and everything else as it was.
//!
//! Next: `close.rs`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use crate::support::{
    builder, ms, next_data, next_signal, quick, signals_until, soon, source, stream, whole,
};
use wellspring::{Decision, EventSource, ReadyState};
use wellspring_testkit::server::{Script, ScriptedServer};

const RESTARTED: &str = "lost: the program restarted it; attempt 1";

#[tokio::test]
async fn an_open_source_is_restarted_with_everything_it_has() {
    let scripts = [
        Script::answer("307 Moved", &["Location: /there", "Connection: close"]),
        stream("retry: 3600000\n\nid: 7\ndata: a\n\ndata: half").hang(),
        stream("data: b\n\n").hang(),
        stream("").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let mut source = builder(server.url("/here"))
        .on_end(|_| Decision::Fail)
        .build()
        .unwrap();
    let opened = Arc::<AtomicU32>::default();
    let counting = Arc::clone(&opened);
    source.onopen(move |_| {
        counting.fetch_add(1, Ordering::SeqCst);
    });
    assert_eq!(next_data(&mut source).await, "a");
    let handle = source.handle().clone();
    let restarting = tokio::spawn(async move {
        tokio::time::sleep(ms(10)).await;
        handle.restart();
    });
    assert_eq!(next_signal(&mut source).await.unwrap(), RESTARTED);
    restarting.await.unwrap();
    assert_eq!(source.ready_state(), ReadyState::Connecting);
    assert_eq!(next_signal(&mut source).await.unwrap(), "open");
    assert_eq!(next_signal(&mut source).await.unwrap(), "message: b");
    soon(server.ended(2)).await;
    let request = server.request(2).await;
    assert_eq!(request.line(), "GET /there HTTP/1.1");
    assert_eq!(request.header("last-event-id").unwrap(), b"7");
    assert_eq!(source.reconnection_time(), Duration::from_secs(3600));
    assert_eq!(source.last_event_id(), "7");
    assert_eq!(source.counters().attempts, 2);
    source.restart();
    soon(async {
        let running = source.spawn().unwrap();
        while server.connections() < 4 {
            tokio::time::sleep(ms(1)).await;
        }
        while opened.load(Ordering::SeqCst) < 1 {
            tokio::time::sleep(ms(1)).await;
        }
        running.close();
    })
    .await;
}

/// `run` and `spawn` consume the source.
#[tokio::test]
async fn a_handle_knows_how_far_the_source_has_come() {
    let body = "retry: 250\n\nid: 1\ndata: a\n\nid: 2\n\n";
    let server = ScriptedServer::start([stream(body).hang()]).await;
    let source = builder(server.url("/")).last_event_id("0").build().unwrap();
    let handle = source.handle().clone();
    assert_eq!(
        (handle.last_event_id().as_str(), handle.reconnection_time()),
        ("0", ms(10))
    );
    assert!(handle.opened().is_none());
    let running = source.spawn().unwrap().close_on_drop();
    soon(async {
        while handle.last_event_id() != "2" {
            tokio::time::sleep(ms(1)).await;
        }
    })
    .await;
    assert_eq!(handle.reconnection_time(), ms(250));
    assert_eq!(handle.opened().unwrap().status, 200);
    assert_eq!(handle.ready_state(), ReadyState::Open);
    drop(running);
    soon(server.ended(1)).await;
    assert_eq!(
        (handle.ready_state(), handle.last_event_id().as_str()),
        (ReadyState::Closed, "2")
    );
}

/// What is not taken does not count.
#[tokio::test]
async fn a_handle_is_never_ahead_of_the_program() {
    let mut source = EventSource::from_body("id: 1\ndata: a\n\nid: 2\ndata: b\n\n");
    let handle = source.handle().clone();
    assert_eq!(next_data(&mut source).await, "a");
    drop(source);
    assert_eq!(handle.last_event_id(), "1");
}

/// They have been read, and the position is behind them.
#[tokio::test]
async fn what_has_been_read_is_delivered_first() {
    let body = "id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\n";
    let server = ScriptedServer::start([stream(body).hang(), stream("").hang()]).await;
    let mut source = source(server.url("/"));
    assert_eq!(next_data(&mut source).await, "a");
    source.restart();
    let told = signals_until(&mut source, "lost").await;
    assert_eq!(told, ["message: b", "message: c"]);
    assert_eq!(next_signal(&mut source).await.unwrap(), "open");
    let request = server.request(1).await;
    assert_eq!(request.header("last-event-id").unwrap(), b"3");
}

#[tokio::test]
async fn an_attempt_and_a_wait_are_restarted() {
    let hanging = Script::new().expect_request().hang();
    let scripts = [hanging, whole(""), stream("data: a\n\n").hang()];
    let server = ScriptedServer::start(scripts).await;
    let patience = quick().with_initial(Duration::from_secs(3600));
    let source = builder(server.url("/"))
        .method("POST")
        .repeat(wellspring::Repeat::Always);
    let mut source = source.reconnection(patience).build().unwrap();
    let handle = source.handle().clone();
    let (told, ()) = tokio::join!(next_signal(&mut source), async {
        server.request(0).await;
        handle.restart();
    });
    assert_eq!(told.unwrap(), "lost: the program restarted it; attempt 2");
    signals_until(&mut source, "lost: the body ended").await;
    source.restart();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_body_is_not_restarted() {
    let mut source = EventSource::from_body("data: a\n\ndata: b\n\n");
    source.restart();
    assert_eq!(next_data(&mut source).await, "a");
    source.restart();
    assert_eq!(next_data(&mut source).await, "b");
    assert!(soon(source.next()).await.is_none());
    source.restart();
    assert!(soon(source.next()).await.is_none());
}

/// The decision stands; the wait that it leads to does not.
#[tokio::test]
async fn a_restart_while_an_end_is_decided_about_ends_the_wait() {
    let server = ScriptedServer::start([whole(""), stream("data: a\n\n").hang()]).await;
    let asked = Arc::new(Notify::new());
    let asking = Arc::clone(&asked);
    let mut source = builder(server.url("/"))
        .on_end_async(move |_| {
            asking.notify_one();
            async {
                tokio::time::sleep(ms(100)).await;
                Decision::ReconnectAfter(Duration::from_secs(3600))
            }
        })
        .build()
        .unwrap();
    let handle = source.handle().clone();
    let (data, ()) = tokio::join!(next_data(&mut source), async {
        asked.notified().await;
        handle.restart();
    });
    assert_eq!(data, "a");
}
