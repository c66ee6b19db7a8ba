//! Who is connected. In: connections that come and go, and the clock. Out: how many there are, which of
//! those without a whole head have to go, and when to look again.
//!
//! One clock for all: whoever accepts asks when the next head is late, so that a connection that waits for
//! its head needs no timer.
//!
//! Next: `accept.rs` asks, `head.rs` is told.

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

#[derive(Debug, Default)]
struct State {
    open: usize,
    /// Those without a whole head, the oldest first.
    heads: BTreeMap<u64, Head>,
    next: u64,
    /// How many of them were not told to go.
    collecting: usize,
    stopping: bool,
    /// Of whoever accepts, or waits for the end.
    waker: Option<Waker>,
}

#[derive(Debug)]
struct Head {
    since: Instant,
    waker: Option<Waker>,
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

    /// Dismisses the heads that are late, and the oldest if there is no room. Says whether there is room
    /// for another connection, and when to look again unless somebody comes or goes: the waker is told of
    /// those who go.
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

    /// Dismisses all that have no whole head yet; those who have begun one may go on if the server is
    /// only told to stop.
    pub(super) fn stop(&self) {
        let mut state = self.lock();
        state.stopping = true;
        let heads = state.heads.values_mut();
        let wakers: Vec<Waker> = heads.filter_map(|head| head.waker.take()).collect();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Dismisses every head: nobody will look at the clock again.
    pub(super) fn abandon(&self) {
        let mut state = self.lock();
        let dismissed = state.dismiss(Dismissal::Late, usize::MAX, |_| true);
        drop(state);
        dismissed.into_iter().flatten().for_each(Waker::wake);
        self.stop();
    }

    /// Ready when nobody is connected. To be asked after [`review`](Self::review), which leaves the waker.
    pub(super) fn poll_empty(&self) -> Poll<()> {
        match self.lock().open {
            0 => Poll::Ready(()),
            _ => Poll::Pending,
        }
    }
}

impl State {
    /// Tells the oldest to go, as long as they are old enough, and at most this many.
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
    /// Whether the connection has to go; otherwise the waker is told once it has to.
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
