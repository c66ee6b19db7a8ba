//! The loops of a source, whichever face it is read through.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::Poll;
use std::time::Duration;

use futures_core::Stream;
use futures_core::future::BoxFuture;
use wellspring::store::{Recorder, Store, StoreError};
use wellspring::transport::{Body, Transport, TransportError};
use wellspring::{EndOfBody, Event, EventSource, EventSourceBuilder, Policy, Reconnection};

use super::{Endless, LONG, Ticker, assert_gives_way, busy, tiny_events};

fn tiny() -> EventSource {
    EventSource::from_body(Endless::body(tiny_events()))
}

/// Takes all events.
async fn take_all(mut source: EventSource) {
    while let Some(event) = source.next().await {
        event.unwrap();
    }
}

#[test]
fn next_gives_way() {
    assert_gives_way(async { take_all(tiny()).await });
}

#[test]
fn a_large_body_in_memory_gives_way() {
    let times = if cfg!(debug_assertions) { 20 } else { 200 };
    assert_gives_way(async {
        take_all(EventSource::from_body(tiny_events().repeat(times))).await;
    });
}

#[test]
fn next_ready_gives_way() {
    assert_gives_way(async {
        let mut source = tiny();
        while let Some(event) = source.next().await {
            event.unwrap();
            while source.next_ready().is_some() {}
        }
    });
}

#[test]
fn owned_events_give_way() {
    assert_gives_way(async {
        let mut source = tiny();
        while let Some(event) = poll_fn(|cx| Pin::new(&mut source).poll_next(cx)).await {
            event.unwrap();
        }
    });
}

#[test]
fn signals_give_way() {
    assert_gives_way(async {
        let body = Endless::body(":\nretry: 1\n\n".repeat(1000));
        let source = EventSourceBuilder::from_body(body).comments(true).build();
        let mut source = source.unwrap();
        while let Some(signal) = source.signals().next().await {
            signal.unwrap();
        }
    });
}

#[test]
fn what_leads_to_no_event_gives_way() {
    for skipped in [":\n\n", "\n", "x\n", "id: 1\n\nid: 2\n\n", "retry: 1\n"] {
        assert_gives_way(async {
            take_all(EventSource::from_body(Endless::body(skipped.repeat(5000)))).await;
        });
    }
}

#[cfg(feature = "json")]
#[test]
fn json_gives_way() {
    assert_gives_way(async {
        let mut source = tiny();
        let mut messages = source.json::<u8>().except(|_| true);
        assert!(messages.next().await.is_none());
    });
}

#[test]
fn handlers_give_way() {
    assert_gives_way(async {
        let source = tiny();
        source.onmessage(|_| {});
        source.run().await;
    });
}

/// Keeps nothing.
struct Forgetful;

impl Store for Forgetful {
    fn position(&mut self, _: &str) -> Result<Option<String>, StoreError> {
        Ok(None)
    }

    fn commit(&mut self, _: &str, _: &[Event], _: &str) -> Result<(), StoreError> {
        Ok(())
    }
}

#[test]
fn a_recorder_gives_way() {
    assert_gives_way(async {
        let builder = EventSourceBuilder::from_body(Endless::body(tiny_events()));
        let mut recorder = Recorder::resume(builder, Forgetful, "").await.unwrap();
        while let Some(event) = recorder.next().await {
            event.unwrap();
        }
    });
}

/// Many sources in one task make no longer turns than one.
#[test]
fn many_sources_in_a_task_give_way() {
    assert_gives_way(async {
        let mut sources: Vec<_> = (0..100).map(|_| tiny()).collect();
        poll_fn(|cx| {
            sources.retain_mut(|source| {
                let mut next = Pin::new(&mut *source).poll_next(cx);
                while matches!(next, Poll::Ready(Some(_))) {
                    next = Pin::new(&mut *source).poll_next(cx);
                }
                next.is_pending()
            });
            // The budget of the task goes to whoever is first.
            let next = sources.len().min(1);
            sources.rotate_left(next);
            if sources.is_empty() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    });
}

/// Answers in the process, and notes what else runs on the runtime of the request.
struct InProcess<F> {
    answer: F,
    ticker: Mutex<Option<Ticker>>,
}

impl<F: Fn() -> http::Response<Body> + Send + Sync + 'static> Transport for InProcess<F> {
    fn send(
        &self,
        _: http::Request<Body>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        if let Some(ticker) = self.ticker.lock().unwrap().take() {
            ticker.spawn();
        }
        let mut response = (self.answer)();
        let event_stream = "text/event-stream".parse().unwrap();
        response.headers_mut().insert("content-type", event_stream);
        Box::pin(std::future::ready(Ok(response)))
    }
}

/// What the default transport keeps going runs beside it.
#[test]
fn blocking_gives_way() {
    let ticker = Ticker::default();
    let transport = InProcess {
        answer: || http::Response::new(Endless::body(tiny_events())),
        ticker: Mutex::new(Some(ticker.clone())),
    };
    let policy = Policy::standard().with_end_of_body(EndOfBody::End);
    let source = EventSource::builder("http://in.process/").transport(transport);
    let source = source.policy(policy).build().unwrap();
    for event in source.into_blocking().unwrap() {
        event.unwrap();
    }
    ticker.assert_ran();
}

/// To wait for nothing between attempts is the program's choice, and not that of its other tasks.
#[test]
fn attempts_without_a_wait_give_way() {
    assert_gives_way(async {
        let start = busy();
        let transport = InProcess {
            answer: move || {
                let mut response = http::Response::new(Body::empty());
                if busy() - start > LONG {
                    *response.status_mut() = http::StatusCode::NO_CONTENT;
                }
                response
            },
            ticker: Mutex::new(None),
        };
        let at_once = Reconnection::default()
            .with_initial(Duration::ZERO)
            .with_floor(Duration::ZERO);
        let source = EventSource::builder("http://in.process/").transport(transport);
        let mut source = source.reconnection(at_once).build().unwrap();
        let next = tokio::task::unconstrained(source.next());
        assert!(next.await.unwrap().is_err());
    });
}

#[test]
fn bodies_and_frames_without_a_byte_give_way() {
    assert_gives_way(async { take_all(EventSource::from_body(Endless::body(""))).await });
    assert_gives_way(async {
        let source = EventSourceBuilder::from_bodies(Endless::new("")).build();
        take_all(source.unwrap()).await;
    });
}
