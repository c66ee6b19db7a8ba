//! The machine's transitions, by the standard's steps.

mod empty;
mod pending;
mod policy;
mod reset;

use super::*;
use crate::event_stream::{Batch, Decoder, Item, Limits};
use core::time::Duration;

const GOOD: Response = Response {
    status: 200,
    event_stream: true,
    coded: false,
};
const START: Duration = Duration::from_secs(10);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A machine whose first fetch is under way.
fn fetching() -> Machine {
    let mut machine = Machine::new(Decoder::new(), Reconnection::default());
    assert_eq!(machine.poll(), Some(Output::Connect { attempt: 1 }));
    machine
}

fn open() -> Machine {
    let mut machine = fetching();
    machine.handle_response(START, GOOD);
    assert_eq!(machine.poll(), Some(Output::Open));
    machine
}

fn reconnecting(machine: &mut Machine) -> (Interruption, Duration, u32) {
    match machine.poll() {
        Some(Output::Reconnecting {
            cause,
            delay,
            attempt,
        }) => (cause, delay, attempt),
        other => panic!("not reconnecting: {other:?}"),
    }
}

/// Ends the wait at its deadline, to the millisecond.
fn wait(machine: &mut Machine) -> Duration {
    let deadline = machine.poll_timeout().unwrap();
    machine.handle_timeout(deadline - ms(1));
    assert_eq!(machine.poll(), None);
    machine.handle_timeout(deadline);
    assert!(matches!(machine.poll(), Some(Output::Connect { .. })));
    deadline
}

#[test]
fn the_state_changes_when_its_signal_is_taken() {
    let mut machine = fetching();
    machine.handle_response(START, GOOD);
    assert_eq!(machine.ready_state(), ReadyState::Connecting);
    assert!(!machine.is_reading());
    assert_eq!(machine.poll(), Some(Output::Open));
    assert_eq!(machine.ready_state(), ReadyState::Open);
    machine.handle_end_of_body(START);
    assert_eq!(machine.ready_state(), ReadyState::Open);
    reconnecting(&mut machine);
    assert_eq!(machine.ready_state(), ReadyState::Connecting);
}

#[test]
fn a_wait_goes_on_until_its_signal_is_taken() {
    let mut machine = open();
    machine.handle_end_of_body(START);
    assert_eq!(machine.poll_timeout(), None);
    machine.handle_timeout(START + ms(60_000));
    reconnecting(&mut machine);
    assert_eq!(machine.poll_timeout(), Some(START + ms(3000)));
    machine.handle_timeout(START + ms(60_000));
    assert_eq!(machine.poll(), Some(Output::Connect { attempt: 1 }));
}

#[test]
fn only_200_with_an_event_stream_opens() {
    for (response, failure) in [
        (
            Response {
                status: 204,
                ..GOOD
            },
            Failure::Status(204),
        ),
        (
            Response {
                status: 201,
                ..GOOD
            },
            Failure::Status(201),
        ),
        (
            Response {
                status: 503,
                event_stream: false,
                coded: true,
            },
            Failure::Status(503),
        ),
        (
            Response {
                event_stream: false,
                coded: true,
                ..GOOD
            },
            Failure::ContentType,
        ),
        (
            Response {
                coded: true,
                ..GOOD
            },
            Failure::ContentCoding,
        ),
    ] {
        let mut machine = fetching();
        machine.handle_response(START, response);
        assert_eq!(machine.ready_state(), ReadyState::Connecting);
        assert_eq!(machine.poll(), Some(Output::Failed(failure)));
        assert_eq!(machine.ready_state(), ReadyState::Closed);
        machine.handle_network_error(START, 0);
        machine.handle_timeout(START + ms(100_000));
        assert_eq!((machine.poll(), machine.poll_timeout()), (None, None));
    }
}

#[test]
fn aborted_and_permanent_network_errors_fail() {
    for (handle, failure) in [
        (Machine::handle_abort as fn(&mut Machine), Failure::Aborted),
        (Machine::handle_permanent_network_error, Failure::Permanent),
    ] {
        for mut machine in [fetching(), open()] {
            handle(&mut machine);
            assert_eq!(machine.poll(), Some(Output::Failed(failure)));
            assert_eq!(machine.ready_state(), ReadyState::Closed);
            handle(&mut machine);
            assert_eq!(machine.poll(), None);
        }
    }
}

