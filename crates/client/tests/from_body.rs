//! Sources over bytes that are already there. In: bytes and streams of them. Out: events, then the end.
//!
//! Next: `runtime.rs`.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod support;

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use futures_core::Stream;
use support::{assert_says, next_data, next_error, signals_until, soon};
use wellspring::transport::Body;
use wellspring::{DomEvent, ErrorEvent, EventSource, Failure, ReadyState};

/// A stream of chunks, the last of which may be an error.
struct Chunks(VecDeque<io::Result<&'static [u8]>>);

impl Stream for Chunks {
    type Item = io::Result<&'static [u8]>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop_front())
    }
}

fn chunks(chunks: impl IntoIterator<Item = io::Result<&'static [u8]>>) -> Body {
    Body::from_stream(Chunks(chunks.into_iter().collect()))
}

#[tokio::test]
async fn a_stream_of_bytes_opens_and_ends() {
    let chunks = chunks([Ok(&b"id: 7\nda"[..]), Ok(b"ta: a\n\ndata: b\n\ndata: cut")]);
    let mut source = EventSource::from_body(chunks);
    assert_eq!(source.url(), "about:event-stream");
    assert_eq!(source.ready_state(), ReadyState::Connecting);
    assert_eq!(
        signals_until(&mut source, "message: b").await,
        ["open", "message: a"]
    );
    assert_eq!(source.opened().unwrap().origin, "null");
    assert_eq!(source.last_event_id(), "7");
    assert!(soon(source.next()).await.is_none());
    assert_eq!(source.ready_state(), ReadyState::Closed);
}

#[tokio::test]
async fn a_stream_that_breaks_off_is_an_error() {
    let broken = [Ok(&b"data: a\n\n"[..]), Err(io::Error::other("pulled out"))];
    let mut source = EventSource::from_body(chunks(broken));
    assert_eq!(next_data(&mut source).await, "a");
    let error = next_error(&mut source).await;
    assert_eq!(error.failure(), Some(Failure::NotRepeated));
    assert_says(&error.to_string(), &["about:event-stream", "pulled out"]);
    let broken = [Err(io::Error::other("at once"))];
    let mut source = EventSource::from_body(chunks(broken));
    assert_says(&next_error(&mut source).await.to_string(), &["at once"]);
}

#[tokio::test]
async fn handlers_are_told_of_the_end() {
    let source = EventSource::from_body("data: a\n\n");
    let seen = Arc::new(Mutex::new(Vec::new()));
    for event_type in ["open", "message", "error"] {
        let seen = Arc::clone(&seen);
        source.add_event_listener(event_type, move |event| {
            seen.lock().unwrap().push(match event {
                DomEvent::Message(message) => format!("{} from {}", message.data, message.origin),
                DomEvent::Error(ErrorEvent::Ended) => "ended".to_owned(),
                other => other.event_type().to_owned(),
            });
        });
    }
    let handle = source.handle().clone();
    soon(source.run()).await;
    assert_eq!(*seen.lock().unwrap(), ["open", "a from null", "ended"]);
    assert_eq!(handle.ready_state(), ReadyState::Closed);
}
