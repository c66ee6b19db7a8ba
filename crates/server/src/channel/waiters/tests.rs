use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Wake;

use super::*;

#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn wake_all(waiters: &mut Waiters) {
    let mut waiting = waiters.take();
    waiting.drain(..).flatten().for_each(Waker::wake);
    waiters.give_back(waiting);
}

#[test]
fn each_is_woken_once_a_round_however_often_it_was_polled() {
    let counts: Vec<_> = (0..5).map(|_| Arc::new(Count::default())).collect();
    let mut tickets: Vec<_> = counts.iter().map(|_| Ticket::default()).collect();
    let mut waiters = Waiters::default();
    for round in 1..=3 {
        for _ in 0..3 {
            for (count, ticket) in counts.iter().zip(&mut tickets) {
                let waker = Waker::from(Arc::clone(count));
                drop(waiters.arm(ticket, &waker));
            }
        }
        wake_all(&mut waiters);
        wake_all(&mut waiters);
        for count in &counts {
            assert_eq!(count.0.load(Ordering::Relaxed), round);
        }
    }
}

#[test]
fn the_latest_waker_counts() {
    let [old, new] = [Arc::new(Count::default()), Arc::new(Count::default())];
    let (mut waiters, mut ticket) = (Waiters::default(), Ticket::default());
    assert!(waiters.arm(&mut ticket, &old.clone().into()).is_none());
    assert!(waiters.arm(&mut ticket, &new.clone().into()).is_some());
    wake_all(&mut waiters);
    assert_eq!(old.0.load(Ordering::Relaxed), 0);
    assert_eq!(new.0.load(Ordering::Relaxed), 1);
}

#[test]
fn joining_and_leaving_without_a_publish_does_not_grow_the_list() {
    let stays = Arc::new(Count::default());
    let (mut waiters, mut staying) = (Waiters::default(), Ticket::default());
    let waker = Waker::from(Arc::clone(&stays));
    assert!(waiters.arm(&mut staying, &waker).is_none());
    for _ in 0..10_000 {
        let mut ticket = Ticket::default();
        assert!(waiters.arm(&mut ticket, &waker).is_none());
        assert!(waiters.disarm(&ticket).is_some());
    }
    assert_eq!(waiters.armed.len(), 2);
    wake_all(&mut waiters);
    assert_eq!(stays.0.load(Ordering::Relaxed), 1);
}

#[test]
fn a_ticket_of_an_earlier_round_takes_nothing_away() {
    let count = Arc::new(Count::default());
    let waker = Waker::from(Arc::clone(&count));
    let mut waiters = Waiters::default();
    let [mut first, mut second] = [Ticket::default(), Ticket::default()];
    assert!(waiters.disarm(&first).is_none());
    assert!(waiters.arm(&mut first, &waker).is_none());
    wake_all(&mut waiters);
    assert!(waiters.arm(&mut second, &waker).is_none());
    assert!(waiters.disarm(&first).is_none());
    wake_all(&mut waiters);
    assert_eq!(count.0.load(Ordering::Relaxed), 2);
}
