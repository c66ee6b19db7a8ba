use super::*;

#[test]
fn a_later_fork_may_cut_deeper() {
    let [a, b, c] = [1, 2, 3].map(Epoch::new);
    let mut lineage = Lineage::new(a);
    lineage.fork(100, b);
    lineage.fork(50, c);
    assert_eq!(lineage.valid_until(a), Some(50));
    assert_eq!(lineage.valid_until(b), Some(50));
    let at = [1, 50, 51, 101].map(|sequence| lineage.epoch_at(sequence));
    assert_eq!(at, [a, a, c, c]);
}

#[test]
fn the_oldest_are_forgotten() {
    let mut lineage = Lineage::new(Epoch::new(0));
    for number in 1..=100 {
        lineage.fork(number * 10, Epoch::new(number));
    }
    assert_eq!(lineage.past().len(), MAX_FORKS);
    assert_eq!(lineage.valid_until(Epoch::new(0)), None);
    assert_eq!(lineage.valid_until(Epoch::new(99)), Some(1_000));
}
