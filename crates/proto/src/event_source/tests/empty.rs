//! Connections that end at once without an event.

use super::policy::machine as new;
use super::*;

/// Opens, brings this and ends properly after so many milliseconds. How long the next wait is, if there
/// is one.
fn opens_and_ends(
    machine: &mut Machine,
    now: Duration,
    body: &[u8],
    after: u64,
) -> Option<Duration> {
    machine.handle_response(now, GOOD);
    assert_eq!(machine.poll(), Some(Output::Open));
    machine.handle_bytes(body, &mut Batch::new());
    machine.handle_end_of_body(now + ms(after));
    match machine.poll()? {
        Output::Reconnecting { delay, .. } => {
            machine.handle_timeout(now + ms(after) + delay);
            assert!(matches!(machine.poll(), Some(Output::Connect { .. })));
            Some(delay)
        }
        _ => None,
    }
}

#[test]
fn empty_connections_are_backed_off_from_where_a_policy_says_so() {
    let steady = Reconnection::default().with_jitter(false);
    let patient = steady.with_back_off_after_empty(true);
    let bodies = [
        &b""[..],
        b":\n\n",
        b"retry: 0\n",
        b"id: 1\n\n",
        b"data: cut",
    ];
    for body in bodies {
        let (mut steady, mut patient) = (new(steady), new(patient));
        // A server that says nothing of it is asked every 3 s, else at the floor.
        let first = if body == b"retry: 0\n" { 100 } else { 3000 };
        for round in 0..4 {
            let delay = opens_and_ends(&mut steady, START, body, 999);
            assert_eq!(delay, Some(ms(first)), "the standard's wait");
            let delay = opens_and_ends(&mut patient, START, body, 999);
            assert_eq!(delay, Some(ms(first << round)), "{body:?}");
        }
    }
}

/// Rotation by the server, and a server that is polled on purpose.
#[test]
fn connections_that_were_good_for_something_are_not_empty() {
    let patient = Reconnection::default()
        .with_back_off_after_empty(true)
        .with_max_attempts(Some(2));
    let good = [
        (&b"data: a\n\n"[..], 0, 3000),
        (b"retry: 101\n", 0, 101),
        (b"retry: 3000\n\n", 0, 3000),
        (b"", 1000, 3000),
    ];
    for (body, after, wait) in good {
        let mut machine = new(patient);
        for _ in 0..4 {
            let delay = opens_and_ends(&mut machine, START, body, after);
            assert_eq!(delay, Some(ms(wait)), "{body:?}");
        }
        assert!(opens_and_ends(&mut machine, START, b"", 0).is_some());
        assert!(opens_and_ends(&mut machine, START, body, after).is_some());
        assert!(
            opens_and_ends(&mut machine, START, b"", 0).is_some(),
            "anew"
        );
        assert_eq!(opens_and_ends(&mut machine, START, b"", 0), None);
    }
}

#[test]
fn the_limits_count_empty_connections_under_every_policy() {
    for lengthens in [false, true] {
        let limited = Reconnection::default().with_back_off_after_empty(lengthens);
        let mut few = new(limited.with_max_attempts(Some(3)));
        let mut short = new(limited.with_max_elapsed(Some(ms(10_000))));
        for _ in 0..2 {
            assert!(opens_and_ends(&mut few, START, b"", 0).is_some());
        }
        assert_eq!(opens_and_ends(&mut few, START, b"", 0), None);
        assert_eq!(few.ready_state(), ReadyState::Closed);
        assert!(opens_and_ends(&mut short, START, b"", 0).is_some());
        let late = START + ms(9000);
        assert_eq!(opens_and_ends(&mut short, late, b"", 0), None);
    }
}

/// What failed before and after an empty connection counts; the standard's wait after it stays.
#[test]
fn an_empty_connection_among_failed_attempts() {
    for (lengthens, expected) in [
        (false, [3000, 6000, 3000, 3000]),
        (true, [3000, 6000, 12_000, 24_000]),
    ] {
        let plain = Reconnection::default().with_jitter(false);
        let mut machine = new(plain.with_back_off_after_empty(lengthens));
        let mut delays = std::vec::Vec::new();
        for empty in [false, false, true, false] {
            if empty {
                delays.push(opens_and_ends(&mut machine, START, b"", 0).unwrap());
                continue;
            }
            machine.handle_network_error(START, 0);
            delays.push(reconnecting(&mut machine).1);
            wait(&mut machine);
        }
        assert_eq!(delays, expected.map(ms));
    }
}

#[test]
fn the_floor_holds_for_the_first_reconnection_time_too() {
    let hasty = Reconnection::default().with_initial(Duration::ZERO);
    let mut machine = new(hasty);
    assert_eq!(machine.reconnection_time(), ms(100));
    assert_eq!(opens_and_ends(&mut machine, START, b"", 0), Some(ms(100)));
    let mut allowed = new(hasty.with_floor(Duration::ZERO));
    assert_eq!(opens_and_ends(&mut allowed, START, b"", 0), Some(ms(0)));
}

/// Its last event came without a blank line.
#[test]
fn a_connection_whose_last_event_is_dispatched_is_not_empty() {
    let limited = Reconnection::default().with_max_attempts(Some(1));
    let mut machine = new(limited);
    let mut batch = Batch::new();
    machine.handle_response(START, GOOD);
    machine.poll();
    machine.handle_bytes(b"retry: 20\ndata: a\nretry: 500", &mut batch);
    while batch.next_item().is_some() {}
    machine.dispatch_pending(&mut batch);
    assert_eq!(batch.next_item(), Some(Item::Retry(ms(500))));
    assert_eq!(
        machine.reconnection_time(),
        ms(500),
        "as the program was told"
    );
    machine.handle_end_of_body(START);
    assert_eq!(reconnecting(&mut machine).0, Interruption::EndOfBody);
}
