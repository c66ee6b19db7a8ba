//! Another stream in the same body.

use super::*;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

fn data(machine: &mut Machine, bytes: &[u8]) -> Vec<String> {
    let mut batch = Batch::new();
    machine.handle_bytes(bytes, &mut batch);
    let mut data = Vec::new();
    while let Some(item) = batch.next_item() {
        if let Item::Event(event) = item {
            data.push(event.data.to_owned());
        }
    }
    data
}

#[test]
fn a_reset_drops_what_is_unfinished_and_keeps_the_rest() {
    let mut machine = open();
    let first = b"id: 7\nretry: 9000\ndata: a\n\nid: 8\nevent: x\ndata: b\nda";
    assert_eq!(data(&mut machine, first), ["a"]);
    machine.reset();
    assert_eq!(data(&mut machine, b"\xef\xbb\xbfdata: c\n\n"), ["c"]);
    assert_eq!(machine.last_event_id(), "7");
    assert_eq!(machine.reconnection_time(), ms(9000));
    assert_eq!(machine.ready_state(), ReadyState::Open);
}

#[test]
fn a_reset_mends_no_failure() {
    let limits = Limits::default().with_line(4);
    let mut machine = Machine::new(Decoder::with_limits(limits), Reconnection::default());
    machine.poll();
    machine.handle_response(START, GOOD);
    machine.poll();
    assert!(data(&mut machine, b"data: 12345\n\n").is_empty());
    let failing = machine.failing();
    assert!(matches!(failing, Some(Failure::Limit(_))));
    machine.reset();
    assert_eq!(machine.failing(), failing);
    assert!(data(&mut machine, b"a\n").is_empty());
}