#[test]
fn a_clean_end_waits_exactly_the_reconnection_time() {
    let mut machine = open();
    for round in 0..5 {
        let now = START + ms(round * 10_000);
        machine.handle_end_of_body(now);
        let expected = (Interruption::EndOfBody, ms(3000), 1);
        assert_eq!(reconnecting(&mut machine), expected);
        assert_eq!(wait(&mut machine), now + ms(3000));
        machine.handle_response(now, GOOD);
        assert_eq!(machine.poll(), Some(Output::Open));
    }
}

#[test]
fn failed_attempts_back_off_up_to_the_cap() {
    let mut machine = fetching();
    let expected = [3, 6, 12, 24, 48, 60, 60];
    for (index, seconds) in expected.into_iter().enumerate() {
        machine.handle_network_error(START, 0);
        let (cause, delay, attempt) = reconnecting(&mut machine);
        assert_eq!(
            (cause, delay),
            (Interruption::NetworkError, ms(seconds * 1000))
        );
        assert_eq!(attempt as usize, index + 2);
        assert_eq!(wait(&mut machine), START + delay);
    }
    machine.handle_idle(START, 0);
    assert_eq!(reconnecting(&mut machine).0, Interruption::Idle);
}

#[test]
fn jitter_only_lengthens() {
    for (random, expected) in [(0, 3000), (1 << 31, 4500), (u32::MAX, 5999)] {
        let mut machine = fetching();
        machine.handle_network_error(START, random);
        assert_eq!(reconnecting(&mut machine).1.as_millis(), expected);
    }
    let reconnection = Reconnection {
        jitter: false,
        ..Reconnection::default()
    };
    let mut machine = Machine::new(Decoder::new(), reconnection);
    machine.poll();
    machine.handle_network_error(START, u32::MAX);
    assert_eq!(reconnecting(&mut machine).1, ms(3000));
}

/// Connections that break at once count as failures; one that lasted starts the count anew.
#[test]
fn only_a_healthy_connection_resets_the_back_off() {
    let mut machine = fetching();
    let mut delays = std::vec::Vec::new();
    for open_for in [0, 999, 999, 1000, 0] {
        machine.handle_response(START, GOOD);
        machine.poll();
        machine.handle_network_error(START + ms(open_for), 0);
        delays.push(reconnecting(&mut machine).1.as_secs());
        wait(&mut machine);
    }
    assert_eq!(delays, [3, 6, 12, 3, 6]);
    machine.handle_response(START, GOOD);
    machine.poll();
    machine.handle_end_of_body(START);
    assert_eq!(reconnecting(&mut machine).1, ms(3000));
    wait(&mut machine);
    machine.handle_network_error(START, 0);
    assert_eq!(reconnecting(&mut machine).1, ms(3000), "a clean end resets");
}

#[test]
fn retry_is_in_force_at_once_and_clamped() {
    for (field, expected) in [
        ("retry: 250\n", ms(250)),
        ("retry: 0\n", ms(100)),
        ("retry: 99\n", ms(100)),
        (
            "retry: 99999999999999999999\n",
            Duration::from_millis(u64::MAX),
        ),
        ("retry: +5\n", ms(3000)),
    ] {
        let mut machine = open();
        let mut batch = Batch::new();
        machine.handle_bytes(field.as_bytes(), &mut batch);
        assert_eq!(machine.reconnection_time(), expected);
        machine.handle_end_of_body(START);
        assert_eq!(reconnecting(&mut machine).1, expected);
        machine.handle_timeout(START);
        assert_eq!(machine.poll(), None);
    }
    let reconnection = Reconnection {
        ceiling: ms(5000),
        ..Reconnection::default()
    };
    let mut machine = Machine::new(Decoder::new(), reconnection);
    machine.poll();
    machine.handle_response(START, GOOD);
    machine.poll();
    machine.handle_bytes(b"retry: 6000\n", &mut Batch::new());
    assert_eq!(machine.reconnection_time(), ms(5000));
}

#[test]
fn the_last_event_id_survives_any_number_of_reconnections() {
    let mut machine = open();
    let mut batch = Batch::new();
    machine.handle_bytes(b"id: 7\ndata: a\n\nid: 8\ndata: cut", &mut batch);
    for _ in 0..3 {
        machine.handle_network_error(START, 0);
        reconnecting(&mut machine);
        wait(&mut machine);
        assert_eq!(machine.last_event_id(), "7");
        machine.handle_response(START, GOOD);
        machine.poll();
        machine.handle_bytes(b": nothing but a comment\n\n", &mut batch);
        assert_eq!(machine.last_event_id(), "7");
    }
    machine.handle_bytes(b"id\n\n", &mut batch);
    assert_eq!(machine.last_event_id(), "");
}

