use std::task::Wake;

use tokio::time::{advance, sleep};

use super::*;

#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn wakes() -> (Arc<Wakes>, Waker) {
    let wakes: Arc<Wakes> = Arc::default();
    let waker = Waker::from(Arc::clone(&wakes));
    (wakes, waker)
}

impl Wakes {
    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

const WAIT: Duration = Duration::from_secs(15);

#[tokio::test(start_paused = true)]
async fn everybody_is_woken_at_their_moment_and_not_before() {
    let (wakes, waker) = wakes();
    let many: Vec<_> = (0..1_000)
        .map(|_| Place::new(WAIT, &waker).unwrap())
        .collect();
    sleep(WAIT - Duration::from_millis(1)).await;
    assert_eq!(wakes.count(), 0);
    assert!(many.iter().all(|place| place.waits(&waker)));
    sleep(WAIT / 100).await;
    assert_eq!(wakes.count(), 1_000);
    assert!(many.iter().all(|place| !place.waits(&waker)));
}

#[tokio::test(start_paused = true)]
async fn who_waits_less_is_woken_first_whoever_came_first() {
    let (late, late_waker) = wakes();
    let (early, early_waker) = wakes();
    let _long = Place::new(WAIT, &late_waker).unwrap();
    sleep(Duration::from_secs(1)).await;
    let short = Place::new(Duration::from_secs(2), &early_waker).unwrap();
    sleep(Duration::from_millis(2_100)).await;
    assert_eq!((early.count(), late.count()), (1, 0));
    let due = Instant::now() + Duration::from_secs(1);
    let _again = short.again(due, Duration::from_secs(2), &early_waker);
    sleep(Duration::from_millis(1_100)).await;
    assert_eq!((early.count(), late.count()), (2, 0));
    sleep(WAIT).await;
    assert_eq!((early.count(), late.count()), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn who_is_gone_is_not_woken_and_its_waker_is_let_go() {
    let (wakes, waker) = wakes();
    let place = Place::new(WAIT, &waker).unwrap();
    let wheel = Arc::clone(&place.node.wheel);
    drop(place);
    drop(waker);
    assert_eq!(Arc::strong_count(&wakes), 1);
    sleep(2 * WAIT).await;
    assert_eq!(wakes.count(), 0);
    assert_eq!(wheel.gone.load(Ordering::Relaxed), 0);
    assert!(lock(&wheel.state).moments.is_empty());
}

#[tokio::test(start_paused = true)]
async fn those_who_come_and_go_do_not_gather() {
    let (_, waker) = wakes();
    let kept = Place::new(WAIT, &waker).unwrap();
    for _ in 0..100_000 {
        drop(Place::new(WAIT, &waker));
    }
    let wheel = &kept.node.wheel;
    let places = lock(&wheel.state).places;
    assert!(places <= 3 * LEFT, "{places}");
    advance(WAIT).await;
}

#[test]
fn a_runtime_that_ends_wakes_who_waits_so_that_another_goes_on() {
    let build = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_time().start_paused(true).build().unwrap()
    };
    let (wakes, waker) = wakes();
    let first = build();
    let place = first.block_on(async {
        let place = Place::new(WAIT, &waker).unwrap();
        tokio::task::yield_now().await;
        place
    });
    drop(first);
    assert_eq!(wakes.count(), 1);
    assert!(!place.waits(&waker));
    let second = build();
    second.block_on(async {
        let place = place.again(Instant::now() + WAIT, WAIT, &waker).unwrap();
        sleep(WAIT + WAIT / 50).await;
        assert_eq!(wakes.count(), 2);
        drop(place);
    });
}

#[test]
fn outside_of_a_runtime_there_is_no_wheel() {
    assert!(Place::new(WAIT, Waker::noop()).is_none());
}
