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

/// The count of failed attempts neither grows nor starts anew.
#[test]
fn a_restart_gives_up_a_connection_and_keeps_the_rest() {
    let mut machine = fetching();
    machine.handle_network_error(START, 0);
    assert_eq!(reconnecting(&mut machine).1, ms(3000));
    assert!(!machine.restart(START), "a wait ends");
    assert_eq!(machine.poll(), Some(Output::Connect { attempt: 2 }));
    let restarted = (Interruption::Restarted, Duration::ZERO, 3);
    assert!(machine.restart(START));
    assert_eq!(reconnecting(&mut machine), restarted);
    assert_eq!(wait(&mut machine), START);
    machine.handle_response(START, GOOD);
    machine.poll();
    machine.handle_bytes(b"retry: 100\nid: 1\n\ndata: half", &mut Batch::new());
    assert!(machine.restart(START));
    assert_eq!(reconnecting(&mut machine).2, 1);
    wait(&mut machine);
    assert_eq!(machine.last_event_id(), "1");
    assert_eq!(machine.reconnection_time(), ms(100));
    machine.handle_network_error(START, 0);
    assert_eq!(reconnecting(&mut machine).1, ms(200), "the second failure");
    machine.close();
    assert!(!machine.restart(START));
    assert_eq!(machine.poll(), None);
}

/// An hour ago an attempt failed; since then all has been well.
#[test]
fn a_restart_of_a_good_connection_has_the_count_of_failures_start_anew() {
    let limited = Reconnection::default()
        .with_max_elapsed(Some(Duration::from_secs(60)))
        .with_max_attempts(Some(2));
    for (body, open_for) in [(&b""[..], 3600), (b"data: a\n\n", 0)] {
        let mut machine = super::policy::machine(limited);
        machine.handle_network_error(START, 0);
        reconnecting(&mut machine);
        let now = wait(&mut machine);
        machine.handle_response(now, GOOD);
        machine.poll();
        machine.handle_bytes(body, &mut Batch::new());
        let now = now + Duration::from_secs(open_for);
        assert!(machine.restart(now));
        reconnecting(&mut machine);
        let now = wait(&mut machine);
        machine.handle_network_error(now, 0);
        assert_eq!(reconnecting(&mut machine).1, ms(3000), "the first failure");
    }
}
