//! Bodies that end inside an event.

use super::*;

fn data(batch: &mut Batch) -> std::vec::Vec<std::string::String> {
    core::iter::from_fn(|| match batch.next_item()? {
        Item::Event(event) => Some(std::format!("{} {}", event.last_event_id, event.data)),
        item => Some(std::format!("{item:?}")),
    })
    .collect()
}

#[test]
fn what_a_body_ends_in_is_dispatched_where_a_policy_says_so() {
    let mut machine = open();
    let mut batch = Batch::new();
    machine.handle_bytes(b"id: 1\ndata: a\n\nid: 2\ndata: b", &mut batch);
    assert!(machine.has_pending_data());
    machine.dispatch_pending(&mut batch);
    assert_eq!(data(&mut batch), ["1 a", "2 b"]);
    assert!(!machine.has_pending_data());
    machine.dispatch_pending(&mut batch);
    assert!(batch.is_empty());
    assert_eq!(machine.last_event_id(), "2");
}

/// Its id would have the server leave it out next time.
#[test]
fn what_is_looked_at_does_not_count() {
    let mut machine = open();
    machine.handle_bytes(b"id: 1\n\nid: 2\ndata: b\n", &mut Batch::new());
    let pending = machine.take_pending().unwrap();
    assert_eq!((pending.data(), pending.last_event_id()), ("b", "2"));
    assert_eq!(machine.last_event_id(), "1");
    assert!(machine.take_pending().is_none());
}

#[test]
fn nothing_is_pending_unless_a_body_is_read() {
    let mut machine = open();
    machine.handle_bytes(b"data: cut", &mut Batch::new());
    machine.handle_end_of_body(START);
    assert!(!machine.has_pending_data());
    assert!(machine.take_pending().is_none());
}

#[test]
fn an_event_that_exceeds_a_limit_at_its_end_fails() {
    let limits = Limits::default().with_event(3);
    let mut machine = Machine::new(Decoder::with_limits(limits), Reconnection::default());
    machine.poll();
    machine.handle_response(START, GOOD);
    machine.poll();
    machine.handle_bytes(b"data: a\ndata:bc", &mut Batch::new());
    assert!(machine.take_pending().is_some() || machine.failing().is_some());
}
