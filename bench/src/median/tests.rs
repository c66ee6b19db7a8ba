//! Orders and numbers of values.

use super::{median, spread};

#[test]
fn the_middle_one_counts() {
    assert_eq!(median([3.0, 1.0, 2.0]), 2.0);
    assert_eq!(median([4.0, 1.0, 3.0, 2.0]), 3.0);
    assert!(median(Vec::<f64>::new()).is_nan());
}

#[test]
fn the_spread_is_a_part_of_the_median() {
    assert_eq!(spread([3.0, 1.0, 2.0]), 1.0);
    assert!(spread(Vec::<f64>::new()).is_nan());
}
