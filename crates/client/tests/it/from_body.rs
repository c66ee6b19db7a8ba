//! Sources over bytes that are already there. In: bytes and streams of them. Out: events, then the end.
//!
//! Next: `runtime.rs`.

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use crate::support::{assert_says, ms, next_data, next_error, signals_until, soon};
use futures_core::Stream;
use wellspring::transport::Body;
use wellspring::{
    DomEvent, ErrorEvent, EventSource, EventSourceBuilder, Failure, Limits, Policy, ReadyState,
    Repeat,
};

/// A stream of chunks, the last of which may be an error.
struct Chunks<T>(VecDeque<io::Result<T>>);

impl<T: Unpin> Stream for Chunks<T> {
    type Item = io::Result<T>;

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
    assert_says(&format!("{error:#}"), &["about:event-stream", "pulled out"]);
    let broken = [Err(io::Error::other("at once"))];
    let mut source = EventSource::from_body(chunks(broken));
    let error = next_error(&mut source).await;
    assert_says(&format!("{error:#}"), &["at once"]);
}

#[tokio::test]
async fn no_policy_makes_it_reconnect() {
    let repeating = Policy::resilient().with_repeat(Repeat::Always);
    for policy in [Policy::standard(), Policy::browser(), repeating] {
        let of = |body: Body| {
            let builder = EventSourceBuilder::from_body(body).policy(policy.clone());
            builder.repeat(Repeat::Always).build().unwrap()
        };
        let mut source = of("data: a\n\n".into());
        assert_eq!(next_data(&mut source).await, "a");
        assert!(soon(source.next()).await.is_none());
        let mut broken = of(chunks([Err(io::Error::other("pulled out"))]));
        let error = next_error(&mut broken).await;
        assert_eq!(error.failure(), Some(Failure::NotRepeated));
    }
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
                DomEvent::Error(ErrorEvent::Ended(_)) => "ended".to_owned(),
                other => other.event_type().to_owned(),
            });
        });
    }
    let handle = source.handle().clone();
    soon(source.run()).await;
    assert_eq!(*seen.lock().unwrap(), ["open", "a from null", "ended"]);
    assert_eq!(handle.ready_state(), ReadyState::Closed);
}

/// The reset comes with the first byte of the second stream, as from whoever pipes one after the other.
#[tokio::test]
async fn a_reset_drops_what_is_unfinished_and_keeps_id_and_reconnection_time() {
    let parts: [io::Result<&'static str>; 3] = [
        Ok("\u{feff}id: 7\nretry: 5000\ndata: a\n\nid: 8\nevent: x\ndata: half"),
        Ok("\u{feff}data: b\n\n"),
        Ok("\ndata: c\n\n"),
    ];
    let bodies = Chunks(parts.into());
    let mut source = EventSourceBuilder::from_bodies(bodies).build().unwrap();
    assert_eq!(source.url(), "about:event-stream");
    assert_eq!(
        signals_until(&mut source, "message: c").await,
        ["open", "time: 5s", "message: a", "message: b"]
    );
    assert_eq!(source.last_event_id(), "7");
    assert_eq!(source.reconnection_time(), ms(5000));
    assert_eq!(source.ready_state(), ReadyState::Open);
    assert!(soon(source.next()).await.is_none());
}

#[tokio::test]
async fn the_first_body_that_breaks_off_ends_a_source_of_several() {
    let parts: [io::Result<&'static str>; 3] = [
        Ok("data: a\n\n"),
        Err(io::Error::other("no more")),
        Ok("data: b\n\n"),
    ];
    let mut source = EventSourceBuilder::from_bodies(Chunks(parts.into()))
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let error = next_error(&mut source).await;
    assert_says(&format!("{error:#}"), &["no more"]);
}

#[tokio::test]
async fn a_handle_resets_what_was_received_and_not_decoded() {
    // More than is decoded at a time.
    let long = format!("data: a\n\n{}data: half", ": fill\n".repeat(10_000));
    let (feed, body) = channel();
    let mut source = EventSource::from_body(body);
    feed.send(long);
    assert_eq!(next_data(&mut source).await, "a");
    source.reset();
    let mut next = Box::pin(source.next());
    assert!(std::future::poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx).is_pending())).await);
    feed.send("data: b\n\n".to_owned());
    assert_eq!(soon(next).await.unwrap().unwrap().data, "b");
}

/// A body that is fed by hand.
fn channel() -> (Feed, Body) {
    let (sender, receiver) = tokio::sync::mpsc::unbounded_channel();
    (Feed(sender), Body::from_stream(Fed(receiver)))
}

struct Feed(tokio::sync::mpsc::UnboundedSender<String>);

impl Feed {
    fn send(&self, text: String) {
        self.0.send(text).unwrap();
    }
}

struct Fed(tokio::sync::mpsc::UnboundedReceiver<String>);

impl Stream for Fed {
    type Item = io::Result<String>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|text| text.map(Ok))
    }
}

#[tokio::test]
async fn a_source_over_a_body_has_limits_and_a_terminal_event() {
    let build = |body: &'static str| {
        let builder = EventSourceBuilder::from_body(body).last_event_id("3");
        builder
            .terminal_event(|event| event.data == "end")
            .comments(true)
    };
    let mut source = build(": hi\n\ndata: end\n\ndata: more\n\n")
        .build()
        .unwrap();
    assert_eq!(
        signals_until(&mut source, "message: end").await,
        ["open", "comment:  hi"]
    );
    assert!(soon(source.next()).await.is_none());
    assert_eq!(source.last_event_id(), "3");
    let error = next_error(&mut build("").build().unwrap()).await;
    assert_eq!(error.failure(), Some(Failure::Truncated));
    let limits = Limits::default().with_line(8);
    let mut source = build("data: 123456789\n\n").limits(limits).build().unwrap();
    assert!(matches!(
        next_error(&mut source).await.failure(),
        Some(Failure::Limit(_))
    ));
}
