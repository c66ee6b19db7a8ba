//! What a policy makes of the ends of connections.

use super::*;

const RANDOM: u32 = u32::MAX;

pub(super) fn machine(reconnection: Reconnection) -> Machine {
    let mut machine = Machine::new(Decoder::new(), reconnection);
    assert_eq!(machine.poll(), Some(Output::Connect { attempt: 1 }));
    machine
}

#[test]
fn a_status_may_be_tried_again_after_what_the_server_asks() {
    let mut machine = machine(Reconnection::default().with_jitter(false));
    let asked = Duration::from_secs(7);
    machine.reconnect_after(START, Interruption::Status(503), asked, RANDOM);
    assert_eq!(
        reconnecting(&mut machine),
        (Interruption::Status(503), asked, 2)
    );
    wait(&mut machine);
    // Not shorter than the back-off.
    let short = ms(1);
    machine.reconnect_after(START, Interruption::Status(503), short, RANDOM);
    assert_eq!(reconnecting(&mut machine).1, Duration::from_secs(6));
}

#[test]
fn jitter_comes_on_top_of_what_the_server_asks_and_is_as_wide_as_the_spread() {
    let mut machine = machine(Reconnection::default());
    let asked = Duration::from_secs(100);
    machine.reconnect_after(START, Interruption::Status(429), asked, RANDOM);
    let delay = reconnecting(&mut machine).1;
    assert!(delay > Duration::from_secs(199) && delay <= Duration::from_secs(200));
    let wide = Reconnection::default()
        .with_initial(ms(10))
        .with_floor(ms(1))
        .with_spread(Duration::from_secs(3));
    let mut machine = super::policy::machine(wide);
    machine.handle_network_error(START, RANDOM);
    let delay = reconnecting(&mut machine).1;
    assert!(delay > ms(3000) && delay <= ms(3010), "{delay:?}");
}

#[test]
fn a_clean_end_has_no_jitter_whatever_the_spread() {
    let mut machine = open();
    machine.reconnect_after(START, Interruption::EndOfBody, ms(5000), RANDOM);
    assert_eq!(reconnecting(&mut machine).1, ms(5000));
}

#[test]
fn attempts_are_limited_and_a_clean_end_after_an_event_starts_the_count_anew() {
    let limited = Reconnection::default().with_max_attempts(Some(2));
    let mut machine = machine(limited);
    machine.handle_network_error(START, 0);
    reconnecting(&mut machine);
    wait(&mut machine);
    machine.handle_response(START, GOOD);
    machine.poll();
    machine.handle_bytes(b"data: a\n\n", &mut Batch::new());
    machine.handle_end_of_body(START);
    reconnecting(&mut machine);
    wait(&mut machine);
    machine.handle_network_error(START, 0);
    reconnecting(&mut machine);
    wait(&mut machine);
    machine.handle_network_error(START, 0);
    assert_eq!(machine.poll(), Some(Output::Failed(Failure::Attempts(2))));
    assert_eq!(machine.ready_state(), ReadyState::Closed);
}

#[test]
fn the_time_in_which_attempts_fail_is_limited() {
    let max = Duration::from_secs(10);
    let limited = Reconnection::default()
        .with_jitter(false)
        .with_max_elapsed(Some(max));
    let mut machine = machine(limited);
    machine.handle_network_error(START, 0);
    assert_eq!(reconnecting(&mut machine).1, Duration::from_secs(3));
    let later = wait(&mut machine);
    machine.handle_network_error(later, 0);
    assert_eq!(reconnecting(&mut machine).1, Duration::from_secs(6));
    let later = wait(&mut machine);
    machine.handle_network_error(later, 0);
    assert_eq!(machine.poll(), Some(Output::Failed(Failure::Elapsed(max))));
}

#[test]
fn an_attempt_at_the_very_end_of_the_time_is_still_made() {
    for (max, made) in [(2999, false), (3000, true)] {
        let limited = Reconnection::default()
            .with_jitter(false)
            .with_max_elapsed(Some(ms(max)));
        let mut machine = machine(limited);
        machine.handle_network_error(START, 0);
        let output = machine.poll();
        assert_eq!(matches!(output, Some(Output::Reconnecting { .. })), made);
    }
}

#[test]
fn a_complete_stream_ends_without_a_failure() {
    let mut machine = open();
    machine.end();
    assert_eq!(machine.ready_state(), ReadyState::Open);
    assert_eq!(machine.poll(), Some(Output::Ended));
    assert_eq!(machine.ready_state(), ReadyState::Closed);
    assert_eq!(machine.poll(), None);
    machine.end();
    assert_eq!(machine.poll(), None);
}

#[test]
fn a_failure_may_be_decided_otherwise_until_it_is_told() {
    let mut machine = fetching();
    machine.handle_response(
        START,
        Response {
            status: 500,
            ..GOOD
        },
    );
    assert_eq!(machine.failing(), Some(Failure::Status(500)));
    machine.reconnect_after(START, Interruption::Status(500), Duration::ZERO, 0);
    assert_eq!(reconnecting(&mut machine).0, Interruption::Status(500));
    wait(&mut machine);
    machine.fail(Failure::ByHook);
    assert_eq!(machine.poll(), Some(Output::Failed(Failure::ByHook)));
    machine.reconnect_after(START, Interruption::Refused, Duration::ZERO, 0);
    assert_eq!(machine.poll(), None);
}

/// As when a program says in the wait that the stream was complete.
#[test]
fn a_wait_may_be_decided_about() {
    for told in [false, true] {
        let mut machine = open();
        machine.handle_end_of_body(START);
        if told {
            reconnecting(&mut machine);
        }
        let asked = Duration::from_secs(60);
        machine.reconnect_after(START + ms(1), Interruption::EndOfBody, asked, RANDOM);
        assert_eq!(reconnecting(&mut machine).1, asked);
        assert_eq!(machine.poll_timeout(), Some(START + ms(1) + asked));
        machine.fail(Failure::ByHook);
        assert_eq!(machine.poll_timeout(), None);
        assert_eq!(
            machine.poll(),
            Some(Output::Failed(Failure::ByHook)),
            "{told}"
        );
    }
}
