use super::*;
use crate::load::rights::{Privacy, Right};

mod oracle;

/// One topic, of which everything may be had.
fn rights() -> Rights {
    let right = Right {
        asked: true,
        granted: true,
    };
    Rights {
        topics: [right].into(),
        privacy: Privacy::default(),
    }
}

/// As many publishes, a millisecond apart, all answered.
fn answered(publishes: u32) -> Ledger {
    let ledger = Ledger::new(1);
    for sent in 1..=publishes {
        let number = ledger.begin(0, sent);
        ledger.settle(0, number, Outcome::Answered);
    }
    ledger
}

fn opened_at_0() -> Witness {
    let mut witness = Witness::new(4, rights());
    witness.opened(0, Begin::Fresh);
    witness
}

fn found(tally: &Tally) -> Vec<(Fault, u64, u64)> {
    let counts = Fault::ALL.map(|fault| {
        let count = tally.count(fault);
        (fault, count.places, count.events)
    });
    counts
        .into_iter()
        .filter(|(_, _, events)| *events > 0)
        .collect()
}

#[test]
fn a_server_without_fault_is_clean() {
    let ledger = answered(10);
    let mut witness = opened_at_0();
    for number in 1..=10 {
        assert!(!witness.is_complete(&ledger));
        witness.event(0, number, &ledger);
    }
    let tally = witness.tally(&ledger);
    assert!(witness.is_complete(&ledger) && tally.is_clean(true));
    assert_eq!(tally.received, 10);
}

#[test]
fn each_fault_is_found_at_its_place() {
    let ledger = answered(9);
    let mut witness = opened_at_0();
    for number in [1, 2, 4, 3, 4, 8, 11] {
        witness.event(0, number, &ledger);
    }
    let tally = witness.tally(&ledger);
    let expected = [
        (Fault::Lost, 2, 4),
        (Fault::Doubled, 1, 1),
        (Fault::OutOfOrder, 1, 1),
        (Fault::Altered, 1, 1),
    ];
    assert_eq!(found(&tally), expected);
    let place = |first, last| Place {
        subscriber: 4,
        topic: 0,
        first,
        last,
    };
    assert_eq!(tally.count(Fault::Lost).some, [place(5, 7), place(9, 9)]);
    assert_eq!(tally.count(Fault::OutOfOrder).some, [place(3, 3)]);
    assert!(!tally.is_clean(false));
}

#[test]
fn a_gap_that_is_told_is_none_that_is_unseen() {
    let ledger = answered(9);
    for (begin, fault) in [
        (Begin::Resumed, Fault::UnseenGap),
        (Begin::Gap, Fault::ToldGap),
    ] {
        let mut witness = opened_at_0();
        witness.event(0, 1, &ledger);
        witness.event(0, 2, &ledger);
        witness.opened(6, begin);
        witness.event(0, 6, &ledger);
        witness.event(0, 9, &ledger);
        let tally = witness.tally(&ledger);
        assert_eq!(found(&tally)[0], (Fault::Lost, 1, 2), "7 and 8 came behind");
        assert_eq!(
            (tally.count(fault).places, tally.count(fault).events),
            (1, 3)
        );
        assert_eq!((tally.needless, found(&tally).len()), (0, 2));
    }
}

#[test]
fn a_gap_where_nothing_is_missing_is_needless() {
    let ledger = answered(2);
    let mut witness = opened_at_0();
    witness.event(0, 1, &ledger);
    witness.opened(1, Begin::Gap);
    witness.event(0, 2, &ledger);
    let tally = witness.tally(&ledger);
    assert_eq!((tally.needless, tally.is_clean(true)), (1, true));
}

#[test]
fn behind_a_gap_the_server_may_begin_again() {
    let ledger = answered(5);
    let mut witness = opened_at_0();
    for number in [1, 2, 3, 4] {
        witness.event(0, number, &ledger);
    }
    witness.opened(4, Begin::Gap);
    witness.event(0, 2, &ledger);
    assert!(!witness.is_complete(&ledger), "3 is owed again");
    // A cut in the middle of what is sent again.
    witness.opened(5, Begin::Resumed);
    for number in [3, 4, 5] {
        witness.event(0, number, &ledger);
    }
    assert!(witness.is_complete(&ledger));
    assert!(witness.tally(&ledger).is_clean(true));
    witness.event(0, 5, &ledger);
    assert_eq!(found(&witness.tally(&ledger)), [(Fault::Doubled, 1, 1)]);
}

#[test]
fn what_is_in_doubt_may_come_once_and_late() {
    let ledger = answered(4);
    for number in [2, 3] {
        ledger.settle(0, number, Outcome::Doubtful);
    }
    let mut witness = opened_at_0();
    for number in [1, 4] {
        witness.event(0, number, &ledger);
    }
    assert!(witness.is_complete(&ledger));
    witness.event(0, 2, &ledger);
    assert!(witness.tally(&ledger).is_clean(true));
    witness.event(0, 2, &ledger);
    assert_eq!(found(&witness.tally(&ledger)), [(Fault::Doubled, 1, 1)]);
}

#[test]
fn what_was_refused_must_not_come() {
    let ledger = answered(3);
    ledger.settle(0, 2, Outcome::Refused);
    let mut witness = opened_at_0();
    witness.event(0, 1, &ledger);
    witness.event(0, 3, &ledger);
    assert!(witness.is_complete(&ledger) && witness.tally(&ledger).is_clean(true));
    let mut witness = opened_at_0();
    for number in [1, 2, 3] {
        witness.event(0, number, &ledger);
    }
    assert_eq!(
        found(&witness.tally(&ledger)),
        [(Fault::RefusedButSent, 1, 1)]
    );
}

#[test]
fn what_is_still_under_way_is_not_missing() {
    let ledger = answered(1);
    ledger.begin(0, 2);
    let mut witness = opened_at_0();
    witness.event(0, 1, &ledger);
    assert!(witness.is_complete(&ledger));
}

#[test]
fn rights_decide_what_is_owed_and_what_leaks() {
    let ledger = Ledger::new(3);
    for topic in 0..3 {
        let number = ledger.begin(topic, 1);
        ledger.settle(topic, number, Outcome::Answered);
    }
    let right = |asked, granted| Right { asked, granted };
    let rights = Rights {
        topics: [right(true, true), right(true, false), right(false, true)].into(),
        privacy: Privacy { share: 100 },
    };
    let mut witness = Witness::new(0, rights);
    witness.opened(0, Begin::Fresh);
    witness.event(0, 1, &ledger);
    assert!(witness.is_complete(&ledger));
    witness.event(1, 1, &ledger);
    witness.event(2, 1, &ledger);
    let expected = [(Fault::Leaked, 1, 1), (Fault::NotAskedFor, 1, 1)];
    assert_eq!(found(&witness.tally(&ledger)), expected);
}

#[test]
fn who_was_never_connected_is_owed_nothing_and_is_not_complete() {
    let witness = Witness::new(0, rights());
    let ledger = answered(3);
    assert!(witness.connections().is_empty() && !witness.is_complete(&ledger));
}

#[test]
fn holes_beyond_the_limit_are_counted_all_the_same() {
    let ledger = answered(5000);
    let mut witness = opened_at_0();
    for number in (2..=5000).step_by(2) {
        witness.event(0, number, &ledger);
    }
    let lost = (Fault::Lost, 2500, 2500);
    assert_eq!(found(&witness.tally(&ledger)), [lost]);
}
