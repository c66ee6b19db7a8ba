//! One subscriber. In: polls. Out: frames, as long as there are any; then it waits.
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

#[derive(Debug)]
pub(crate) struct Subscriber {
    pub(super) shared: Arc<Shared>,
    pub(super) reader: Reader,
    pub(super) ticket: Ticket,
    pub(super) filter: Option<Box<Filter>>,
    pub(super) particulars: Option<Box<Particulars>>,
    /// What is left of the event it is in the middle of.
    pub(super) rest: Option<Box<Rest>>,
}

/// What few subscribers have.
#[derive(Debug)]
pub(super) struct Particulars {
    pub(super) gap_event: Option<EventType<'static>>,
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

    fn release(&self) {
        self.shared.lock().log.release();
    }

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
