//! What a budget lets through.

#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn a_burst_is_let_through_and_then_so_many_a_second() {
    let start = Instant::now();
    let at = |seconds| start + Duration::from_secs(seconds);
    let mut budget = Budget::new(10, 100, start);
    assert!(budget.take(60, start) && budget.take(40, start));
    assert!(!budget.take(1, start), "used up");
    assert!(!budget.take(11, at(1)));
    assert!(budget.take(10, at(1)) && !budget.take(1, at(1)));
    assert!(!budget.take(101, at(5)), "not full yet");
    assert!(budget.take(1_000, at(60)), "more than it holds, when full");
    assert!(!budget.take(1, at(60)));
    assert!(budget.take(1, start + Duration::from_millis(60_100)));
}

#[test]
fn the_clock_may_stand_still_or_go_back() {
    let start = Instant::now() + Duration::from_secs(100);
    let mut budget = Budget::new(10, 1, start);
    assert!(budget.take(1, start));
    let before = start.checked_sub(Duration::from_secs(50)).unwrap();
    assert!(!budget.take(1, before));
    assert!(!budget.take(1, before + Duration::from_millis(90)));
}
