//! Who is connected. In: connections that come and go, and the clock. Out: how many there are, which of
//! those without a whole head have to go, and when to look again.
//!
//! One clock for all: the accepting loop asks when the next head is late, so that a connection that waits for
//! its head needs no timer.
//!
//! # Tickets
//!
//! | ticket | held by | dropped |
//! |---|---|---|
//! | [`Ticket`] | a connection, or the event stream that took it over | when the connection is closed |
//! | [`HeadTicket`] | a connection | when its first head is whole, or will not be |
//!
//! Dropping the last [`Ticket`] wakes a server that waits for its end; dropping a [`HeadTicket`] when all places
//! were taken wakes the accepting loop.
//!
//! A connection that is dismissed no longer counts as collecting a head, though its task has yet to notice: the
//! place is free at once.
//!
//! Next: `accept.rs` asks, `connection.rs` waits for its dismissal.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::Instant;

use super::limits::ServeLimits;

/// How long a head may take before it has to make room for another connection.
const GRACE: Duration = Duration::from_secs(1);

/// Why a connection without a whole head has to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dismissal {
    /// It took longer than the limit.
    Late,
    /// There are too many, and it is the oldest.
    Crowded,
    /// The server shuts down.
    Stopping,
}

/// All connections of a server.
#[derive(Debug)]
pub(super) struct Connections {
    limits: ServeLimits,
    state: Mutex<State>,
}

/// What changes.
#[derive(Debug, Default)]
struct State {
    /// Connections whose ticket is held.
    open: usize,
    /// Those without a whole head, the oldest first.
    heads: BTreeMap<u64, Head>,
    /// The number of the next connection; they only grow, so that the smallest is the oldest.
    next: u64,
    /// How many of them have not been dismissed.
    collecting: usize,
    /// Set by `stop`.
    stopping: bool,
    /// Of the accepting loop, which waits for room or for the end.
    ///
    /// Of the task that reads it.
    waker: Option<Waker>,
}

/// A connection without a whole head.
#[derive(Debug)]
struct Head {
    /// When it was accepted.
    since: Instant,
    waker: Option<Waker>,
    /// Set once it has to go.
    dismissal: Option<Dismissal>,
}

/// A connection is open as long as its ticket.
#[derive(Debug)]
pub(super) struct Ticket {
    connections: Arc<Connections>,
}

/// A head is being collected as long as its ticket.
#[derive(Debug)]
pub(super) struct HeadTicket {
    connections: Arc<Connections>,
    number: u64,
}

impl Connections {
    /// Returns the books of a server without connections.
    pub(super) fn new(limits: ServeLimits) -> Arc<Self> {
        let state = Mutex::default();
        Arc::new(Self { limits, state })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts one more, if there may be one.
    pub(super) fn admit(self: &Arc<Self>) -> Option<(Ticket, HeadTicket)> {
        let mut state = self.lock();
        if state.open >= self.limits.connections {
            return None;
        }
        state.open += 1;
        state.collecting += 1;
        let number = state.next;
        state.next += 1;
        let head = Head {
            since: Instant::now(),
            waker: None,
            dismissal: None,
        };
        state.heads.insert(number, head);
        drop(state);
        let ticket = Ticket {
            connections: Arc::clone(self),
        };
        let connections = Arc::clone(self);
        Some((
            ticket,
            HeadTicket {
                connections,
                number,
            },
        ))
    }

    /// Dismisses the heads that are late, and the oldest if there is no room. Returns whether there is room
    /// for another connection, and when to look again. The waker is called earlier if a place becomes free
    /// or the last connection closes.
    pub(super) fn review(&self, cx: &Context<'_>) -> (bool, Option<Instant>) {
        let now = Instant::now();
        let mut state = self.lock();
        let mut dismissed = Vec::new();
        let late = |head: &Head| now.saturating_duration_since(head.since) >= self.limits.head_time;
        dismissed.extend(state.dismiss(Dismissal::Late, usize::MAX, late));
        if state.collecting >= self.limits.heads {
            let old = |head: &Head| now.saturating_duration_since(head.since) >= GRACE;
            dismissed.extend(state.dismiss(Dismissal::Crowded, 1, old));
        }
        let has_room = state.collecting < self.limits.heads;
        let patience = match has_room {
            true => self.limits.head_time,
            false => self.limits.head_time.min(GRACE),
        };
        let oldest = state.heads.values().find(|head| head.dismissal.is_none());
        let next = oldest.and_then(|head| head.since.checked_add(patience));
        let old = state.waker.replace(cx.waker().clone());
        drop(state);
        drop(old);
        dismissed.into_iter().flatten().for_each(Waker::wake);
        (has_room, next)
    }

    /// Dismisses the connections of which nothing has come yet. One that has begun a head may go on until its
    /// deadline.
    pub(super) fn stop(&self) {
        let mut state = self.lock();
        state.stopping = true;
        let heads = state.heads.values_mut();
        let wakers: Vec<Waker> = heads.filter_map(|head| head.waker.take()).collect();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Dismisses every head, since the deadlines are no longer watched.
    pub(super) fn abandon(&self) {
        let mut state = self.lock();
        let dismissed = state.dismiss(Dismissal::Late, usize::MAX, |_| true);
        drop(state);
        dismissed.into_iter().flatten().for_each(Waker::wake);
        self.stop();
    }

    /// Ready when no connection is open. To be asked after [`review`](Self::review), which leaves the waker.
    pub(super) fn poll_empty(&self) -> Poll<()> {
        match self.lock().open {
            0 => Poll::Ready(()),
            _ => Poll::Pending,
        }
    }
}

impl State {
    /// Dismisses the oldest, as long as they are old enough, and at most this many. Returns their wakers, to be
    /// called outside the lock.
    fn dismiss(
        &mut self,
        why: Dismissal,
        most: usize,
        is_due: impl Fn(&Head) -> bool,
    ) -> Vec<Option<Waker>> {
        let kept = self
            .heads
            .values_mut()
            .filter(|head| head.dismissal.is_none());
        let due = kept.take(most).take_while(|head| is_due(head));
        let told = due.map(|head| {
            head.dismissal = Some(why);
            head.waker.take()
        });
        let wakers: Vec<_> = told.collect();
        self.collecting -= wakers.len();
        wakers
    }
}

impl HeadTicket {
    /// Ready once the connection has to go. The waker is called at that moment.
    pub(super) fn poll_dismissed(&self, cx: &Context<'_>, has_begun: bool) -> Poll<Dismissal> {
        let mut state = self.connections.lock();
        let stopping = state.stopping && !has_begun;
        let Some(head) = state.heads.get_mut(&self.number) else {
            return Poll::Ready(Dismissal::Late);
        };
        if let Some(why) = head.dismissal {
            return Poll::Ready(why);
        }
        if stopping {
            return Poll::Ready(Dismissal::Stopping);
        }
        let old = head.waker.replace(cx.waker().clone());
        drop(state);
        drop(old);
        Poll::Pending
    }
}

impl Drop for HeadTicket {
    fn drop(&mut self) {
        let mut state = self.connections.lock();
        let was_full = state.collecting >= self.connections.limits.heads;
        let head = state.heads.remove(&self.number);
        if head.as_ref().is_some_and(|head| head.dismissal.is_none()) {
            state.collecting -= 1;
        }
        let waker = if was_full { state.waker.take() } else { None };
        drop(state);
        drop(head);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut state = self.connections.lock();
        state.open -= 1;
        let waker = if state.open == 0 {
            state.waker.take()
        } else {
            None
        };
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

#[cfg(test)]
mod tests;
