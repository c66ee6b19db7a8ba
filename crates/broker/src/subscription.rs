//! One subscriber. In: polls. Out: frames of the events that it is owed, in order, and what it has to
//! know of those that it missed.
//!
//! Next: `subscription/behind.rs`, for a subscriber that is behind.

mod behind;
mod delivery;
mod replay;

pub use delivery::{Delivery, Gap, GapReason, OnLag};

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use crate::cursor::Cursor;
use crate::end::End;
use crate::event::Event;
use crate::node::{Read, ReaderKey};
use crate::resume::Resume;
use crate::shared::{Counters, Shared};
use replay::Replay;

/// A stream of what a subscriber is owed: what it missed, if it resumes, then live, without a seam.
///
/// It holds no events, only a place; all who want the same event share its bytes. Ends between events,
/// but for [`End::CutShort`] and when it is dropped. May be polled on any task; pages of the history are
/// read on tokio.
#[derive(Debug)]
pub struct Subscription {
    shared: Arc<Shared>,
    key: ReaderKey,
    resume: Option<Resume>,
    on_lag: OnLag,
    /// The event in the middle of which it is, and the slice that comes next.
    middle: Option<(u64, u32)>,
    replay: Option<Box<Replay>>,
    end: Option<End>,
    /// Where it was when it ended.
    last: Option<Cursor>,
}

impl Subscription {
    pub(crate) fn new(
        shared: Arc<Shared>,
        key: ReaderKey,
        resume: Option<Resume>,
        on_lag: OnLag,
        elastic: bool,
    ) -> Self {
        Self {
            shared,
            key,
            resume,
            on_lag,
            middle: None,
            replay: elastic.then(|| Box::new(Replay::elastic())),
            end: None,
            last: None,
        }
    }

    /// Returns what became of the last event ID that the subscriber brought, if it brought one.
    #[must_use]
    pub fn resume(&self) -> Option<Resume> {
        self.resume
    }

    /// Returns the place up to which the subscriber is owed nothing: what a client that has taken all
    /// frames so far may resume from. Moves on in silence too, past events that are not for it, and stays
    /// when the stream has ended. Nothing if the subscriber is in the middle of an event.
    #[must_use]
    pub fn position(&self) -> Option<Cursor> {
        if self.end.is_some() {
            return self.last;
        }
        let queued = self
            .replay
            .as_ref()
            .is_some_and(|replay| replay.has_queued());
        if self.middle.is_some() || queued {
            return None;
        }
        let node = self.shared.node();
        node.place(self.key).map(|place| node.cursor(place))
    }

    /// Returns why the stream has ended, if it has.
    #[must_use]
    pub fn end(&self) -> Option<End> {
        self.end
    }

    /// Returns true if a frame of the event that is being sent is still to come.
    #[must_use]
    pub fn is_inside_event(&self) -> bool {
        self.middle.is_some()
    }

    fn ended(&mut self, end: End) -> Poll<Option<Delivery>> {
        self.last = self.position();
        self.end = Some(end);
        self.replay = None;
        self.middle = None;
        self.shared.node().leave(self.key);
        Poll::Ready(None)
    }

    /// The first frame of an event.
    fn begin(&mut self, event: &Event) -> Option<Bytes> {
        let (frame, is_last) = event.slice(0)?;
        self.middle = (!is_last).then_some((event.sequence, 1));
        let frame = (!frame.is_empty()).then_some(frame)?;
        Counters::count(&self.shared.counters.delivered);
        Some(frame)
    }

    /// The next frame of the event that was begun.
    fn go_on(&mut self, event: &Event, index: u32) -> Poll<Option<Delivery>> {
        let Some((frame, is_last)) = event.slice(index) else {
            return self.ended(End::CutShort);
        };
        self.middle = (!is_last).then_some((event.sequence, index + 1));
        Poll::Ready(Some(Delivery::Frame(frame)))
    }

    fn poll_middle(
        &mut self,
        sequence: u64,
        index: u32,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Delivery>> {
        let known = self.shared.node().event(sequence).cloned();
        let known = known.or_else(|| self.shared.pages.with(sequence)?.event(sequence).cloned());
        if let Some(event) = known {
            return self.go_on(&event, index);
        }
        let Poll::Ready(page) = self.poll_page(sequence - 1, cx) else {
            return Poll::Pending;
        };
        match page.event(sequence).cloned() {
            Some(event) => self.go_on(&event, index),
            None => self.ended(End::CutShort),
        }
    }

    fn rewritten(&self) -> Delivery {
        let node = self.shared.node();
        let place = node.place(self.key).unwrap_or(node.head());
        self.shared.counters.gap(0);
        Delivery::Gap(Gap {
            reason: GapReason::Rewritten,
            missed: None,
            after: node.cursor(place),
        })
    }
}

impl Stream for Subscription {
    type Item = Delivery;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Delivery>> {
        let this = self.get_mut();
        if this.end.is_some() {
            return Poll::Ready(None);
        }
        loop {
            if let Some(delivery) = this.next_queued() {
                return Poll::Ready(Some(delivery));
            }
            if let Some((sequence, index)) = this.middle {
                return this.poll_middle(sequence, index, cx);
            }
            let read = this.shared.node().read(this.key, cx.waker());
            match read {
                Read::Event(event) => {
                    this.replay = None;
                    if let Some(frame) = this.begin(&event) {
                        return Poll::Ready(Some(Delivery::Frame(frame)));
                    }
                }
                Read::Run(events) => this.look_through(&events),
                Read::Older { after } => {
                    let Poll::Ready(page) = this.poll_page(after, cx) else {
                        return Poll::Pending;
                    };
                    if let Some(end) = this.take_page(after, &page) {
                        return this.ended(end);
                    }
                }
                Read::Rewritten => {
                    this.replay = None;
                    return Poll::Ready(Some(this.rewritten()));
                }
                Read::Waiting => {
                    this.replay = None;
                    return Poll::Pending;
                }
                Read::Ended(end) => return this.ended(end),
            }
            if this.is_to_pause() {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if self.end.is_none() {
            self.shared.node().leave(self.key);
        }
    }
}
