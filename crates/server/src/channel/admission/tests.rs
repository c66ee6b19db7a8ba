use super::*;

#[test]
fn counts_in_all_and_by_key() {
    let limits = SubscriberLimits::default().with_total(3).with_per_key(2);
    let mut admission = Admission::new(limits);
    assert_eq!(admission.check(None), Ok(()));
    let first = admission.join(Some("a"));
    assert_eq!(admission.check(Some("a")), Ok(()));
    let second = admission.join(Some("a"));
    let refused = Err(RefusalReason::TooManyForKey { limit: 2 });
    assert_eq!(admission.check(Some("a")), refused);
    assert_eq!(admission.check(Some("b")), Ok(()));
    assert_eq!(admission.check(None), Ok(()), "no key, no limit of one");
    admission.join(None);
    let refused = Err(RefusalReason::TooMany { limit: 3 });
    assert_eq!(admission.check(Some("b")), refused);
    assert_eq!(admission.check(None), refused);
    admission.leave(first.as_ref());
    assert_eq!(admission.check(Some("a")), Ok(()));
    admission.leave(second.as_ref());
    admission.leave(None);
    assert!(
        admission.by_key.is_empty(),
        "keys go with their subscribers"
    );
    assert_eq!((admission.subscribers(), admission.joined()), (0, 3));
}

#[test]
fn a_limit_of_none_refuses_everybody() {
    let limits = SubscriberLimits::default().with_per_key(0);
    let admission = Admission::new(limits);
    assert!(admission.check(Some("a")).is_err());
    let limits = SubscriberLimits::default().with_total(0);
    assert!(Admission::new(limits).check(None).is_err());
}
