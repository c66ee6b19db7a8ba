//! One event stream on its way out. In: a subscription of the broker, and when it has to end. Out: frames: an
//! opening, events, comments in silence, and where it was asked for, events that tell of gaps and of the end.
//!
//! Next: `opening.rs` writes the first frame, `body.rs` is what a server polls.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep_until};
use wellspring_broker::{Cursor, Delivery, End, Gap, GapReason, Subscription};

use crate::limits::Place;
use crate::presence::Ticket;

use super::opening;

/// How long before its token expires a stream says so, if it was asked to.
const NOTICE: Duration = Duration::from_secs(30);

const COMMENT: Bytes = Bytes::from_static(b":\n");

/// When a stream ends, and what it says meanwhile.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) keep_alive: Duration,
    /// After its life: between two events.
    pub(super) lifetime: Option<Instant>,
    /// When its token expires: at once.
    pub(super) expires: Option<Instant>,
    pub(super) tell_gaps: bool,
    pub(super) tell_expiry: bool,
}

/// An event stream.
#[derive(Debug)]
pub(super) struct Events {
    first: Option<Bytes>,
    subscription: Subscription,
    plan: Plan,
    timer: Pin<Box<Sleep>>,
    last: Instant,
    /// The place that the client was last told of.
    told: Option<Cursor>,
    has_ended: bool,
    _place: Place,
    _ticket: Option<Ticket>,
}

impl Events {
    pub(super) fn new(
        first: Bytes,
        subscription: Subscription,
        plan: Plan,
        place: Place,
        ticket: Option<Ticket>,
    ) -> Self {
        let now = Instant::now();
        let mut events = Self {
            first: Some(first),
            told: subscription.position(),
            subscription,
            timer: Box::pin(sleep_until(now + plan.keep_alive)),
            plan,
            last: now,
            has_ended: false,
            _place: place,
            _ticket: ticket,
        };
        let next = events.next_deadline();
        events.timer.as_mut().reset(next);
        events
    }

    fn next_deadline(&self) -> Instant {
        let notice = self.plan.expires.filter(|_| self.plan.tell_expiry);
        let notice = notice.and_then(|expires| expires.checked_sub(NOTICE));
        let fixed = [self.plan.lifetime, self.plan.expires, notice];
        let earliest = fixed.into_iter().flatten().min();
        let silence = self.last + self.plan.keep_alive;
        earliest.map_or(silence, |earliest| earliest.min(silence))
    }

    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(first));
        }
        if self.has_ended {
            return Poll::Ready(None);
        }
        // The end of a token comes even while there is always something to send.
        let now = Instant::now();
        if self.plan.expires.is_some_and(|expires| expires <= now) {
            return self.end(None);
        }
        if self.plan.lifetime.is_some_and(|end| end <= now) && !self.subscription.is_inside_event()
        {
            let farewell = self.moved().map(opening::position);
            return self.end(farewell);
        }
        match Pin::new(&mut self.subscription).poll_next(cx) {
            Poll::Ready(Some(Delivery::Frame(frame))) => {
                self.last = now;
                Poll::Ready(Some(frame))
            }
            Poll::Ready(Some(Delivery::Gap(gap))) => {
                self.last = now;
                Poll::Ready(Some(self.gap(gap)))
            }
            // Nothing else is known.
            Poll::Ready(Some(_)) => self.end(None),
            Poll::Ready(None) => {
                let drained = self.subscription.end() == Some(End::Drained);
                let farewell = self.moved().filter(|_| drained);
                self.end(farewell.map(opening::position))
            }
            Poll::Pending => self.poll_timer(cx, now),
        }
    }

    fn end(&mut self, farewell: Option<Bytes>) -> Poll<Option<Bytes>> {
        self.has_ended = true;
        Poll::Ready(farewell)
    }

    fn gap(&mut self, gap: Gap) -> Bytes {
        let reason = match gap.reason {
            GapReason::Lagged => "lagged",
            _ => "rewritten",
        };
        self.told = Some(gap.after);
        opening::gap(reason, gap.missed, self.plan.tell_gaps)
    }

    /// The place of the client, if it has not been told of it.
    fn moved(&mut self) -> Option<Cursor> {
        let position = self.subscription.position()?;
        let moved = self.told != Some(position);
        self.told = Some(position);
        moved.then_some(position)
    }

    /// What is due in silence.
    fn poll_timer(&mut self, cx: &mut Context<'_>, now: Instant) -> Poll<Option<Bytes>> {
        loop {
            let next = self.next_deadline();
            if self.timer.deadline() != next
                && (self.timer.is_elapsed() || next < self.timer.deadline())
            {
                self.timer.as_mut().reset(next);
            }
            if self.timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            if next > now.max(self.timer.deadline()) {
                // It was set for a silence that did not last.
                self.timer.as_mut().reset(next);
                continue;
            }
            return self.due();
        }
    }

    fn due(&mut self) -> Poll<Option<Bytes>> {
        let now = Instant::now();
        if self.plan.expires.is_some_and(|expires| expires <= now) {
            return self.end(None);
        }
        let inside = self.subscription.is_inside_event();
        if self.plan.lifetime.is_some_and(|end| end <= now) {
            // A slice of an event that is waited for comes by itself.
            let farewell = self.moved().map(opening::position);
            return if inside {
                Poll::Pending
            } else {
                self.end(farewell)
            };
        }
        self.last = now;
        if self.plan.tell_expiry && self.plan.expires.is_some_and(|at| at <= now + NOTICE) {
            self.plan.tell_expiry = false;
            return Poll::Ready(Some(opening::EXPIRY));
        }
        let position = self.moved().map(opening::position);
        Poll::Ready(Some(position.filter(|_| !inside).unwrap_or(COMMENT)))
    }
}
