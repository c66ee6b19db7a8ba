use super::*;

fn latest(keys: usize, bytes: usize) -> Latest {
    let limits = LatestLimits::default().with_keys(keys).with_bytes(bytes);
    Latest::new(limits)
}

fn text(missed: &Missed) -> &str {
    std::str::from_utf8(&missed.bytes).unwrap()
}

#[test]
fn only_the_newest_of_each_key_stays_and_in_order() {
    let mut latest = latest(10, 10_000);
    for (sequence, key) in (1..).zip(["a", "b", "a", "c"]) {
        assert_eq!(latest.remember(key, sequence), 97);
    }
    for (sequence, block) in (1..).zip(["a1", "b2", "a3"]) {
        assert_eq!(latest.leave_history(sequence, block.as_bytes()), 97);
    }
    assert_eq!(text(&latest.missed_from(1)), "b2a3", "c is still history");
    assert_eq!(text(&latest.missed_from(3)), "a3");
    assert_eq!(latest.missed_from(4), Missed::default());
    assert_eq!((latest.events(), latest.bytes()), (2, 2 * (1 + 2 + 96)));
    latest.remember("b", 5);
    assert_eq!(text(&latest.missed_from(1)), "a3", "a newer b is history");
    assert_eq!((latest.events(), latest.bytes()), (1, 99));
}

#[test]
fn events_without_a_key_are_not_kept() {
    let mut latest = latest(10, 10_000);
    latest.remember("a", 2);
    assert_eq!(latest.leave_history(1, b"keyless"), 0);
    assert_eq!(latest.leave_history(2, b"a2"), 97);
    assert_eq!(latest.leave_history(3, b"keyless"), 0);
    assert_eq!(text(&latest.missed_from(0)), "a2");
}

#[test]
fn the_table_forgets_the_key_that_was_quiet_longest() {
    let mut by_keys = latest(2, 10_000);
    let mut by_bytes = latest(10, 2 * 99);
    for latest in [&mut by_keys, &mut by_bytes] {
        for (sequence, key) in (1..).zip(["a", "b", "c"]) {
            latest.remember(key, sequence);
            latest.leave_history(sequence, format!("{key}{sequence}").as_bytes());
        }
        assert_eq!(text(&latest.missed_from(1)), "b2c3");
        assert_eq!((latest.newest.len(), latest.in_history.len()), (2, 0));
        latest.remember("d", 4);
        latest.leave_history(4, &[b'x'; 10_000]);
        assert_eq!(text(&latest.missed_from(1)), "b2c3", "too large to keep");
    }
}

#[test]
fn frames_are_bounded_and_the_next_goes_on() {
    let mut latest = latest(100, 1 << 20);
    for (sequence, length) in (1..).zip([6_000, 6_000, 6_000, 40_000, 10]) {
        latest.remember(&sequence.to_string(), sequence);
        latest.leave_history(sequence, &vec![b'x'; length]);
    }
    let mut place = 1;
    let mut lengths = Vec::new();
    while latest.count_from(place) > 0 {
        let missed = latest.missed_from(place);
        lengths.push((missed.bytes.len(), missed.events, missed.last));
        place = missed.last + 1;
    }
    let expected = [(12_000, 2, 2), (6_000, 1, 3), (40_000, 1, 4), (10, 1, 5)];
    assert_eq!(lengths, expected);
}

#[test]
fn what_is_remembered_is_bounded() {
    let mut rng = fastrand::Rng::with_seed(8);
    let mut latest = latest(7, 2_000);
    for sequence in 1..5_000_u64 {
        latest.remember(&format!("k{}", rng.u8(0..40)), sequence);
        if let Some(old) = sequence.checked_sub(20).filter(|old| *old > 0) {
            latest.leave_history(old, &vec![b'x'; rng.usize(0..300)]);
        }
        assert!(latest.events() <= 7 && latest.bytes() <= 2_000);
        assert!(latest.newest.len() <= 7 + 20);
        let costs: usize = latest.table.values().map(Left::cost).sum();
        assert_eq!(costs, latest.bytes());
        let right = |(sequence, left): (&u64, &Left)| latest.newest[&left.key] == *sequence;
        assert!(latest.table.iter().all(right));
    }
}
