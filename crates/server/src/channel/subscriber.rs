//! One subscriber. In: polls. Out: frames, as long as there are any; then it waits.
//!
//! Next: `body.rs` makes a body of it.

use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::time::Instant;

use super::filter::Filter;
use super::presence::{LeaveReason, Presence};
use super::reader::{Found, Reader};
use super::shared::Shared;
use super::waiters::{Ticket, runtime_of_task};

/// How many frames are looked through in one poll when nothing of them passes the filter.
const FRAMES_A_POLL: usize = 16;

#[derive(Debug)]
pub(crate) struct Subscriber {
    pub(super) shared: Arc<Shared>,
    pub(super) reader: Reader,
    pub(super) ticket: Ticket,
    pub(super) gap_event: Option<Box<wellspring_proto::EventType<'static>>>,
    pub(super) filter: Option<Box<Filter>>,
    pub(super) key: Option<Arc<str>>,
    /// When the newest event was published, at the time of the last frame.
    pub(super) newest: Option<Instant>,
}

impl Subscriber {
    /// The next frame, or `None` at the end.
    pub(crate) fn poll_frame(&mut self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        if self.filter.is_some() {
            return self.poll_filtered(cx);
        }
        match ready!(self.poll_found(cx)) {
            Found::Events(bytes) => Poll::Ready(Some(bytes)),
            other => Poll::Ready(self.encode(other)),
        }
    }

    fn poll_filtered(&mut self, cx: &Context<'_>) -> Poll<Option<Bytes>> {
        for _ in 0..FRAMES_A_POLL {
            let bytes = match (ready!(self.poll_found(cx)), &mut self.filter) {
                (Found::Events(bytes), Some(filter)) => filter.apply(&bytes, self.reader.place),
                (other, _) => return Poll::Ready(self.encode(other)),
            };
            if bytes.is_some() {
                return Poll::Ready(bytes);
            }
        }
        // Others should have their turn.
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    fn encode(&self, found: Found) -> Option<Bytes> {
        match found {
            Found::Events(bytes) | Found::Farewell(bytes) => Some(bytes),
            Found::Gap(gap) => Some(gap.encode(self.gap_event.as_deref())),
            Found::End => None,
        }
    }

    fn poll_found(&mut self, cx: &Context<'_>) -> Poll<Found> {
        let now = self.shared.now();
        let mut state = self.shared.lock();
        if let Some(found) = self.reader.read(&mut state, now) {
            self.newest = state.newest;
            return Poll::Ready(found);
        }
        let runtime = runtime_of_task();
        let unneeded = state.waiters.arm(&mut self.ticket, cx.waker(), runtime);
        drop(state);
        drop(unneeded);
        Poll::Pending
    }

    /// When the newest event was published: the subscriber has been sent something since.
    pub(crate) fn newest(&self) -> Option<Instant> {
        self.newest
    }

    /// What goes out in silence, if not the usual comment.
    pub(crate) fn comment(&mut self) -> Option<Bytes> {
        self.filter.as_mut()?.comment(self.reader.place)
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.admission.leave(self.key.as_ref());
        let subscribers = state.admission.subscribers();
        let unneeded = state.waiters.disarm(&self.ticket);
        drop(state);
        drop(unneeded);
        if let Some(hook) = self.shared.hook() {
            hook.tell(&Presence::Left {
                key: self.key.as_deref(),
                reason: self.reader.left.unwrap_or(LeaveReason::Gone),
                subscribers,
            });
        }
    }
}
