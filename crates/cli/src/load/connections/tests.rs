use super::*;

fn connections(all: &[(u32, Begin)]) -> Connections {
    Connections {
        all: all.to_vec(),
        ..Connections::default()
    }
}

fn over(before: u32, after: u32) -> Hole {
    Hole {
        first: 1,
        last: 1,
        before,
        after,
    }
}

#[test]
fn what_was_sent_before_the_first_connection_is_not_owed() {
    let one = connections(&[(10, Begin::Fresh)]);
    assert_eq!(one.fate(over(0, 0), Some(9)), Fate::NotOwed);
    assert_eq!(one.fate(over(0, 0), Some(10)), Fate::NotOwed);
    assert_eq!(one.fate(over(0, 0), Some(11)), Fate::Lost);
    assert_eq!(connections(&[]).fate(over(0, 0), Some(11)), Fate::Lost);
}

#[test]
fn a_connection_that_resumed_owes_what_was_sent_before_it() {
    let two = connections(&[(10, Begin::Fresh), (20, Begin::Resumed)]);
    assert_eq!(two.fate(over(0, 1), Some(15)), Fate::Unseen);
    assert_eq!(two.fate(over(0, 1), Some(21)), Fate::Lost, "sent behind it");
    assert_eq!(two.fate(over(1, 1), Some(15)), Fate::Lost, "not over it");
    assert_eq!(two.fate(over(0, 0), Some(15)), Fate::Lost, "before it");
}

#[test]
fn a_gap_that_is_told_counts_for_what_was_sent_before() {
    let all = [
        (10, Begin::Fresh),
        (20, Begin::Resumed),
        (30, Begin::Gap),
        (40, Begin::Resumed),
    ];
    let four = connections(&all);
    assert_eq!(four.fate(over(0, 3), Some(15)), Fate::Told(2));
    assert_eq!(four.fate(over(1, 3), Some(25)), Fate::Told(2));
    assert_eq!(four.fate(over(2, 3), Some(35)), Fate::Unseen);
    assert_eq!(four.fate(over(2, 3), Some(25)), Fate::Unseen, "told before");
    assert_eq!(four.gaps().collect::<Vec<_>>(), [2]);
}

#[test]
fn a_connection_without_a_place_owes_nothing_of_before() {
    let three = connections(&[(10, Begin::Fresh), (20, Begin::Fresh), (30, Begin::Resumed)]);
    assert_eq!(three.fate(over(0, 1), Some(15)), Fate::NotOwed);
    assert_eq!(three.fate(over(0, 2), Some(15)), Fate::NotOwed);
    assert_eq!(three.fate(over(0, 2), Some(25)), Fate::Unseen);
    assert_eq!(
        three.fate(over(0, 0), Some(15)),
        Fate::Lost,
        "it was missing before"
    );
}

#[test]
fn without_a_time_only_the_connections_in_between_count() {
    let all = [(10, Begin::Fresh), (20, Begin::Resumed), (30, Begin::Gap)];
    let three = connections(&all);
    assert_eq!(three.fate(over(0, 0), None), Fate::Lost);
    assert_eq!(three.fate(over(0, 1), None), Fate::Unseen);
    assert_eq!(three.fate(over(1, 2), None), Fate::Told(2));
    let two = connections(&[(10, Begin::Fresh), (20, Begin::Fresh)]);
    assert_eq!(two.fate(over(0, 1), None), Fate::NotOwed);
    assert_eq!(two.fate(over(1, 1), None), Fate::Lost);
}

#[test]
fn a_gap_within_a_connection_is_told_once() {
    let mut one = connections(&[]);
    assert!(!one.gap(1), "there is none");
    one.opened(10, Begin::Fresh);
    assert!(!one.gap(11), "nothing was owed");
    one.event();
    assert!(one.gap(20));
    assert!(!one.gap(21));
    assert_eq!(one.fate(over(0, 1), Some(15)), Fate::Told(1));
    assert_eq!(one.fate(over(1, 1), Some(25)), Fate::Lost);
    one.opened(30, Begin::Resumed);
    assert!(one.gap(31) && !one.gap(32));
    assert_eq!(one.gaps().collect::<Vec<_>>(), [1, 2]);
    assert_eq!(one.fate(over(1, 2), Some(25)), Fate::Told(2));
}
