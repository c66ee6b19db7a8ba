use super::*;

fn lineage(past: &[(u64, u64)], current: u64) -> Lineage {
    let past = past
        .iter()
        .map(|(epoch, last)| wellspring_broker::Fork::new(Epoch::new(*epoch), *last));
    Lineage::with_past(past.collect(), Epoch::new(current))
}

#[test]
fn histories_agree_up_to_their_last_fork() {
    let first = lineage(&[], 1);
    let forked = lineage(&[(1, 40)], 2);
    let twice = lineage(&[(1, 40), (2, 60)], 3);
    let branch = lineage(&[(1, 30)], 9);
    for (known, found, after, last) in [
        (&first, &forked, 100, 40),
        (&first, &forked, 10, 10),
        (&forked, &twice, 100, 60),
        (&first, &twice, 100, 40),
        // Back to a server that never saw the fork, and to one that forked elsewhere.
        (&forked, &first, 100, 40),
        (&twice, &branch, 100, 30),
        (&first, &lineage(&[], 7), 100, 0),
    ] {
        assert_eq!(common(known, found, after), last, "{known:?} {found:?}");
    }
}
