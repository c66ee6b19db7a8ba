//! Events that come together. In: one body with several. Out: the same calls as if each had come
//! alone, whatever the handlers do in between.
//!
//! Next: `runtime.rs`.

use std::sync::{Arc, Mutex};

use crate::support::soon;
use wellspring::{DomEvent, EventSource, Handle, MessageEvent};

type Log = Arc<Mutex<Vec<String>>>;

fn write_down(log: &Log, name: &'static str) -> impl FnMut(DomEvent<'_>) + Send + 'static {
    let log = Arc::clone(log);
    move |event| log.lock().unwrap().push(format!("{name} {}", data(event)))
}

fn data(event: DomEvent<'_>) -> &str {
    match event {
        DomEvent::Message(message) => message.data,
        _ => "",
    }
}

/// Runs a source whose four messages 1 to 4 come together; each is written down by `first`, which
/// then does `act` to the source's handle.
async fn run(act: impl Fn(&Log, &Handle, &str) + Send + 'static) -> Vec<String> {
    let source = EventSource::from_body("data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n");
    let log = Log::default();
    let handle = source.handle().clone();
    let mut first = write_down(&log, "first");
    let kept = Arc::clone(&log);
    source.onmessage(move |event| {
        first(event);
        act(&kept, &handle, data(event));
    });
    soon(source.run()).await;
    std::mem::take(&mut *log.lock().unwrap())
}

#[tokio::test]
async fn every_event_of_a_burst_is_called_for() {
    let lines = run(|_, _, _| {}).await;
    assert_eq!(lines, ["first 1", "first 2", "first 3", "first 4"]);
}

#[tokio::test]
async fn a_listener_added_within_a_burst_gets_the_next_event() {
    let lines = run(|log, handle, data| {
        if data == "2" {
            handle.add_event_listener("message", write_down(log, "second"));
        }
    });
    let expected = [
        "first 1", "first 2", "first 3", "second 3", "first 4", "second 4",
    ];
    assert_eq!(lines.await, expected);
}

#[tokio::test]
async fn a_handler_replaced_within_a_burst_is_not_called_again() {
    let lines = run(|log, handle, data| {
        if data == "2" {
            handle.onmessage(write_down(log, "other"));
        }
    });
    assert_eq!(lines.await, ["first 1", "first 2", "other 3", "other 4"]);
}

#[tokio::test]
async fn a_source_closed_within_a_burst_says_no_more() {
    let lines = run(|_, handle, data| {
        if data == "3" {
            handle.close();
        }
    });
    assert_eq!(lines.await, ["first 1", "first 2", "first 3"]);
}

/// Dispatch inside a handler reaches the listeners of another type, and not the handler itself.
#[tokio::test]
async fn dispatch_within_a_burst_finds_the_other_listeners() {
    let lines = run(|log, handle, data| {
        if data == "1" {
            handle.add_event_listener("note", write_down(log, "note"));
        }
        let nested = |event_type| DomEvent::Message(MessageEvent::new(event_type, "x", "", ""));
        handle.dispatch_event(nested("note"));
        handle.dispatch_event(nested("message"));
    });
    let expected = [
        "first 1", "note x", "first 2", "note x", "first 3", "note x", "first 4", "note x",
    ];
    assert_eq!(lines.await, expected);
}

/// An event of another type ends the burst: the handler is in its place again.
#[tokio::test]
async fn after_a_burst_others_can_call_the_handler() {
    let source = EventSource::from_body("data: 1\n\nevent: note\ndata: 2\n\n");
    let log = Log::default();
    source.onmessage(write_down(&log, "message"));
    let handle = source.handle().clone();
    source.add_event_listener("note", move |_| {
        handle.dispatch_event(DomEvent::Message(MessageEvent::new("", "nested", "", "")));
    });
    soon(source.run()).await;
    assert_eq!(*log.lock().unwrap(), ["message 1", "message nested"]);
}

#[tokio::test]
async fn what_is_here_is_taken_without_waiting() {
    let mut source =
        EventSource::from_body("data: 1\n\n: no event\n\nid: 7\n\ndata: 2\n\ndata: 3\n\n");
    assert!(source.next_ready().is_none(), "nothing has been read");
    assert_eq!(soon(source.next()).await.unwrap().unwrap().data, "1");
    assert!(source.next_ready().is_none(), "a position comes first");
    assert_eq!(soon(source.next()).await.unwrap().unwrap().data, "2");
    let last = source.next_ready().unwrap();
    assert_eq!((last.data, last.last_event_id), ("3", "7"));
    assert!(source.next_ready().is_none());
    assert_eq!(source.last_event_id(), "7");
}

#[tokio::test]
async fn nothing_is_ready_after_close() {
    let mut source = EventSource::from_body("data: 1\n\ndata: 2\n\n");
    assert!(soon(source.next()).await.is_some());
    source.close();
    assert!(source.next_ready().is_none());
}
