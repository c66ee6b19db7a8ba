//! In: options. Out: the policy they stand for.

use super::*;

#[test]
fn nothing_given_is_the_standard() {
    assert_eq!(PolicyOptions::default().build(), Policy::standard());
}

#[test]
fn what_is_given_differs_from_the_preset() {
    let options = PolicyOptions {
        preset: Some(PresetOption::Resilient),
        idle_timeout: Some(f64::INFINITY),
        connect_timeout: Some(1500.0),
        max_attempts: Some(4.0),
        repeat: Some(RepeatOption::Never),
        ..PolicyOptions::default()
    };
    let mut expected = Policy::resilient()
        .with_idle_timeout(None)
        .with_connect_timeout(Some(Duration::from_millis(1500)))
        .with_repeat(Repeat::Never);
    expected.reconnection = expected.reconnection.with_max_attempts(Some(4));
    assert_eq!(options.build(), expected);
}

/// Each differs from the standard, and from the others.
#[test]
fn every_option_reaches_the_policy() {
    let options = PolicyOptions {
        preset: None,
        retried_statuses: Some(vec![503]),
        end_of_body: Some(EndOfBodyOption::End),
        reconnection_url: Some(ReconnectionUrlOption::Original),
        repeat: Some(RepeatOption::Always),
        incomplete_event: Some(IncompleteEventOption::Dispatch),
        on_limit: Some(OnLimitOption::Skip),
        idle_timeout: Some(1.0),
        connect_timeout: Some(2.0),
        http1_connections: Some(3.0),
        reconnection_time: Some(4.0),
        min_reconnection_time: Some(5.0),
        max_reconnection_time: Some(6.0),
        backoff_factor: Some(7),
        backoff_cap: Some(8.0),
        backoff_reset_after: Some(9.0),
        backoff_spread: Some(10.0),
        backoff_after_empty: Some(true),
        jitter: Some(false),
        max_attempts: Some(11.0),
        max_elapsed: Some(12.0),
    };
    let ms = Duration::from_millis;
    let policy = options.build();
    let reconnection = policy.reconnection;
    assert_eq!(reconnection.initial, ms(4));
    assert_eq!(reconnection.floor, ms(5));
    assert_eq!(reconnection.ceiling, ms(6));
    assert_eq!(reconnection.factor, 7);
    assert_eq!(reconnection.cap, ms(8));
    assert_eq!(reconnection.healthy_after, ms(9));
    assert_eq!(reconnection.spread, ms(10));
    assert!(reconnection.back_off_after_empty);
    assert!(!reconnection.jitter);
    assert_eq!(reconnection.max_attempts, Some(11));
    assert_eq!(reconnection.max_elapsed, Some(ms(12)));
    let expected = Policy::standard()
        .with_reconnection(reconnection)
        .with_retried_statuses([503])
        .with_end_of_body(EndOfBody::End)
        .with_reconnection_url(ReconnectionUrl::Original)
        .with_repeat(Repeat::Always)
        .with_incomplete_event(IncompleteEvent::Dispatch)
        .with_on_limit(OnLimit::Skip)
        .with_idle_timeout(Some(ms(1)))
        .with_connect_timeout(Some(ms(2)))
        .with_http1_connections(Some(3));
    assert_eq!(policy, expected);
}

#[test]
fn times_are_clamped() {
    assert_eq!(duration(f64::NAN), Duration::ZERO);
    assert_eq!(duration(-1.0), Duration::ZERO);
    assert_eq!(duration(f64::INFINITY), Duration::MAX);
    assert_eq!(timeout(0.5), Some(Duration::from_micros(500)));
}
