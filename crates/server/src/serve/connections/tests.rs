use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Wake;

use tokio::time::advance;

use super::*;

#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Wakes {
    fn take(&self) -> usize {
        self.0.swap(0, Ordering::SeqCst)
    }
}

const LATE: Duration = Duration::from_secs(30);

fn connections(heads: usize) -> Arc<Connections> {
    let limits = ServeLimits::default().with_heads(heads);
    Connections::new(limits.with_connections(3).with_head_time(LATE))
}

fn wakes() -> (Arc<Wakes>, Waker) {
    let wakes: Arc<Wakes> = Arc::default();
    let waker = Waker::from(Arc::clone(&wakes));
    (wakes, waker)
}

#[tokio::test(start_paused = true)]
async fn a_head_that_is_late_is_dismissed_once_and_the_others_are_not() {
    let connections = connections(10);
    let (wakes, waker) = wakes();
    let cx = Context::from_waker(&waker);
    let (_ticket, first) = connections.admit().unwrap();
    advance(LATE / 2).await;
    let (_ticket, second) = connections.admit().unwrap();
    assert!(first.poll_dismissed(&cx, true).is_pending());
    assert!(second.poll_dismissed(&cx, true).is_pending());
    let begin = Instant::now();
    assert_eq!(connections.review(&cx), (true, Some(begin + LATE / 2)));
    assert_eq!(wakes.take(), 0);
    advance(LATE / 2).await;
    assert_eq!(connections.review(&cx), (true, Some(begin + LATE)));
    assert_eq!(wakes.take(), 1);
    let late = first.poll_dismissed(&cx, true);
    assert_eq!(late, Poll::Ready(Dismissal::Late));
    assert!(second.poll_dismissed(&cx, true).is_pending());
    drop((first, second));
    assert_eq!(connections.review(&cx), (true, None));
}

#[tokio::test(start_paused = true)]
async fn the_oldest_makes_room_once_it_has_had_a_second() {
    let connections = connections(2);
    let (wakes, waker) = wakes();
    let cx = Context::from_waker(&waker);
    let (_ticket, first) = connections.admit().unwrap();
    let (_ticket, second) = connections.admit().unwrap();
    assert!(first.poll_dismissed(&cx, false).is_pending());
    assert_eq!(
        connections.review(&cx),
        (false, Some(Instant::now() + GRACE))
    );
    advance(GRACE).await;
    let (has_room, _) = connections.review(&cx);
    assert!(has_room);
    assert_eq!(wakes.take(), 1);
    let crowded = first.poll_dismissed(&cx, false);
    assert_eq!(crowded, Poll::Ready(Dismissal::Crowded));
    assert!(second.poll_dismissed(&cx, false).is_pending());
    // It counts no more, though it may still be closing.
    let (_ticket, _third) = connections.admit().unwrap();
    drop(first);
    assert_eq!(wakes.take(), 1, "the place is free");
}

#[tokio::test(start_paused = true)]
async fn a_stop_dismisses_those_who_have_not_begun() {
    let connections = connections(2);
    let (wakes, waker) = wakes();
    let cx = Context::from_waker(&waker);
    let (_ticket, first) = connections.admit().unwrap();
    assert!(first.poll_dismissed(&cx, false).is_pending());
    connections.stop();
    assert_eq!(wakes.take(), 1);
    assert!(first.poll_dismissed(&cx, true).is_pending());
    let stopping = first.poll_dismissed(&cx, false);
    assert_eq!(stopping, Poll::Ready(Dismissal::Stopping));
    connections.abandon();
    let late = first.poll_dismissed(&cx, true);
    assert_eq!(late, Poll::Ready(Dismissal::Late));
}

#[tokio::test(start_paused = true)]
async fn connections_are_counted_until_their_tickets_are_gone() {
    let connections = connections(10);
    let (wakes, waker) = wakes();
    let cx = Context::from_waker(&waker);
    assert!(connections.poll_empty().is_ready());
    let mut tickets: Vec<_> = (0..3).map(|_| connections.admit().unwrap().0).collect();
    assert!(connections.admit().is_none());
    connections.review(&cx);
    tickets.pop();
    assert!(connections.admit().is_some());
    assert!(connections.poll_empty().is_pending());
    assert_eq!(wakes.take(), 0);
    drop(tickets);
    assert_eq!(wakes.take(), 1);
    assert!(connections.poll_empty().is_ready());
}
