//! In: offers, and what JavaScript does about them. Out: who is called, and who waits.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Wake;
use std::time::Duration;

use super::*;

/// Counts how often the carrier is woken.
#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn filled() -> Crossing {
    let mut crossing = Crossing::default();
    crossing.push_reconnection_time(Duration::from_secs(1));
    crossing
}

/// What is there, into as much room as JavaScript has.
fn take_all(exchange: &Exchange) -> bool {
    let taken = exchange.take(&mut [0; 64], &mut [0; 64]);
    taken.is_some_and(|taken| taken.words > 0)
}

#[test]
fn javascript_is_called_once_until_it_finds_nothing() {
    let exchange = Exchange::default();
    let cx = Context::from_waker(Waker::noop());
    let mut crossing = filled();
    assert_eq!(
        exchange.poll_offer(&cx, &mut crossing),
        Poll::Ready(Offer::Call)
    );
    assert!(crossing.is_empty());
    assert!(take_all(&exchange));
    assert_eq!(
        exchange.poll_offer(&cx, &mut filled()),
        Poll::Ready(Offer::Placed)
    );
    assert!(take_all(&exchange) && !take_all(&exchange));
    assert_eq!(
        exchange.poll_offer(&cx, &mut filled()),
        Poll::Ready(Offer::Call)
    );
}

#[test]
fn there_is_one_place_and_the_carrier_waits_for_it() {
    let exchange = Exchange::default();
    let wakes = Arc::new(Wakes::default());
    let waker = Waker::from(Arc::clone(&wakes));
    let cx = Context::from_waker(&waker);
    assert!(exchange.poll_offer(&cx, &mut filled()).is_ready());
    let mut second = filled();
    assert!(exchange.poll_offer(&cx, &mut second).is_pending());
    assert!(!second.is_empty());
    assert!(take_all(&exchange));
    assert_eq!(wakes.0.load(Ordering::SeqCst), 1);
    assert!(exchange.poll_offer(&cx, &mut second).is_ready());
}

#[test]
fn what_was_taken_is_dealt_with_when_javascript_comes_back() {
    let exchange = Exchange::default();
    let cx = Context::from_waker(Waker::noop());
    assert!(exchange.poll_dealt_with(&cx).is_ready());
    assert!(exchange.poll_offer(&cx, &mut filled()).is_ready());
    assert!(exchange.poll_dealt_with(&cx).is_pending());
    assert!(take_all(&exchange));
    assert!(exchange.poll_dealt_with(&cx).is_pending());
    assert!(!take_all(&exchange));
    assert!(exchange.poll_dealt_with(&cx).is_ready());
}

#[test]
fn a_closed_exchange_wakes_the_carrier_and_wants_nothing() {
    let exchange = Exchange::default();
    let wakes = Arc::new(Wakes::default());
    let waker = Waker::from(Arc::clone(&wakes));
    let cx = Context::from_waker(&waker);
    assert!(exchange.poll_offer(&cx, &mut filled()).is_ready());
    assert!(exchange.poll_offer(&cx, &mut filled()).is_pending());
    exchange.close();
    assert_eq!(wakes.0.load(Ordering::SeqCst), 1);
    assert!(exchange.is_closed());
    assert_eq!(
        exchange.poll_offer(&cx, &mut filled()),
        Poll::Ready(Offer::Closed)
    );
    assert!(exchange.poll_dealt_with(&cx).is_ready());
}

#[test]
fn what_does_not_fit_stays_and_says_how_much_it_is() {
    let exchange = Exchange::default();
    let cx = Context::from_waker(Waker::noop());
    assert!(exchange.poll_offer(&cx, &mut filled()).is_ready());
    let taken = exchange.take(&mut [], &mut [0; 4]).unwrap();
    assert_eq!((taken.words, taken.text_size, taken.words_size), (0, 0, 8));
    let mut words = [0; 8];
    assert_eq!(exchange.take(&mut [], &mut words).unwrap().words, 2);
    assert_eq!(words[4..], 1000_u32.to_ne_bytes());
}
