//! Epochs that follow each other.

use super::successor;
use std::collections::HashSet;
use wellspring_broker::Epoch;

#[test]
fn successors_differ_and_have_eight_digits() {
    let first = Epoch::random();
    let mut seen = HashSet::from([first]);
    for last in 0..2_000 {
        let next = successor(first, &last.to_string());
        assert_eq!(next, successor(first, &last.to_string()));
        assert_eq!(next.to_string().len(), 8);
        assert!(seen.insert(next), "{last}");
    }
    let mut epoch = first;
    for _ in 0..2_000 {
        epoch = successor(epoch, "the same");
        assert!(seen.insert(epoch));
    }
}
