use super::*;

fn event(id: u64) -> SeenEvent {
    SeenEvent {
        id: id.to_string().into(),
        own_id: true,
        digest: id * 7,
    }
}

fn events(ids: &[u64]) -> Vec<SeenEvent> {
    ids.iter().copied().map(event).collect()
}

#[test]
fn each_way_to_go_on_is_told_from_the_others() {
    let first = events(&[1, 2, 3, 4, 5]);
    let after_2 = |second: &[u64]| compare(&first, 1, &events(second));
    assert_eq!(after_2(&[3, 4, 5]), Resumption::Exact(3));
    assert_eq!(after_2(&[3, 4, 5, 6]), Resumption::Exact(3));
    assert_eq!(after_2(&[3]), Resumption::Exact(1));
    assert_eq!(after_2(&[2, 3]), Resumption::Repeats);
    assert_eq!(after_2(&[1, 2, 3]), Resumption::StartsOver);
    assert_eq!(after_2(&[5]), Resumption::Loses(2));
    assert_eq!(after_2(&[3, 5]), Resumption::Differs(1));
    assert_eq!(after_2(&[9]), Resumption::Unrelated);
    assert_eq!(after_2(&[]), Resumption::Silent);
    let after_5 = |second: &[u64]| compare(&first, 4, &events(second));
    assert_eq!(after_5(&[]), Resumption::Unknown);
    assert_eq!(after_5(&[6]), Resumption::Unknown);
    assert_eq!(after_5(&[5]), Resumption::Repeats);
    let mut other = events(&[3]);
    other[0].digest += 1;
    assert_eq!(compare(&first, 1, &other), Resumption::Unrelated);
}
