use super::*;

#[test]
fn slots_are_even_whoever_is_left() {
    for subscribers in [3_u64, 10, 100, 1_000] {
        for arrived_before in [0, 12_345] {
            let mut slots: Vec<_> = (arrived_before..arrived_before + subscribers)
                .map(slot)
                .collect();
            slots.sort_unstable();
            let widest = slots.windows(2).map(|pair| pair[1] - pair[0]).max();
            let fair = u32::try_from(ALL / subscribers).unwrap();
            assert!(widest.unwrap() < 3 * fair, "{subscribers}: {widest:?}");
        }
    }
}

#[test]
fn a_drain_proceeds_and_never_goes_back() {
    let mut drained = Drained::default();
    assert!(!drained.has_begun() && !drained.is_due(0));
    drained.begin(Bytes::new());
    drained.proceed(0.5);
    drained.proceed(0.25);
    drained.proceed(f64::NAN);
    assert!(drained.is_due(u32::MAX / 2) && !drained.is_due(u32::MAX / 2 + 2));
    drained.proceed(7.0);
    assert!(drained.is_due(u32::MAX) && !drained.is_finished());
    drained.finish();
    assert!(drained.is_finished());
}
