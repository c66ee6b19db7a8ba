//! Closing, from everywhere and at every moment. In: `close()`, or a drop. Out: silence, and nothing
//! left: no connection, no task, no timer.
//!
//! Next: `http2.rs`.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use crate::support::{
    alive_tasks, builder, ms, next_data, next_loss, next_signal, quick, soon, source, stream,
    tasks_settle_at, whole,
};
use futures_core::future::BoxFuture;
use wellspring::transport::{Body, Transport, TransportError};
use wellspring::{EventSource, Handle, ReadyState};
use wellspring_testkit::server::{Script, ScriptedServer};

const THREE: &str = "data: a\n\ndata: b\n\ndata: c\n\n";

#[tokio::test]
async fn nothing_is_delivered_after_close() {
    let server = ScriptedServer::start([stream(THREE).hang()]).await;
    let mut source = source(server.url("/"));
    assert_eq!(next_data(&mut source).await, "a");
    source.close();
    assert_eq!(source.ready_state(), ReadyState::Closed);
    for _ in 0..3 {
        assert!(soon(source.next()).await.is_none());
        assert!(next_signal(&mut source).await.is_none());
    }
    source.close();
    source.reconnect_now();
    assert!(soon(source.next()).await.is_none());
    assert_eq!(source.last_event_id(), "");
    assert_eq!(server.connections(), 1);
}

/// Brings a source to a moment of its life.
async fn at(moment: &str) -> (ScriptedServer, EventSource) {
    let request = Script::new().expect_request();
    let refused = request.clone().send("HTTP/1.1 404 No\r\n\r\nhalf");
    let script = match moment {
        "never polled" | "waiting for a response" => request.hang(),
        "reading" | "with events to take" => stream(THREE).hang(),
        "waiting to reconnect" | "told of the loss" => whole("data: a\n\n"),
        "reading a refused body" => refused.hang(),
        "failed" => Script::answer("204 No Content", &[]),
        other => panic!("no such moment: {other}"),
    };
    let server = ScriptedServer::start([script]).await;
    let patience = quick().with_initial(Duration::from_secs(3600));
    let builder = builder(server.url("/")).reconnection(patience);
    let timeout = Some(Duration::from_secs(3600));
    let mut source = builder.idle_timeout(timeout).build().unwrap();
    match moment {
        "never polled" => {}
        "with events to take" => drop(next_data(&mut source).await),
        "told of the loss" => drop(next_loss(&mut source).await),
        "failed" => drop(soon(source.next()).await.unwrap().unwrap_err()),
        _ => {
            let reading = async { while next_signal(&mut source).await.is_some() {} };
            let pulled = tokio::time::timeout(ms(30), reading).await;
            assert!(pulled.is_err(), "{moment}: it waits");
        }
    }
    (server, source)
}

const MOMENTS: [&str; 8] = [
    "never polled",
    "waiting for a response",
    "reading",
    "with events to take",
    "told of the loss",
    "waiting to reconnect",
    "reading a refused body",
    "failed",
];

#[tokio::test]
async fn closing_is_silent_and_final_at_every_moment() {
    for moment in MOMENTS {
        let (server, mut source) = at(moment).await;
        let connections = server.connections();
        source.close();
        assert_eq!(source.ready_state(), ReadyState::Closed, "{moment}");
        // The connection goes at once, although nobody polls the source.
        soon(server.ended(connections)).await;
        assert!(soon(source.next()).await.is_none(), "{moment}");
        assert_eq!(server.connections(), connections, "{moment}");
    }
}

#[tokio::test]
async fn closing_or_dropping_leaves_no_task() {
    let before = alive_tasks();
    for moment in MOMENTS {
        let (server, source) = at(moment).await;
        source.close();
        drop(server);
        tasks_settle_at(before).await;
        let (server, source) = at(moment).await;
        drop(source);
        drop(server);
        tasks_settle_at(before).await;
    }
}

#[tokio::test]
async fn dropping_the_source_drops_the_connection() {
    for moment in MOMENTS {
        let (server, source) = at(moment).await;
        let connections = server.connections();
        let handle = source.handle().clone();
        let mut watch = handle.watch();
        drop(source);
        assert_eq!(handle.ready_state(), ReadyState::Closed, "{moment}");
        soon(server.ended(connections)).await;
        while soon(watch.changed()).await.is_some() {}
    }
}

#[tokio::test]
async fn closing_a_spawned_source_ends_its_task() {
    let before = alive_tasks();
    for moment in ["never polled", "waiting for a response", "reading"] {
        let (server, source) = at(moment).await;
        let handle = source.spawn().unwrap();
        soon(server.request(0)).await;
        handle.close();
        soon(server.ended(1)).await;
        drop(server);
        tasks_settle_at(before).await;
    }
}

