//! Tags that come and go.

use super::{Known, REMEMBERED};
use bytes::Bytes;
use wellspring_broker::StoredRecord;

fn see(known: &mut Known, numbers: std::ops::RangeInclusive<u64>) {
    for number in numbers {
        known.see(&StoredRecord::new(number, number * 10, Bytes::new()));
    }
}

#[test]
fn tags_are_found_by_number() {
    let mut known = Known::default();
    assert_eq!((known.newest(), known.tag(0)), (0, None));
    see(&mut known, 5..=9);
    // What came before changes nothing.
    see(&mut known, 7..=8);
    assert_eq!((known.oldest(), known.newest()), (5, 9));
    assert_eq!(
        (known.tag(4), known.tag(9), known.tag(10)),
        (None, Some(90), None)
    );
    known.promise(12);
    assert_eq!((known.newest(), known.newest_seen()), (12, 9));
    known.lose(6);
    assert_eq!(
        (known.newest(), known.tag(6), known.tag(7)),
        (6, Some(60), None)
    );
    known.lose(2);
    assert_eq!((known.newest(), known.tag(6)), (2, None));
}

#[test]
fn a_hole_begins_anew_and_the_oldest_are_forgotten() {
    let mut known = Known::default();
    see(&mut known, 1..=3);
    see(&mut known, 5..=5);
    assert_eq!((known.oldest(), known.tag(3)), (5, None));
    let many = REMEMBERED as u64;
    see(&mut known, 6..=5 + many);
    assert_eq!((known.oldest(), known.newest()), (6, 5 + many));
}
