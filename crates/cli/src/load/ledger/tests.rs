use super::*;

#[test]
fn numbers_begin_at_one_in_each_topic() {
    let ledger = Ledger::new(2);
    assert_eq!((ledger.begin(0, 5), ledger.begin(0, 6)), (1, 2));
    assert_eq!(ledger.begin(1, 7), 1);
    assert_eq!((ledger.last(0), ledger.last(1)), (2, 1));
    assert_eq!(ledger.record(0, 0), None);
    assert_eq!(ledger.record(0, 3), None);
    assert_eq!(ledger.record(2, 1), None);
}

#[test]
fn an_outcome_leaves_the_time() {
    let ledger = Ledger::new(1);
    let all = [Outcome::Answered, Outcome::Refused, Outcome::Doubtful];
    for (sent, outcome) in [0, 77, u32::MAX].into_iter().zip(all) {
        let number = ledger.begin(0, sent);
        let outcome_of = || ledger.record(0, number).map(|record| record.outcome);
        assert_eq!(outcome_of(), Some(Outcome::Pending));
        ledger.settle(0, number, outcome);
        let sent = sent.min(LATEST);
        assert_eq!(ledger.record(0, number), Some(Record { sent, outcome }));
    }
    assert_eq!(ledger.refused(0), [2]);
    // Of nothing.
    ledger.settle(0, 9, Outcome::Refused);
    assert_eq!(ledger.last(0), 3);
}
