//! One subscriber. In: polls. Out: frames, as long as there are any; then it waits.
//!
//! # What a poll does
//!
//! 1. In the middle of an event of more than 16 KiB, it returns the next slice. If the channel has
//!    given the event up, it ends the stream instead.
//! 2. Else it takes the channel's lock and reads at its place. If there is something, it takes it and lets go of
//!    the lock.
//! 3. Without a filter that is the frame. With one, what passes is copied out of it; if nothing does, the next
//!    frame is read, at most 16 in a poll.
//! 4. If there is nothing to read, it leaves its waker under the same lock. A publisher that comes later finds it
//!    there, so no event is missed between reading and waiting.
//!
//! A subscriber is dropped when the HTTP server drops the body: it gives back its key, its ticket and the event it
//! was in the middle of, and the presence hook is called.
//!
//! Next: `body.rs` makes a body of it.

use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::time::Instant;
use wellspring_proto::EventType;

use super::filter::Filter;
use super::presence::{LeaveReason, Presence};
use super::reader::{Found, Reader};
use super::shared::Shared;
use super::waiters::{Ticket, runtime_of_task};
use crate::log::{Rest, Slice};

/// How many frames are looked through in one poll when nothing of them passes the filter.
const FRAMES_A_POLL: usize = 16;

/// A reader of a channel with what it needs to wait. Its size decides what an idle stream costs, so what is rare is
/// boxed.
#[derive(Debug)]
pub(crate) struct Subscriber {
    pub(super) shared: Arc<Shared>,
    pub(super) reader: Reader,
    /// Where its waker is.
    pub(super) ticket: Ticket,
    /// Set by [`Subscription::filter`](crate::Subscription::filter) and
    /// [`event_types`](crate::Subscription::event_types).
    pub(super) filter: Option<Box<Filter>>,
    pub(super) particulars: Option<Box<Particulars>>,
    /// What is left of the event it is in the middle of.
    pub(super) rest: Option<Box<Rest>>,
}

/// What few subscribers have.
#[derive(Debug)]
pub(super) struct Particulars {
    /// The event type that signals a gap; without one it is a comment.
    pub(super) gap_event: Option<EventType<'static>>,
    /// For whom it counts in [`SubscriberLimits::per_key`](crate::SubscriberLimits::per_key).
    pub(super) key: Option<Arc<str>>,
}

impl Subscriber {
    /// The next frame, or `None` at the end. Says when the newest event was published, if it looks.
    pub(crate) fn poll_frame(
        &mut self,
        cx: &Context<'_>,
        newest: &mut Option<Instant>,
    ) -> Poll<Option<Bytes>> {
        if self.rest.is_some() {
            return Poll::Ready(self.next_slice());
        }
        if self.filter.is_some() {
            return self.poll_filtered(cx, newest);
        }
        match ready!(self.poll_found(cx, newest)) {
            Found::Frame(bytes) => Poll::Ready(Some(bytes)),
            other => Poll::Ready(self.frame_of(other)),
        }
    }

    /// The next frame of which something passes. After [`FRAMES_A_POLL`] frames of which nothing does, it yields to
    /// other tasks and goes on in the next poll.
    fn poll_filtered(
        &mut self,
        cx: &Context<'_>,
        newest: &mut Option<Instant>,
    ) -> Poll<Option<Bytes>> {
        for _ in 0..FRAMES_A_POLL {
            let found = ready!(self.poll_found(cx, newest));
            let Some(filter) = &mut self.filter else {
                return Poll::Ready(self.frame_of(found));
            };
            let place = self.reader.place;
            let frame = match found {
                Found::Frame(bytes) => filter.apply(&bytes, place),
                Found::Large(event, rest) => {
                    if filter.passes_large(&event) {
                        self.frame_of(Found::Large(event, rest))
                    } else {
                        let position = filter.position_if_due(place);
                        drop((event, rest));
                        self.release();
                        position
                    }
                }
                other => return Poll::Ready(self.frame_of(other)),
            };
            if frame.is_some() {
                return Poll::Ready(frame);
            }
        }
        // Others should have their turn.
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// The bytes for what was found; `None` at the end.
    fn frame_of(&mut self, found: Found) -> Option<Bytes> {
        match found {
            Found::Frame(bytes) | Found::Farewell(bytes) => Some(bytes),
            Found::Large(event, rest) => {
                self.rest = Some(Box::new(rest));
                let slice = self.next_slice();
                // Until here it could not get lost.
                drop(event);
                slice
            }
            Found::Gap(gap) => {
                let particulars = self.particulars.as_ref();
                let event_type = particulars.and_then(|known| known.gap_event.as_ref());
                Some(gap.encode(event_type))
            }
            Found::End => None,
        }
    }

    /// The next slice of the event it is in the middle of. Whatever happens meanwhile, a gap or the
    /// end of the channel, comes behind the last one.
    fn next_slice(&mut self) -> Option<Bytes> {
        match self.rest.as_mut().map_or(Slice::Lost, |rest| rest.next()) {
            Slice::Middle(bytes) => return Some(bytes),
            Slice::Last(bytes) => {
                self.rest = None;
                self.release();
                return Some(bytes);
            }
            Slice::Lost => {}
        }
        self.rest = None;
        self.reader.lose_event(&mut self.shared.lock());
        None
    }

    /// Lets the log free large events that no reader is in the middle of any more.
    fn release(&self) {
        self.shared.lock().log.release();
    }

    /// Reads under the lock, and leaves the waker there if there is nothing.
    fn poll_found(&mut self, cx: &Context<'_>, newest: &mut Option<Instant>) -> Poll<Found> {
        let now = self.shared.now();
        let mut state = self.shared.lock();
        if let Some(found) = self.reader.read(&mut state, now) {
            *newest = state.newest;
            return Poll::Ready(found);
        }
        let runtime = runtime_of_task();
        let unneeded = state.waiters.arm(&mut self.ticket, cx.waker(), runtime);
        drop(state);
        drop(unneeded);
        Poll::Pending
    }

    /// The key it counts for.
    fn key(&self) -> Option<&Arc<str>> {
        self.particulars.as_ref()?.key.as_ref()
    }

    /// What goes out in silence, if not the usual comment.
    pub(crate) fn comment(&mut self) -> Option<Bytes> {
        self.filter.as_mut()?.comment(self.reader.place)
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        let in_the_middle = self.rest.take().is_some();
        let mut state = self.shared.lock();
        if in_the_middle {
            state.log.release();
        }
        state.admission.leave(self.key());
        let subscribers = state.admission.subscribers();
        let unneeded = state.waiters.disarm(&self.ticket);
        drop(state);
        drop(unneeded);
        if let Some(hook) = self.shared.hook() {
            hook.tell(&Presence::Left {
                key: self.key().map(AsRef::as_ref),
                reason: self.reader.left.unwrap_or(LeaveReason::Gone),
                subscribers,
            });
        }
    }
}
