#![allow(clippy::unwrap_used, clippy::panic)]

mod model;

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

fn entered() -> Option<Handle> {
    Handle::try_current().ok()
}

fn wake_all(waiters: &mut Waiters) {
    waiters.take_all().into_iter().for_each(Waker::wake);
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
                drop(waiters.arm(ticket, &waker, entered()));
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
    assert!(
        waiters
            .arm(&mut ticket, &old.clone().into(), entered())
            .is_none()
    );
    assert!(
        waiters
            .arm(&mut ticket, &new.clone().into(), entered())
            .is_some()
    );
    wake_all(&mut waiters);
    assert_eq!(old.0.load(Ordering::Relaxed), 0);
    assert_eq!(new.0.load(Ordering::Relaxed), 1);
}

#[test]
fn joining_and_leaving_without_a_publish_does_not_grow_the_list() {
    let stays = Arc::new(Count::default());
    let (mut waiters, mut staying) = (Waiters::default(), Ticket::default());
    let waker = Waker::from(Arc::clone(&stays));
    assert!(waiters.arm(&mut staying, &waker, entered()).is_none());
    for _ in 0..10_000 {
        let mut ticket = Ticket::default();
        assert!(waiters.arm(&mut ticket, &waker, entered()).is_none());
        assert!(waiters.disarm(&ticket).is_some());
    }
    assert_eq!(waiters.groups[0].as_ref().unwrap().places(), 2);
    wake_all(&mut waiters);
    assert_eq!(stays.0.load(Ordering::Relaxed), 1);
}

#[test]
fn who_leaves_takes_nothing_away_from_others() {
    let count = Arc::new(Count::default());
    let waker = Waker::from(Arc::clone(&count));
    let mut waiters = Waiters::default();
    let [mut first, mut second] = [Ticket::default(), Ticket::default()];
    assert!(waiters.disarm(&first).is_none());
    assert!(waiters.arm(&mut first, &waker, entered()).is_none());
    wake_all(&mut waiters);
    assert!(waiters.arm(&mut second, &waker, entered()).is_none());
    assert!(waiters.disarm(&first).is_none());
    wake_all(&mut waiters);
    assert_eq!(count.0.load(Ordering::Relaxed), 2);
}

fn arm(waiters: &mut Waiters, number: usize) -> (Arc<Count>, Vec<Ticket>) {
    let count = Arc::new(Count::default());
    let waker = Waker::from(Arc::clone(&count));
    let mut tickets: Vec<_> = (0..number).map(|_| Ticket::default()).collect();
    for ticket in &mut tickets {
        assert!(waiters.arm(ticket, &waker, entered()).is_none());
    }
    (count, tickets)
}

fn slice(waiters: &mut Waiters, runtime: Id) -> usize {
    let mut slice = Vec::new();
    waiters.next_slice(runtime, &mut slice);
    slice.len()
}

#[test]
fn many_on_a_runtime_are_due_in_slices_the_first_first() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let id = runtime.handle().id();
    let mut waiters = Waiters::default();
    let (first, _) = arm(&mut waiters, 100);
    waiters.end_round();
    assert!(matches!(waiters.next_call(), Some(Call::Slices(handle)) if handle.id() == id));
    assert!(waiters.next_call().is_none());
    // A publish while the task is at it leaves more to the same task.
    let (second, _) = arm(&mut waiters, 3);
    waiters.end_round();
    assert!(waiters.next_call().is_none());
    let mut woken = Vec::new();
    waiters.next_slice(id, &mut woken);
    assert_eq!(woken.len(), SLICE);
    woken.drain(..).for_each(Waker::wake);
    assert_eq!(first.0.load(Ordering::Relaxed), SLICE);
    waiters.next_slice(id, &mut woken);
    woken.drain(..).for_each(Waker::wake);
    let counts = [first, second].map(|count| count.0.load(Ordering::Relaxed));
    assert_eq!(counts, [100, 3]);
    assert_eq!(slice(&mut waiters, id), 0);
    // The task is done, so the next round needs another one.
    let _armed = arm(&mut waiters, SLICE + 1);
    waiters.end_round();
    assert!(matches!(waiters.next_call(), Some(Call::Slices(_))));
}

