use std::time::Duration;

use super::super::{Epoch, IdPolicy, Log, Part, Read};
use super::*;
use crate::{HistoryLimits, LatestLimits};

fn log(limits: HistoryLimits) -> Log {
    Log::new(Epoch::new("e").unwrap(), limits, LatestLimits::default())
}

/// One large event, and a reader that has taken its first slice.
fn in_the_middle(log: &mut Log, place: u64) -> Rest {
    let Read::Large(event, _) = log.read(place, Duration::ZERO) else {
        panic!("a large event waits");
    };
    let mut rest = Rest::of(&event);
    assert!(matches!(rest.next(), Slice::Middle(_)));
    rest
}

fn append_large(log: &mut Log, length: usize) {
    let block = vec![b'x'; length];
    log.append(block, IdPolicy::None, None, Duration::ZERO);
}

#[test]
fn a_slice_on_its_way_holds_no_more_than_itself() {
    let mut log = log(HistoryLimits::default().with_events(1));
    append_large(&mut log, 1 << 20);
    let mut rest = in_the_middle(&mut log, 1);
    let Slice::Middle(slice) = rest.next() else {
        panic!("there is more");
    };
    append_large(&mut log, 100);
    assert_eq!(
        log.pinned_bytes(),
        1 << 20,
        "a reader is in the middle of it"
    );
    drop(rest);
    log.release();
    assert_eq!(log.pinned_bytes(), FRAME_BYTES);
    drop(slice);
    assert_eq!(log.pinned_bytes(), 0);
}

#[test]
fn what_readers_are_in_the_middle_of_is_bounded() {
    let limits = HistoryLimits::default().with_bytes(250_000);
    let mut log = log(limits);
    let mut readers = Vec::new();
    for place in 1..=50 {
        append_large(&mut log, 100_000);
        readers.push(in_the_middle(&mut log, place));
        assert!(log.bytes() <= 250_000 && log.pinned_bytes() <= 250_000);
    }
    // Two in the history, two that have left it.
    let (lost, kept) = readers.split_at_mut(46);
    assert!(
        lost.iter_mut()
            .all(|rest| matches!(rest.next(), Slice::Lost))
    );
    for rest in kept {
        let mut length = FRAME_BYTES;
        length += std::iter::from_fn(|| match rest.next() {
            Slice::Middle(bytes) | Slice::Last(bytes) => Some(bytes.len()),
            Slice::Lost => None,
        })
        .sum::<usize>();
        assert_eq!(length, 100_000);
    }
    drop(readers);
    log.release();
    assert_eq!(log.pinned_bytes(), 0);
}

#[test]
fn an_event_over_the_limit_is_read_to_its_end_until_another_leaves() {
    let mut log = log(HistoryLimits::default().with_bytes(1_000));
    append_large(&mut log, 100_000);
    let mut first = in_the_middle(&mut log, 1);
    append_large(&mut log, 100_000);
    let second = in_the_middle(&mut log, 2);
    assert!(matches!(first.next(), Slice::Middle(_)));
    append_large(&mut log, 10);
    assert!(matches!(first.next(), Slice::Lost));
    assert_eq!(log.pinned_bytes(), 100_000);
    drop(second);
    log.release();
    assert_eq!(log.pinned_bytes(), 0);
}

/// The same bytes are in the history, then in the table, then nowhere.
#[test]
fn the_latest_of_a_key_is_shared_and_counted_once() {
    let limits = HistoryLimits::default().with_events(1);
    let mut log = Log::new(Epoch::new("e").unwrap(), limits, LatestLimits::default());
    let append = |log: &mut Log| {
        log.append(
            vec![b'x'; 100_000],
            IdPolicy::None,
            Some("k"),
            Duration::ZERO,
        );
    };
    let append_other = |log: &mut Log| {
        log.append(vec![b'y'; 10], IdPolicy::None, None, Duration::ZERO);
    };
    append(&mut log);
    append_other(&mut log);
    assert_eq!((log.latest().0, log.pinned_bytes()), (1, 0));
    let missed = log.missed_from(1).unwrap();
    assert_eq!((missed.events, missed.last), (1, 1));
    let Part::Large(event) = missed.part else {
        panic!("the table has it");
    };
    let mut rest = Rest::of(&event);
    drop(event);
    assert!(matches!(rest.next(), Slice::Middle(_)));
    append(&mut log);
    assert_eq!((log.latest().0, log.pinned_bytes()), (0, 100_000));
    assert!(
        matches!(rest.next(), Slice::Middle(_)),
        "out of date, but begun"
    );
    drop(rest);
    log.release();
    assert_eq!(log.pinned_bytes(), 0);
}
