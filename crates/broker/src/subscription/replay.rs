//! What a subscriber that is behind needs besides its place. In: events that follow it. Out: a queue of the
//! frames that are for it, of at most 64 KiB, which hold no page.
//!
//! Next: `behind.rs`, which fills it.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use futures_core::future::BoxFuture;

use super::delivery::Delivery;
use crate::event::{Event, SLICE_BYTES};
use crate::node::Interest;
use crate::pages::EventPage;

/// The most bytes of frames that wait to be taken: as many as a server takes for a client that does not
/// read.
const QUEUE_BYTES: usize = 16 * SLICE_BYTES;

/// How many frames may wait, however small they are.
const QUEUE_FRAMES: usize = 1_024;

/// How many events are looked through without a frame before other tasks have a turn.
const TURN: usize = 2_048;

#[derive(Default)]
pub(super) struct Replay {
    pub(super) queue: VecDeque<Delivery>,
    pub(super) interest: Option<Interest>,
    /// The page that is being read, and the place behind which.
    pub(super) reading: Option<(u64, BoxFuture<'static, Arc<EventPage>>)>,
    /// The subscriber was not promised to go on at its place: it begins with the oldest event there is.
    pub(super) elastic: bool,
    /// It has been told that events up to here are gone. It may get the newest of each topic all the same.
    pub(super) told: u64,
    looked_through: usize,
    /// Bytes of the events that were queued, counted anew by who takes it.
    pub(super) bytes: usize,
    /// How many events were, likewise.
    pub(super) delivered: u64,
}

impl Replay {
    pub(super) fn elastic() -> Self {
        Self {
            elastic: true,
            ..Self::default()
        }
    }

    pub(super) fn has_queued(&self) -> bool {
        !self.queue.is_empty()
    }

    /// Whether it has looked through so much that others should have a turn.
    pub(super) fn is_to_pause(&mut self) -> bool {
        if self.has_queued() {
            self.looked_through = 0;
            return false;
        }
        let pause = self.looked_through >= TURN;
        self.looked_through = if pause { 0 } else { self.looked_through };
        pause
    }

    /// Queues what is for the subscriber, as far as the queue goes. Gives the last event that was dealt
    /// with, and whether it is one of which more slices are to come.
    pub(super) fn look_through<'a>(
        &mut self,
        events: &'a [Arc<Event>],
        interest: &mut Interest,
    ) -> Option<(&'a Event, bool)> {
        let mut bytes = 0;
        let mut last = None;
        for event in events {
            if interest.covers(event) {
                let Some((frame, is_whole)) = event.slice(0) else {
                    continue;
                };
                let full = bytes >= QUEUE_BYTES || self.queue.len() >= QUEUE_FRAMES;
                if full || !is_whole && bytes > 0 {
                    break;
                }
                bytes += frame.len();
                if !frame.is_empty() {
                    self.bytes += event.length();
                    self.delivered += 1;
                    self.queue.push_back(Delivery::Frame(frame));
                }
                last = Some((&**event, !is_whole));
                if !is_whole {
                    break;
                }
            } else {
                last = Some((&**event, false));
            }
            self.looked_through += 1;
        }
        last
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay")
            .field("queued", &self.queue.len())
            .field("elastic", &self.elastic)
            .finish_non_exhaustive()
    }
}
