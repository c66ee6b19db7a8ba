use super::*;

#[test]
fn each_time_goes_where_those_like_it_are() {
    let mut before = 0;
    let times = (0..5000).chain((13..64).flat_map(|bits| {
        let power = 1_u64 << bits;
        [power - 1, power, power + power / 3]
    }));
    for time in times.chain([u64::MAX]) {
        let at = bucket(time);
        assert!(at >= before && at < BUCKETS, "{time}: {at} after {before}");
        let highest = highest(at);
        let error = highest.checked_sub(time).unwrap();
        assert!(error <= time / STEPS, "{time}: {highest}");
        before = at;
    }
}

#[test]
fn percentiles_are_those_of_a_sorted_list() {
    let latency = Latency::new();
    assert_eq!((latency.permille(500), latency.longest()), (None, None));
    let mut random = fastrand::Rng::with_seed(1);
    let times = (0..10_000).map(|_| {
        let bits = random.u32(1..40);
        random.u64(0..1 << bits)
    });
    let mut all: Vec<u64> = times.collect();
    all.iter().for_each(|time| latency.add(*time));
    all.sort_unstable();
    for permille in [1, 500, 990, 999, 1000] {
        let exact = all[(all.len() * permille as usize).div_ceil(1000) - 1];
        let found = latency.permille(permille).unwrap().as_micros() as u64;
        assert!(
            found >= exact && found - exact <= exact / STEPS,
            "{permille}: {found}, {exact}"
        );
    }
    assert_eq!(latency.longest(), latency.permille(1000));
}
