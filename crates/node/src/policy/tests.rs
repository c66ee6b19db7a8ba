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

#[test]
fn times_are_clamped() {
    assert_eq!(duration(f64::NAN), Duration::ZERO);
    assert_eq!(duration(-1.0), Duration::ZERO);
    assert_eq!(duration(f64::INFINITY), Duration::MAX);
    assert_eq!(timeout(0.5), Some(Duration::from_micros(500)));
}
