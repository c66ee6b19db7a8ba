use super::*;

#[test]
fn an_event_is_always_the_same() {
    for number in 1..200 {
        assert_eq!(data(number), data(number));
        assert_eq!(block(number), block(number));
    }
    let of_type = |kind: &str| (1..=1000).filter(|n| event_type(*n) == kind).count();
    assert!(TYPES.iter().all(|kind| of_type(kind) > 100));
}

#[test]
fn a_lost_a_doubled_and_a_changed_event_are_found() {
    let judged = |judge: &mut Judge, n: u64| judge.judge(event_type(n), &data(n), &n.to_string());
    let mut judge = Judge::new(3);
    judged(&mut judge, 1).unwrap();
    assert!(judged(&mut judge, 1).is_err());
    assert!(judged(&mut judge, 3).is_err());
    assert!(judge.judge("message", &data(2), "1").is_err());
    assert!(judge.judge("notice", &data(2), "2").is_err());
    assert!(judge.judge("message", "2", "2").is_err());
    judged(&mut judge, 2).unwrap();
    assert_eq!((judge.count(), judge.is_content()), (2, false));
    judged(&mut judge, 3).unwrap();
    assert!(judge.is_content());
}
