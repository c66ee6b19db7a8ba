//! One subscriber's place in the log. In: polls. Out: frames, as long as there are any; then it waits.
//! It holds a sequence number and no events, however far behind it is.
//!
//! Next: `body.rs` makes a body of it.

use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;

use crate::gap::Gap;
use crate::log::Read;

use super::shared::{Shared, State};
use super::subscription::{OnGap, Subscription};
use super::waiters::Ticket;

#[derive(Debug)]
pub(crate) struct Subscriber {
    shared: Arc<Shared>,
    /// The sequence number it wants next.
    place: u64,
    ticket: Ticket,
    on_gap: OnGap,
    gap_event: Option<Box<wellspring_proto::EventType<'static>>>,
}

/// What the lock-holding part of a poll found.
enum Found {
    Frame(Bytes),
    Gap(Gap),
    End,
}

impl Subscriber {
    /// Counted by the caller, who holds the lock.
    pub(super) fn new(shared: Arc<Shared>, place: u64, subscription: Subscription) -> Self {
        Self {
            shared,
            place,
            ticket: Ticket::default(),
            on_gap: subscription.on_gap,
            gap_event: subscription.gap_event.map(Box::new),
        }
    }

    /// The next frame, or `None` when the channel is closed and everything is delivered.
    pub(crate) fn poll_frame(&mut self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        let now = self.shared.now();
        let mut state = self.shared.lock();
        let found = match state.log.read(self.place, now) {
            Read::Frame(bytes, next) => {
                self.place = next;
                Found::Frame(bytes)
            }
            Read::Gap { missed, oldest } => {
                pass_gap(&mut state, &mut self.place, self.on_gap, missed, oldest)
            }
            Read::UpToDate if state.closed => Found::End,
            Read::UpToDate => {
                let unneeded = state.waiters.arm(&mut self.ticket, cx.waker());
                drop(state);
                drop(unneeded);
                return Poll::Pending;
            }
        };
        drop(state);
        Poll::Ready(match found {
            Found::Frame(bytes) => Some(bytes),
            Found::Gap(gap) => Some(gap.encode(self.gap_event.as_deref())),
            Found::End => None,
        })
    }
}

fn pass_gap(state: &mut State, place: &mut u64, on_gap: OnGap, missed: u64, oldest: u64) -> Found {
    state.gaps += 1;
    state.missed += missed;
    match on_gap {
        OnGap::Disconnect => {
            state.disconnected += 1;
            Found::End
        }
        OnGap::Skip => {
            let epoch = state.log.epoch();
            let gap = Gap {
                reason: "slow",
                asked: epoch.id(place.saturating_sub(1)),
                resumes_after: state.log.id_before(oldest),
                missed: Some(missed),
            };
            *place = oldest;
            Found::Gap(gap)
        }
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.subscribers = state.subscribers.saturating_sub(1);
        let unneeded = state.waiters.disarm(&self.ticket);
        drop(state);
        drop(unneeded);
    }
}
