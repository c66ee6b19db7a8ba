//! Positions and numbers.

use super::Numbering;
use wellspring_broker::Epoch;

const ONE: Epoch = Epoch::new(1);
const TWO: Epoch = Epoch::new(2);
const THREE: Epoch = Epoch::new(3);

fn numbers(numbering: &Numbering, positions: std::ops::RangeInclusive<u64>) -> Vec<u64> {
    positions
        .map(|position| numbering.number(position).unwrap_or(0))
        .collect()
}

#[test]
fn positions_are_numbers_at_first() {
    let numbering = Numbering::new(ONE);
    assert_eq!(numbers(&numbering, 0..=3), [0, 1, 2, 3]);
    assert_eq!((numbering.newest(0), numbering.newest(9)), (0, 9));
    assert_eq!(numbering.position(7), Some(7));
}

#[test]
fn what_is_taken_back_has_no_number() {
    let mut cut = Numbering::new(ONE).cut(2, TWO);
    assert_eq!(cut.position(3), None);
    assert_eq!(cut.newest(5), 2);
    cut.settle(5);
    assert_eq!(numbers(&cut, 1..=8), [1, 2, 0, 0, 0, 3, 4, 5]);
    assert_eq!((cut.newest(5), cut.newest(6)), (2, 3));
    assert_eq!(cut.lineage().valid_until(ONE), Some(2));
    // Once more, before the first cut.
    let mut again = cut.cut(1, THREE);
    again.settle(8);
    assert_eq!(numbers(&again, 1..=10), [1, 0, 0, 0, 0, 0, 0, 0, 2, 3]);
    let lineage = again.lineage();
    assert_eq!(lineage.valid_until(ONE), Some(1));
    assert_eq!(lineage.valid_until(TWO), Some(1));
    let positions: Vec<_> = (1..=3).map(|number| again.position(number)).collect();
    assert_eq!(positions, [Some(1), Some(9), Some(10)]);
}

#[test]
fn what_is_forked_keeps_its_numbers() {
    let mut cut = Numbering::new(ONE).cut(2, TWO);
    cut.settle(5);
    let forked = cut.fork(4, THREE);
    assert_eq!(numbers(&forked, 1..=9), [1, 2, 0, 0, 0, 3, 4, 5, 6]);
    let lineage = forked.lineage();
    assert_eq!(lineage.current(), THREE);
    assert_eq!(lineage.valid_until(TWO), Some(4));
    assert_eq!(lineage.epoch_at(5), THREE);
}

#[test]
fn nothing_is_lost_of_an_empty_stream() {
    let mut cut = Numbering::new(ONE).cut(0, TWO);
    cut.settle(0);
    assert_eq!(cut.number(1), Some(1));
    let forked = Numbering::new(ONE).fork(0, TWO);
    assert_eq!(forked.number(1), Some(1));
    assert_eq!(forked.lineage().valid_until(ONE), Some(0));
}