#[tokio::test]
async fn a_pending_read_learns_of_the_close() {
    for moment in ["waiting for a response", "reading", "waiting to reconnect"] {
        let (_server, mut source) = at(moment).await;
        let handle = source.handle().clone();
        let other = std::thread::spawn(move || {
            std::thread::sleep(ms(20));
            handle.close();
        });
        let start = Instant::now();
        while soon(source.next()).await.is_some() {}
        assert!(start.elapsed() < Duration::from_secs(5));
        other.join().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_on_another_thread_meets_no_deadlock() {
    let server = ScriptedServer::start_repeating(stream(THREE).hang()).await;
    for round in 0_u64..100 {
        let mut source = source(server.url("/"));
        let handle = source.handle().clone();
        let reading = tokio::spawn(async move {
            while let Some(event) = source.next().await {
                drop(event.unwrap().to_event());
            }
        });
        tokio::time::sleep(Duration::from_micros(round * 20)).await;
        handle.close();
        assert_eq!(handle.ready_state(), ReadyState::Closed);
        soon(reading).await.unwrap();
    }
    soon(async {
        while server.open_connections() > 0 {
            tokio::time::sleep(ms(1)).await;
        }
    })
    .await;
}

/// A transport that closes the source while the source polls it, or panics.
#[derive(Clone, Default)]
struct Meddler {
    handle: Arc<OnceLock<Handle>>,
    /// Not before the body.
    panics: bool,
    answers: bool,
}

impl Transport for Meddler {
    fn send(
        &self,
        _request: http::Request<Body>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        let this = self.clone();
        Box::pin(poll_fn(move |_| {
            if this.panics || this.answers {
                let response = http::Response::builder();
                let response = response.header("content-type", "text/event-stream");
                let body = Body::new(this.clone());
                return Poll::Ready(Ok(response.body(body).unwrap()));
            }
            this.close()
        }))
    }
}

impl Meddler {
    fn close<T>(&self) -> Poll<T> {
        assert!(!self.panics, "on purpose");
        let handle = self.handle.get().expect("set before polling");
        handle.reconnect_now();
        handle.close();
        assert_eq!(handle.ready_state(), ReadyState::Closed);
        Poll::Pending
    }

    fn source(&self) -> EventSource {
        let builder = builder("http://localhost/").transport(self.clone());
        let source = builder.build().unwrap();
        self.handle.set(source.handle().clone()).unwrap();
        source
    }
}

impl http_body::Body for Meddler {
    type Data = bytes::Bytes;
    type Error = TransportError;

    fn poll_frame(
        self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<bytes::Bytes>, TransportError>>> {
        self.close()
    }
}

#[tokio::test]
async fn closing_inside_a_transport_meets_no_deadlock() {
    for answers in [false, true] {
        let meddler = Meddler {
            answers,
            ..Meddler::default()
        };
        let mut source = meddler.source();
        let mut cx = Context::from_waker(Waker::noop());
        let polled = std::pin::pin!(source.next()).poll(&mut cx);
        assert!(!matches!(polled, Poll::Ready(Some(_))));
        // The fetch is let go of at once, although it never ends and nobody polls again.
        assert_eq!(Arc::strong_count(&meddler.handle), 2, "of the transport");
        assert!(soon(source.next()).await.is_none());
        drop(source);
        assert_eq!(Arc::strong_count(&meddler.handle), 1);
    }
}

#[tokio::test]
async fn a_transport_that_panics_leaves_nothing() {
    let meddler = Meddler {
        panics: true,
        ..Meddler::default()
    };
    let mut source = meddler.source();
    let handle = source.handle().clone();
    let reading = tokio::spawn(async move {
        source.next().await;
    });
    assert!(soon(reading).await.unwrap_err().is_panic());
    assert_eq!(handle.ready_state(), ReadyState::Closed);
    assert_eq!(Arc::strong_count(&meddler.handle), 1);
}

#[tokio::test]
async fn a_source_in_a_runtime_that_ends_is_closed() {
    let server = ScriptedServer::start([stream(THREE).hang()]).await;
    let source = source(server.url("/"));
    let handle = source.handle().clone();
    let other = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            source.spawn().unwrap();
            tokio::time::sleep(ms(30)).await;
        });
    });
    soon(server.ended(1)).await;
    other.join().unwrap();
    assert_eq!(handle.ready_state(), ReadyState::Closed);
}
