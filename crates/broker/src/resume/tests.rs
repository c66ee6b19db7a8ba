use super::*;
use crate::cursor::Epoch;

#[test]
fn every_place_has_its_judgement() {
    let [a, b, c] = [1, 2, 3].map(Epoch::new);
    let mut lineage = Lineage::new(a);
    lineage.fork(20, b);
    let judged = |epoch, sequence| judge(Cursor::new(epoch, sequence, 0), &lineage, 11, 30);
    let expected = [
        ((a, 0), Judgement::Expired { missed: 10 }),
        ((a, 9), Judgement::Expired { missed: 1 }),
        ((a, 10), Judgement::Compare(Reference::Trimmed)),
        ((a, 11), Judgement::Compare(Reference::Event)),
        ((a, 20), Judgement::Compare(Reference::Event)),
        ((a, 21), Judgement::Lost { last: 20 }),
        ((b, 21), Judgement::Compare(Reference::Event)),
        ((b, 30), Judgement::Compare(Reference::Event)),
        ((b, 31), Judgement::Ahead),
        ((b, u64::MAX), Judgement::Ahead),
        ((c, 15), Judgement::OtherEpoch),
    ];
    for ((epoch, sequence), judgement) in expected {
        assert_eq!(judged(epoch, sequence), judgement, "{epoch} {sequence}");
    }
}

#[test]
fn an_empty_history_knows_its_beginning() {
    let lineage = Lineage::new(Epoch::new(1));
    let beginning = Cursor::new(Epoch::new(1), 0, 0);
    let judged = judge(beginning, &lineage, 1, 0);
    assert_eq!(judged, Judgement::Compare(Reference::Trimmed));
}
