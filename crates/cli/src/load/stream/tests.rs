use std::collections::HashSet;

use super::*;

fn missing(stream: &Stream, last: u32) -> Vec<u32> {
    let holes = stream.missing(last, 9);
    holes.flat_map(|hole| hole.first..=hole.last).collect()
}

#[test]
fn numbers_in_order_leave_nothing_missing() {
    let mut stream = Stream::default();
    for number in 1..=5 {
        assert_eq!(stream.take(number, 0), (Arrival::New, vec![]));
    }
    assert!(missing(&stream, 5).is_empty());
    assert_eq!(missing(&stream, 7), [6, 7]);
}

#[test]
fn a_hole_says_which_connections_are_around_it() {
    let mut stream = Stream::default();
    stream.take(1, 0);
    stream.take(4, 2);
    let hole = Hole {
        first: 2,
        last: 3,
        before: 0,
        after: 2,
    };
    let rest = Hole {
        first: 5,
        last: 5,
        before: 2,
        after: 3,
    };
    assert_eq!(stream.missing(5, 3).collect::<Vec<_>>(), [hole, rest]);
    assert_eq!(stream.take(2, 2).0, Arrival::Late);
    assert_eq!(stream.take(2, 2).0, Arrival::Again);
    assert_eq!(missing(&stream, 4), [3]);
}

/// Whatever arrives in whatever order, against a set of numbers.
#[test]
fn arrivals_agree_with_a_set() {
    for seed in 0..2000 {
        let mut random = fastrand::Rng::with_seed(seed);
        let (mut stream, mut seen, mut highest) = (Stream::default(), HashSet::new(), 0);
        for _ in 0..random.u32(1..60) {
            let number = random.u32(1..30);
            let expected = match seen.insert(number) {
                true if number > highest => Arrival::New,
                true => Arrival::Late,
                false => Arrival::Again,
            };
            highest = highest.max(number);
            assert_eq!(stream.take(number, 0), (expected, vec![]), "seed {seed}");
        }
        let expected = (1..=40).filter(|number| !seen.contains(number));
        let expected: Vec<u32> = expected.collect();
        assert_eq!(missing(&stream, 40), expected, "seed {seed}");
        for number in 0..=40 {
            assert_eq!(stream.has(number), seen.contains(&number));
        }
    }
}

#[test]
fn holes_are_limited() {
    let mut stream = Stream::default();
    let most = u32::try_from(MAX_HOLES).unwrap();
    for at in 1..=most {
        assert!(stream.take(2 * at, 0).1.is_empty());
    }
    let lost = stream.take(2 * most + 2, 0).1;
    assert_eq!((lost[0].first, lost[0].last), (1, 1));
    assert_eq!(stream.missing(0, 0).count(), MAX_HOLES);
}

#[test]
fn a_stream_without_a_place_begins_anywhere() {
    let mut stream = Stream::default();
    for number in [2, 3, 6] {
        stream.take(number, 0);
    }
    stream.begin_anew();
    let (arrival, before) = stream.take(3, 1);
    assert_eq!(
        (arrival, before[0].first, before[0].last),
        (Arrival::New, 1, 1)
    );
    assert_eq!(before.len(), 1);
    assert_eq!(missing(&stream, 6), [4, 5, 6]);
    stream.begin_anew();
    assert_eq!(stream.take(7, 2).0, Arrival::New);
    assert_eq!(missing(&stream, 7), [4, 5, 6]);
}

#[test]
fn the_last_number_there_can_be_is_taken() {
    let mut stream = Stream::default();
    stream.take(u32::MAX, 0);
    assert_eq!(stream.take(u32::MAX, 0).0, Arrival::Again);
    assert_eq!(stream.take(u32::MAX - 1, 0).0, Arrival::Late);
    assert!(stream.has(u32::MAX));
}
