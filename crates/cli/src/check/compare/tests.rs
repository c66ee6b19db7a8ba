use super::*;

fn event(id: u64) -> SeenEvent {
    SeenEvent {
        id: id.to_string().into(),
        own_id: true,
        digest: id * 7,
        at: std::time::Duration::ZERO,
    }
}

/// The event of this id, as if it told something else.
fn other(id: u64) -> SeenEvent {
    SeenEvent {
        digest: 1,
        ..event(id)
    }
}

/// After the event of this place among 11, 12, 13, 14 and 15.
fn after(given: usize, second: &[SeenEvent]) -> Resumption {
    let first: Vec<SeenEvent> = (11..16).map(event).collect();
    let (first, second): (Vec<_>, Vec<_>) = (first.iter().collect(), second.iter().collect());
    compare(&first, given, &second)
}

fn after_12(ids: &[u64]) -> Resumption {
    let second: Vec<SeenEvent> = ids.iter().copied().map(event).collect();
    after(1, &second)
}

fn exact(same: usize, changed: usize, more: usize) -> Resumption {
    Resumption::Exact {
        same,
        changed,
        more,
    }
}

#[test]
fn each_way_to_go_on_is_told_from_the_others() {
    assert_eq!(after_12(&[13, 14, 15]), exact(3, 0, 0));
    assert_eq!(after_12(&[13, 14, 15, 16]), exact(3, 0, 0));
    assert_eq!(after_12(&[13]), exact(1, 0, 0));
    assert_eq!(after_12(&[12, 13]), Resumption::Repeats);
    assert_eq!(after_12(&[11, 12, 13]), Resumption::StartsOver);
    assert_eq!(after_12(&[9, 10, 11, 12]), Resumption::StartsOver);
    assert_eq!(after_12(&[15]), Resumption::Loses { lost: 2, same: 0 });
    assert_eq!(after_12(&[13, 15]), Resumption::Loses { lost: 1, same: 1 });
    assert_eq!(after_12(&[99]), Resumption::Unrelated);
    assert_eq!(after_12(&[]), Resumption::Silent);
    assert_eq!(after(4, &[]), Resumption::Unknown);
    assert_eq!(after(4, &[event(16)]), Resumption::Unknown);
    assert_eq!(after(4, &[event(15)]), Resumption::Repeats);
    assert_eq!(after(0, &[event(11)]), Resumption::RepeatsOrStartsOver);
}

#[test]
fn what_greets_under_the_id_that_was_given_is_no_repetition() {
    let greeted = [other(12), event(13), event(14)];
    assert_eq!(after(1, &greeted), exact(2, 0, 0));
    assert_eq!(after(1, &[other(12)]), Resumption::Silent);
    assert_eq!(after(4, &[other(15)]), Resumption::Unknown);
    // An id that only this connection has is no event of the stream either.
    assert_eq!(after_12(&[99, 13, 98, 14]), exact(2, 0, 2));
}

#[test]
fn the_same_ids_with_other_contents_are_told() {
    assert_eq!(after(1, &[other(13), other(14)]), exact(0, 2, 0));
    assert_eq!(after(2, &[other(11), other(12)]), Resumption::Renumbered);
}