#[test]
fn few_and_those_outside_of_tokio_are_called_at_once() {
    let runtime = runtime();
    let mut waiters = Waiters::default();
    let _outside = arm(&mut waiters, 1_000);
    let inside = runtime.enter();
    let _few = arm(&mut waiters, SLICE);
    drop(inside);
    waiters.end_round();
    for expected in [(1_000, None), (SLICE, Some(runtime.handle().id()))] {
        match waiters.next_call() {
            Some(Call::All(list, id)) => assert_eq!((list.len(), id), expected),
            other => panic!("{other:?}"),
        }
    }
    assert!(waiters.next_call().is_none());
}

#[test]
fn a_subscriber_that_moves_to_another_runtime_waits_there() {
    let [here, there] = [runtime(), runtime()];
    let mut waiters = Waiters::default();
    let inside = here.enter();
    let (count, mut tickets) = arm(&mut waiters, 1);
    drop(inside);
    let _inside = there.enter();
    let waker = Waker::from(Arc::clone(&count));
    assert!(waiters.arm(&mut tickets[0], &waker, entered()).is_some());
    wake_all(&mut waiters);
    assert_eq!(count.0.load(Ordering::Relaxed), 1);
}

#[test]
fn groups_that_nobody_has_a_place_in_make_room_for_others() {
    let mut waiters = Waiters::default();
    let (count, _tickets) = arm(&mut waiters, 1);
    for _ in 0..20 {
        let runtime = runtime();
        let _inside = runtime.enter();
        let (_, tickets) = arm(&mut waiters, SLICE + 1);
        waiters.end_round();
        for ticket in &tickets {
            assert!(waiters.disarm(ticket).is_some());
        }
        assert_eq!(slice(&mut waiters, runtime.handle().id()), 0);
    }
    assert_eq!(waiters.groups.len(), 2);
    wake_all(&mut waiters);
    assert_eq!(count.0.load(Ordering::Relaxed), 1);
}

#[test]
fn a_group_that_a_task_works_for_is_kept() {
    let [here, there] = [runtime(), runtime()];
    let mut waiters = Waiters::default();
    let inside = here.enter();
    let (_, tickets) = arm(&mut waiters, SLICE + 1);
    waiters.end_round();
    assert!(matches!(waiters.next_call(), Some(Call::Slices(_))));
    for ticket in &tickets {
        assert!(waiters.disarm(ticket).is_some());
    }
    drop(inside);
    let _inside = there.enter();
    let (_, tickets) = arm(&mut waiters, 1);
    assert_eq!(waiters.groups.len(), 2);
    assert!(waiters.abandon(here.handle().id()).is_empty());
    assert!(waiters.disarm(&tickets[0]).is_some());
}

/// Which of them are woken, one after the other.
#[derive(Default)]
struct Order(std::sync::Mutex<Vec<usize>>);

struct Numbered(usize, Arc<Order>);

impl Wake for Numbered {
    fn wake(self: Arc<Self>) {
        self.1.0.lock().unwrap().push(self.0);
    }
}

#[test]
fn they_are_woken_in_the_order_they_came_in_whatever_order_they_wait() {
    let order = Arc::new(Order::default());
    let mut waiters = Waiters::default();
    let mut tickets: Vec<_> = (0..200).map(|_| Ticket::default()).collect();
    let wait = |waiters: &mut Waiters, tickets: &mut Vec<Ticket>, number: usize| {
        let waker = Arc::new(Numbered(number, Arc::clone(&order))).into();
        assert!(
            waiters
                .arm(&mut tickets[number], &waker, entered())
                .is_none()
        );
    };
    let came: Vec<usize> = (0..200).collect();
    let mut waits = came.clone();
    for round in 0..20 {
        for &number in &waits {
            wait(&mut waiters, &mut tickets, number);
        }
        wake_all(&mut waiters);
        let woken = std::mem::take(&mut *order.0.lock().unwrap());
        assert_eq!(woken, came, "round {round}");
        fastrand::shuffle(&mut waits);
    }
}

#[test]
fn a_subscriber_that_has_looked_since_waits_for_the_next_event() {
    let runtime = runtime();
    let _inside = runtime.enter();
    let mut waiters = Waiters::default();
    let (count, mut tickets) = arm(&mut waiters, SLICE + 1);
    waiters.end_round();
    let waker = Waker::from(Arc::clone(&count));
    assert!(waiters.arm(&mut tickets[0], &waker, entered()).is_none());
    let id = runtime.handle().id();
    assert_eq!(slice(&mut waiters, id), SLICE);
    assert_eq!(slice(&mut waiters, id), 0);
    waiters.end_round();
    assert_eq!(waiters.take_all().len(), 1);
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
}
