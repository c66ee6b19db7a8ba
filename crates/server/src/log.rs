//! The shared log of a channel. In: encoded events, and the time as an argument. Out: frames, each
//! with everything between a reader's place and the head, and the outcomes of a resume. Pure: no
//! clock, no lock, no tasks.
//!
//! # What is kept for an event
//!
//! | where | what | until |
//! |---|---|---|
//! | `Segment` | the encoded block, and 8 bytes for its end and its time | the limits of the history evict it |
//! | `PublisherIds` | the id, if the publisher brought one | the same |
//! | `Latest` | its key, and the block once it has left the history | a newer event has the key, or `LatestLimits` |
//! | `Leaving` | an event of more than 16 KiB that a reader is in the middle of | the reader is through, or the limit |
//!
//! # Positions
//!
//! The first event has sequence number 1. A reader's place is the number it reads next, so a reader at `head` has
//! read everything, and the last event it has seen is `place - 1`. `epoch-0` is therefore a valid id: it names the
//! position before the first event.
//!
//! # Time
//!
//! Ages are measured with the `now` that callers give, a duration since the channel was made. Events leave by age
//! when the log is next appended to, read or asked; nothing runs meanwhile. A history without an age limit gets
//! zero all the time, since the clock need not be read.
//!
//! Next: `log/segment.rs` for the bytes, `channel.rs` for the lock around it.

mod ids;
mod large;
mod latest;
mod limits;
mod resident;
mod resume;
mod segment;

pub use ids::InvalidEpoch;
pub(crate) use ids::{Epoch, IdPolicy};
pub(crate) use large::{FRAME_BYTES, Large, Rest, Slice};
pub(crate) use latest::Missed;
pub use limits::{HistoryLimits, LatestLimits};
pub use resume::Resume;
pub(crate) use segment::Part;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use ids::PublisherIds;
use large::Leaving;
use latest::Latest;
use resident::Resident;
use segment::Segment;

/// What the history counts for an event besides its bytes: where it ends and when it came.
pub(crate) const BOOKKEEPING: usize = 16;

/// The longest id of a publisher that tells a position before any event, in bytes.
const MOST_TOLD: usize = 1 << 10;

/// Events in the order of their sequence numbers, which begin at 1. The place of a reader is the
/// sequence number it wants next.
#[derive(Debug)]
pub(crate) struct Log {
    /// Names this log in ids, so that ids of another one are recognized.
    epoch: Epoch,
    limits: HistoryLimits,
    /// The events from `oldest` to `next`, in runs of at most a frame. The last one may still grow.
    segments: VecDeque<Segment>,
    /// The oldest event of the history; equals `next` when there is none.
    oldest: u64,
    /// The number of the next event to be appended.
    next: u64,
    /// What the history counts against its limit.
    bytes: usize,
    ids: PublisherIds,
    latest: Latest,
    leaving: Leaving,
    resident: Resident,
}

/// What a reader gets.
#[derive(Debug)]
pub(crate) enum Read {
    /// The bytes of whole events, at most a frame, and the place behind them.
    Frame(Bytes, u64),
    /// One event larger than a frame, and the place behind it.
    Large(Arc<Large>, u64),
    /// Nothing to read until something is appended.
    UpToDate,
    /// The place has left the history; reading can go on at `oldest`.
    Gap { missed: u64, oldest: u64 },
}

impl Log {
    /// Returns an empty log.
    pub(crate) fn new(epoch: Epoch, limits: HistoryLimits, latest: LatestLimits) -> Self {
        Self {
            epoch,
            limits,
            segments: VecDeque::new(),
            oldest: 1,
            next: 1,
            bytes: 0,
            ids: PublisherIds::default(),
            latest: Latest::new(latest),
            leaving: Leaving::new(limits.bytes),
            resident: Resident::default(),
        }
    }

    /// Appends one encoded block, blank line included, and evicts what the limits no longer allow.
    /// The log's own id goes in as the last line of the block.
    pub(crate) fn append(
        &mut self,
        mut block: Vec<u8>,
        id: IdPolicy<'_>,
        key: Option<&str>,
        now: Duration,
    ) -> u64 {
        let sequence = self.next;
        self.next += 1;
        if let Some(key) = key {
            self.bytes += self.latest.remember(key, sequence, &mut self.leaving);
        }
        match id {
            IdPolicy::Own => self.epoch.write_id(&mut block, sequence),
            IdPolicy::Publisher(id) => self.bytes += self.ids.remember(id, sequence),
            IdPolicy::None => {}
        }
        self.bytes += block.len() + BOOKKEEPING;
        self.store(sequence, block, now);
        self.evict_excess();
        self.evict_aged(now);
        sequence
    }

    /// Adds the block to the last segment if that is open and has room, else begins one.
    fn store(&mut self, sequence: u64, block: Vec<u8>, now: Duration) {
        if let Some(open) = self.segments.back_mut() {
            if open.accepts(block.len(), now) {
                open.push(&block, now);
                return;
            }
            open.seal(&self.resident);
        }
        let segment = Segment::begin(sequence, block, now, &self.resident);
        self.segments.push_back(segment);
    }

