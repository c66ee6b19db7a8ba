//! Events larger than a frame. In: an encoded block. Out: slices of at most a frame, one after the
//! other, and what readers in the middle of an event still need of it when it has left the log.
//!
//! Each slice is a buffer of its own: a frame on its way to a socket that is stuck holds that slice and
//! not the whole event. A reader holds the event weakly, so that the log decides how long it stays.
//!
//! An event of 8 MiB for 10,000 subscribers is therefore in memory once, in 512 slices; each subscriber has an
//! index into them. A server that has taken frames it cannot write holds those slices. `Leaving` keeps an evicted
//! event for its readers within [`HistoryLimits::bytes`](super::HistoryLimits::bytes); a reader whose event was
//! given up nonetheless gets [`Slice::Lost`], and its stream ends.
//!
//! Next: `log.rs` keeps them, `channel/subscriber.rs` reads them.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};

use bytes::Bytes;

use super::resident::Resident;

/// The most a frame carries. A larger event comes in several.
pub(crate) const FRAME_BYTES: usize = 16 * 1024;

/// One encoded event, in slices of 16 KiB; the last one may be shorter.
#[derive(Debug)]
pub(crate) struct Large {
    slices: Box<[Bytes]>,
    length: usize,
}

impl Large {
    /// Copies the block into slices, which `resident` counts.
    pub(super) fn new(block: &[u8], resident: &Resident) -> Self {
        let slices = block.chunks(FRAME_BYTES);
        Self {
            slices: slices.map(|slice| resident.hold(slice.to_vec())).collect(),
            length: block.len(),
        }
    }

    /// Returns the length of the encoded event, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// The block in one piece, a copy.
    pub(crate) fn to_vec(&self) -> Vec<u8> {
        self.slices.concat()
    }
}

/// The slices of a large event that a reader has still before it.
#[derive(Debug)]
pub(crate) struct Rest {
    /// Weak, so that a reader alone does not keep it in memory.
    event: Weak<Large>,
    /// The index of the slice that is read next.
    next: u32,
}

/// What a reader in the middle of an event gets.
#[derive(Debug)]
pub(crate) enum Slice {
    /// A slice with others behind it.
    Middle(Bytes),
    /// The slice that ends the event.
    Last(Bytes),
    /// The event was let go of before the reader was through.
    Lost,
}

impl Rest {
    /// To be called under the lock, or the event may leave the log unseen.
    pub(crate) fn of(event: &Arc<Large>) -> Self {
        Self {
            event: Arc::downgrade(event),
            next: 0,
        }
    }

    /// Returns the next slice.
    pub(crate) fn next(&mut self) -> Slice {
        let Some(event) = self.event.upgrade() else {
            return Slice::Lost;
        };
        let index = self.next as usize;
        self.next += 1;
        match event.slices.get(index) {
            Some(slice) if index + 1 < event.slices.len() => Slice::Middle(slice.clone()),
            Some(slice) => Slice::Last(slice.clone()),
            None => Slice::Lost,
        }
    }
}

/// Events that have left the log while readers were in the middle of them, oldest first.
#[derive(Debug)]
pub(super) struct Leaving {
    events: VecDeque<Arc<Large>>,
    /// The sum of their lengths.
    bytes: usize,
    /// What that sum may reach, unless a single event is larger.
    limit: usize,
}

impl Leaving {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            events: VecDeque::new(),
            bytes: 0,
            limit,
        }
    }

    /// Keeps an event that leaves the log as long as it is being read, and within the limit. The one
    /// that left last stays whatever its size.
    #[cold]
    pub(super) fn keep(&mut self, event: &Arc<Large>) {
        self.sweep();
        if !is_read(event) {
            return;
        }
        self.bytes += event.len();
        self.events.push_back(Arc::clone(event));
        while self.bytes > self.limit && self.events.len() > 1 {
            let lost = self.events.pop_front();
            self.bytes -= lost.map_or(0, |event| event.len());
        }
    }

    /// Lets go of those without readers.
    pub(super) fn sweep(&mut self) {
        let bytes = &mut self.bytes;
        self.events.retain(|event| {
            let kept = is_read(event);
            *bytes -= if kept { 0 } else { event.len() };
            kept
        });
    }
}

/// Whether a reader is in the middle of it.
fn is_read(event: &Arc<Large>) -> bool {
    Arc::weak_count(event) > 0
}

#[cfg(test)]
mod tests;
