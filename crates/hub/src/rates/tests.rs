use std::time::Duration;

use tokio::time::Instant;

use super::{MOST_PUBLISHERS, Rates};

#[tokio::test(start_paused = true)]
async fn over_time_a_publisher_gets_its_rate_and_no_more() {
    let rates = Rates::default();
    let start = Instant::now();
    let mut taken = 0;
    for step in 0..1_000_u32 {
        let now = start + Duration::from_millis(10) * step;
        while rates.take(1, 100, 1_000, now).is_ok() {
            taken += 100;
        }
    }
    // Ten seconds, one saved up, and the update that went beyond it.
    assert!((10_000..=11_200).contains(&taken), "{taken}");
}

#[tokio::test(start_paused = true)]
async fn the_wait_that_is_told_is_long_enough() {
    let rates = Rates::default();
    let now = Instant::now();
    rates.take(1, 5_000, 1_000, now).unwrap();
    let wait = rates.take(1, 1, 1_000, now).unwrap_err();
    assert!(wait > Duration::from_millis(3_900) && wait < Duration::from_millis(4_100));
    assert!(rates.take(1, 1, 1_000, now + wait).is_ok());
    assert!(rates.take(2, 1, 1_000, now).is_ok(), "another publisher");
}

#[tokio::test(start_paused = true)]
async fn not_everybody_is_remembered() {
    let rates = Rates::default();
    let now = Instant::now();
    for publisher in 0..3 * MOST_PUBLISHERS as u64 {
        rates.take(publisher, 10, 1, now).unwrap();
    }
    assert!(rates.0.lock().unwrap().len() <= MOST_PUBLISHERS);
}