    /// Everything from `place` to the head, as far as it fits one frame, or one event that is larger.
    /// The bytes are shared by all who read from the same place.
    pub(crate) fn read(&mut self, place: u64, now: Duration) -> Read {
        self.evict_aged(now);
        if place >= self.next {
            return Read::UpToDate;
        }
        if place < self.oldest {
            return Read::Gap {
                missed: self.oldest - place,
                oldest: self.oldest,
            };
        }
        let resident = &self.resident;
        let index = match self.segments.back() {
            Some(last) if last.first() <= place => self.segments.len() - 1,
            _ => self.segments.partition_point(|s| s.end() <= place),
        };
        match self.segments.get_mut(index) {
            Some(segment) => match segment.read(place, resident) {
                Part::Frame(bytes) => Read::Frame(bytes, segment.end()),
                Part::Large(event) => Read::Large(event, segment.end()),
            },
            None => Read::UpToDate,
        }
    }

    /// What a reader that was at `place` missed and is still the latest of its key, as far as it fits
    /// one frame, or one event that is larger.
    pub(crate) fn missed_from(&self, place: u64) -> Option<Missed> {
        self.latest.missed_from(place)
    }

    /// How many events [`missed_from`](Self::missed_from) can still give.
    pub(crate) fn count_missed_from(&self, place: u64) -> u64 {
        self.latest.count_from(place)
    }

    /// What became of the event a subscriber saw last, and the place it reads on from: behind that
    /// event if it is known, else the oldest event there is, so that nothing is withheld.
    pub(crate) fn resume(&mut self, id: &str, now: Duration) -> (Resume, u64) {
        self.evict_aged(now);
        if let Some(sequence) = self.ids.find(id) {
            return (Resume::Found, sequence + 1);
        }
        let outcome = match Epoch::parse_id(id) {
            None => Resume::Unknown,
            Some((epoch, _)) if epoch != self.epoch.as_str() => Resume::OtherEpoch,
            Some((_, sequence)) if sequence >= self.next => Resume::NeverExisted,
            Some((_, sequence)) if sequence + 1 >= self.oldest => {
                return (Resume::Found, sequence + 1);
            }
            Some((_, sequence)) => Resume::Expired {
                missed: self.oldest - sequence - 1,
            },
        };
        (outcome, self.oldest)
    }

    /// The id that resumes at `place`: that of the event before it, or the log's own for it where a
    /// publisher's is too long to be sent to each subscriber.
    pub(crate) fn id_before(&self, place: u64) -> String {
        let sequence = place.saturating_sub(1);
        match self.ids.of(sequence) {
            Some(id) if id.len() <= MOST_TOLD => id.to_owned(),
            _ => self.epoch.id(sequence),
        }
    }

    /// The oldest event of the history, or the head when there is none.
    pub(crate) fn oldest(&mut self, now: Duration) -> u64 {
        self.evict_aged(now);
        self.oldest
    }

    /// The sequence number the next event will get.
    pub(crate) fn head(&self) -> u64 {
        self.next
    }

    /// Returns the name of this log.
    pub(crate) fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    /// Returns how many events are in the history.
    pub(crate) fn events(&self) -> u64 {
        self.next - self.oldest
    }

    /// Returns what counts against [`HistoryLimits::bytes`]: blocks, ids of publishers, keys, and bookkeeping for
    /// each.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many events that left the history are kept as the latest of their keys, and their bytes.
    pub(crate) fn latest(&self) -> (usize, usize) {
        (self.latest.events(), self.latest.bytes())
    }

    /// Bytes that left the log but are still held: by frames on their way to a socket, and for readers
    /// in the middle of an event.
    pub(crate) fn pinned_bytes(&self) -> usize {
        let held: usize = self.segments.iter().map(Segment::shared_bytes).sum();
        let held = held + self.latest.shared_bytes();
        self.resident.bytes().saturating_sub(held)
    }

    /// A reader is through with a large event, or gone: what only it needed is let go of.
    pub(crate) fn release(&mut self) {
        self.leaving.sweep();
    }

    /// By events and bytes. The newest event stays whatever its size, so that it can be read.
    fn evict_excess(&mut self) {
        let events = self.limits.events.max(1) as u64;
        while self.events() > events || (self.bytes > self.limits.bytes && self.events() > 1) {
            self.evict_oldest();
        }
    }

    /// By age.
    fn evict_aged(&mut self, now: Duration) {
        let Some(age) = self.limits.age else { return };
        while let Some(front) = self.segments.front() {
            if now.saturating_sub(front.published(self.oldest)) <= age {
                return;
            }
            self.evict_oldest();
        }
    }

    /// Removes the oldest event, and hands its block to the table of latest events if it has a key.
    fn evict_oldest(&mut self) {
        let Some(front) = self.segments.front() else {
            return;
        };
        let event = front.event(self.oldest);
        let freed = event.len() + BOOKKEEPING + self.ids.forget(self.oldest);
        let leaving = &mut self.leaving;
        let freed = freed + self.latest.leave_history(self.oldest, event, leaving);
        self.bytes = self.bytes.saturating_sub(freed);
        self.oldest += 1;
        if front.end() <= self.oldest {
            self.segments.pop_front();
        }
    }
}

#[cfg(test)]
mod tests;