#[test]
fn a_limit_fails_after_the_events_before_it() {
    let limits = Limits::default().with_line(4);
    let mut machine = Machine::new(Decoder::with_limits(limits), Reconnection::default());
    machine.poll();
    machine.handle_response(START, GOOD);
    machine.poll();
    let mut batch = Batch::new();
    machine.handle_bytes(b"data: a\n\ndata: 12345\n\n", &mut batch);
    assert!(matches!(batch.next_item(), Some(Item::Event(_))));
    assert!(batch.is_empty());
    assert_eq!(machine.ready_state(), ReadyState::Open);
    assert!(matches!(
        machine.poll(),
        Some(Output::Failed(Failure::Limit(_)))
    ));
    assert_eq!(machine.ready_state(), ReadyState::Closed);
}

#[test]
fn close_wins_in_every_phase() {
    let mut losing = open();
    losing.handle_end_of_body(START);
    let mut waiting = open();
    waiting.handle_end_of_body(START);
    waiting.poll();
    let mut failing = fetching();
    failing.handle_response(
        START,
        Response {
            status: 500,
            ..GOOD
        },
    );
    let mut announcing = fetching();
    announcing.handle_response(START, GOOD);
    let fresh = Machine::new(Decoder::new(), Reconnection::default());
    for mut machine in [
        fresh,
        fetching(),
        announcing,
        open(),
        losing,
        waiting,
        failing,
    ] {
        machine.close();
        machine.close();
        assert_eq!(machine.ready_state(), ReadyState::Closed);
        let mut batch = Batch::new();
        machine.handle_response(START, GOOD);
        machine.handle_bytes(b"data: late\n\n", &mut batch);
        machine.handle_network_error(START, 0);
        machine.handle_end_of_body(START);
        machine.handle_abort();
        machine.reconnect_now();
        machine.handle_timeout(START + ms(1_000_000));
        assert!(batch.is_empty());
        assert_eq!((machine.poll(), machine.poll_timeout()), (None, None));
        assert_eq!(machine.ready_state(), ReadyState::Closed);
    }
}

#[test]
fn reconnect_now_ends_a_wait_and_nothing_else() {
    let mut machine = open();
    machine.reconnect_now();
    assert_eq!((machine.poll(), machine.is_reading()), (None, true));
    machine.handle_end_of_body(START);
    machine.reconnect_now();
    reconnecting(&mut machine);
    machine.reconnect_now();
    assert_eq!(machine.poll(), Some(Output::Connect { attempt: 1 }));
}

/// What comes when nothing is under way changes nothing.
#[test]
fn late_stimuli_are_ignored() {
    let mut machine = open();
    machine.handle_response(
        START,
        Response {
            status: 500,
            ..GOOD
        },
    );
    assert_eq!((machine.poll(), machine.is_reading()), (None, true));
    machine.handle_end_of_body(START);
    machine.handle_network_error(START, 0);
    machine.handle_abort();
    assert_eq!(reconnecting(&mut machine).0, Interruption::EndOfBody);
    machine.handle_bytes(b"data: late\n\n", &mut Batch::new());
    machine.handle_permanent_network_error();
    machine.handle_idle(START, 0);
    assert_eq!(machine.poll(), None);
    assert_eq!(machine.poll_timeout(), Some(START + ms(3000)));
}

/// A failure that nobody has been told of yet is a failure all the same.
#[test]
fn a_failed_connection_is_not_lost_once_more() {
    for late in [
        (|machine| machine.handle_network_error(START, 0)) as fn(&mut Machine),
        |machine| machine.handle_end_of_body(START),
        |machine| machine.handle_idle(START, 0),
        Machine::handle_abort,
        Machine::handle_permanent_network_error,
    ] {
        let mut machine = fetching();
        let refused = Response {
            status: 500,
            ..GOOD
        };
        machine.handle_response(START, refused);
        late(&mut machine);
        assert_eq!(machine.poll(), Some(Output::Failed(Failure::Status(500))));
    }
}
