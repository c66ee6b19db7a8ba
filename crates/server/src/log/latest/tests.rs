use super::super::resident::Resident;
use super::*;

fn latest(keys: usize, bytes: usize) -> Table {
    let limits = LatestLimits::default().with_keys(keys).with_bytes(bytes);
    Table(Latest::new(limits))
}

/// With blocks of at most a frame.
struct Table(Latest);

impl std::ops::Deref for Table {
    type Target = Latest;

    fn deref(&self) -> &Latest {
        &self.0
    }
}

impl Table {
    fn remember(&mut self, key: &str, sequence: u64) -> usize {
        self.0.remember(key, sequence, &mut Leaving::new(0))
    }

    fn leave_history(&mut self, sequence: u64, block: &[u8]) -> usize {
        let leaving = &mut Leaving::new(0);
        self.0
            .leave_history(sequence, Stored::Block(block), leaving)
    }

    fn text(&self, place: u64) -> String {
        self.missed_from(place).map_or_else(String::new, |missed| {
            let Part::Frame(bytes) = missed.part else {
                panic!("too large");
            };
            String::from_utf8(bytes.to_vec()).unwrap()
        })
    }
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
    assert_eq!(latest.text(1), "b2a3", "c is still history");
    assert_eq!(latest.text(3), "a3");
    assert!(latest.missed_from(4).is_none());
    assert_eq!((latest.events(), latest.bytes()), (2, 2 * (1 + 2 + 96)));
    latest.remember("b", 5);
    assert_eq!(latest.text(1), "a3", "a newer b is history");
    assert_eq!((latest.events(), latest.bytes()), (1, 99));
}

#[test]
fn events_without_a_key_are_not_kept() {
    let mut latest = latest(10, 10_000);
    latest.remember("a", 2);
    assert_eq!(latest.leave_history(1, b"keyless"), 0);
    assert_eq!(latest.leave_history(2, b"a2"), 97);
    assert_eq!(latest.leave_history(3, b"keyless"), 0);
    assert_eq!(latest.text(0), "a2");
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
        assert_eq!(latest.text(1), "b2c3");
        assert_eq!((latest.newest.len(), latest.in_history.len()), (2, 0));
        latest.remember("d", 4);
        latest.leave_history(4, &[b'x'; 10_000]);
        assert_eq!(latest.text(1), "b2c3", "too large to keep");
    }
}

#[test]
fn frames_are_bounded_and_the_next_goes_on() {
    let mut latest = latest(100, 1 << 20);
    for (sequence, length) in (1..).zip([6_000, 6_000, 6_000, 40_000, 10]) {
        latest.remember(&sequence.to_string(), sequence);
        let block = vec![b'x'; length];
        let large = Arc::new(Large::new(&block, &Resident::default()));
        let event = match length > FRAME_BYTES {
            true => Stored::Large(&large),
            false => Stored::Block(&block),
        };
        latest
            .0
            .leave_history(sequence, event, &mut Leaving::new(0));
    }
    let mut place = 1;
    let mut lengths = Vec::new();
    while let Some(missed) = latest.missed_from(place) {
        let length = match &missed.part {
            Part::Frame(bytes) => bytes.len(),
            Part::Large(event) => event.len(),
        };
        lengths.push((length, missed.events, missed.last));
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
