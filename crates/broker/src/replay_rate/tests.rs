//! When more may be read.

use super::*;

#[test]
fn a_second_is_taken_at_once_and_the_rest_waited_for() {
    let start = Instant::now();
    let at = |seconds| start + Duration::from_secs(seconds);
    let rate = ReplayRate::new(1_000, start);
    rate.take(600, start);
    assert_eq!(rate.wait(start), Duration::ZERO);
    rate.take(2_400, start);
    assert_eq!(rate.wait(start), Duration::from_secs(2));
    assert_eq!(rate.wait(at(2)), Duration::ZERO);
    rate.take(500, at(10));
    assert_eq!(
        rate.wait(at(10)),
        Duration::ZERO,
        "nothing is owed from before"
    );
    let none = ReplayRate::new(0, start);
    none.take(usize::MAX, start);
    none.take(usize::MAX, start);
    assert_eq!(none.wait(start), Duration::from_secs(7_199), "no overflow");
}
