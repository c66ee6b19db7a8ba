//! A run of encoded events side by side. In: blocks. Out: shared slices of at most a frame, or an event
//! that is larger. A full segment is sealed and sliced without a copy; of the open one a reader's part
//! is copied once and shared by all who read from there on.
//!
//! # The three states
//!
//! | state | events | read by |
//! |---|---|---|
//! | open | several, together at most 16 KiB; more may come | a copy, made once for all who read from the same place |
//! | sealed | several small ones, or one of 8 to 16 KiB | a slice of the shared buffer |
//! | large | one of more than 16 KiB | its slices, one frame each |
//!
//! A segment is sealed when the next event does not fit. Readers that keep up copy from the open one: with many of
//! them at the same place, which is the usual case of live subscribers, that is one copy for all. Readers that are
//! behind read sealed ones and copy nothing.
//!
//! Events leave a segment from its front, one at a time, by the log's `oldest`; the bytes are given back when all
//! of its events have left.
//!
//! Next: `log/large.rs` for events larger than a frame, `log.rs` keeps a queue of these.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::large::{FRAME_BYTES, Large, Leaving};
use super::resident::Resident;

/// A run of events with consecutive sequence numbers.
#[derive(Debug)]
pub(super) struct Segment {
    /// The sequence number of its first event.
    first: u64,
    /// When that one was published.
    started: Duration,
    /// One for each event.
    marks: Vec<Mark>,
    storage: Storage,
}

/// Where an event ends, and when it came: milliseconds after the segment was begun.
#[derive(Clone, Copy, Debug)]
struct Mark {
    /// How many bytes into the segment.
    end: u32,
    /// In milliseconds.
    came: u32,
}

/// The bytes of a segment.
#[derive(Debug)]
enum Storage {
    /// Still growing. `copied` is what was last handed out; it begins at `copied_from`.
    Open {
        bytes: Vec<u8>,
        copied: Bytes,
        copied_from: usize,
    },
    /// Complete; readers get slices of it.
    Sealed(Bytes),
    /// One event that no frame can carry.
    ///
    Large(Arc<Large>),
}

/// What a reader gets of a segment.
#[derive(Debug)]
pub(crate) enum Part {
    /// Whole events, at most 16 KiB.
    Frame(Bytes),
    Large(Arc<Large>),
}

/// One event where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stored<'a> {
    Block(&'a [u8]),
    Large(&'a Arc<Large>),
}

impl Stored<'_> {
    /// Returns the length of the encoded block, in bytes.
    #[inline]
    pub(super) fn len(self) -> usize {
        match self {
            Self::Block(block) => block.len(),
            Self::Large(event) => event.len(),
        }
    }

    /// The log lets go of it; readers in the middle of it may not.
    #[inline]
    pub(super) fn leave(self, leaving: &mut Leaving) {
        if let Self::Large(event) = self {
            leaving.keep(event);
        }
    }
}

impl Segment {
    /// Begins with the event `first`. An event of half a frame or more is a segment of its own.
    pub(super) fn begin(first: u64, block: Vec<u8>, now: Duration, resident: &Resident) -> Self {
        let end = mark_end(block.len());
        let storage = if block.len() > FRAME_BYTES {
            Storage::Large(Arc::new(Large::new(&block, resident)))
        } else if block.len() >= FRAME_BYTES / 2 {
            Storage::Sealed(resident.hold(block))
        } else {
            Storage::Open {
                bytes: block,
                copied: Bytes::new(),
                copied_from: 0,
            }
        };
        Self {
            first,
            started: now,
            marks: vec![Mark { end, came: 0 }],
            storage,
        }
    }

    /// Whether an event of this many bytes, published now, may be appended: the segment is open, it has room, and
    /// 49 days have not passed, which is what a mark can count.
    pub(super) fn accepts(&self, length: usize, now: Duration) -> bool {
        match &self.storage {
            Storage::Open { bytes, .. } => {
                bytes.len() + length <= FRAME_BYTES && self.after_start(now).is_some()
            }
            Storage::Sealed(_) | Storage::Large(_) => false,
        }
    }

    /// Appends to an open segment.
    pub(super) fn push(&mut self, block: &[u8], now: Duration) {
        let came = self.after_start(now).unwrap_or(u32::MAX);
        if let Storage::Open { bytes, .. } = &mut self.storage {
            bytes.extend_from_slice(block);
            let end = mark_end(bytes.len());
            self.marks.push(Mark { end, came });
        }
    }

    /// Nothing more is coming: gives back spare capacity, and from now on readers share the bytes.
    pub(super) fn seal(&mut self, resident: &Resident) {
        if let Storage::Open { bytes, .. } = &mut self.storage {
            let bytes = std::mem::take(bytes);
            self.storage = Storage::Sealed(resident.hold(bytes));
            self.marks.shrink_to_fit();
        }
    }

    /// The bytes from event `place` to the segment's end.
    pub(super) fn read(&mut self, place: u64, resident: &Resident) -> Part {
        let from = self.start_of(place);
        match &mut self.storage {
            Storage::Sealed(bytes) => Part::Frame(bytes.slice(from.min(bytes.len())..)),
            Storage::Large(event) => Part::Large(Arc::clone(event)),
            Storage::Open {
                bytes,
                copied,
                copied_from,
            } => {
                let complete = *copied_from + copied.len() == bytes.len();
                if !complete || from < *copied_from {
                    let part = bytes.get(from..).unwrap_or_default();
                    *copied = resident.hold(part.to_vec());
                    *copied_from = from;
                }
                Part::Frame(copied.slice(from - *copied_from..))
            }
        }
    }

    /// Returns the sequence number of the first event.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// The sequence number behind the last event.
    pub(super) fn end(&self) -> u64 {
        self.first + self.marks.len() as u64
    }

    /// Returns an event where it stands, for the table of latest ones.
    #[inline]
    pub(super) fn event(&self, sequence: u64) -> Stored<'_> {
        let bytes: &[u8] = match &self.storage {
            Storage::Open { bytes, .. } => bytes,
            Storage::Sealed(bytes) => bytes,
            Storage::Large(event) => return Stored::Large(event),
        };
        let range = self.start_of(sequence)..self.start_of(sequence + 1);
        Stored::Block(bytes.get(range).unwrap_or_default())
    }

    /// Returns when an event was published.
    pub(super) fn published(&self, sequence: u64) -> Duration {
        let mark = self.marks.get(self.index_of(sequence));
        self.started + Duration::from_millis(mark.map_or(0, |mark| mark.came.into()))
    }

    /// How many of the counted bytes this segment itself holds.
    pub(super) fn shared_bytes(&self) -> usize {
        match &self.storage {
            Storage::Open { copied, .. } => copied.len(),
            Storage::Sealed(bytes) => bytes.len(),
            Storage::Large(event) => event.len(),
        }
    }

    /// Returns where an event begins: where the one before it ends.
    fn start_of(&self, sequence: u64) -> usize {
        match self.index_of(sequence) {
            0 => 0,
            index => self
                .marks
                .get(index - 1)
                .map_or(0, |mark| mark.end as usize),
        }
    }

    /// Returns which of the segment's events it is.
    fn index_of(&self, sequence: u64) -> usize {
        usize::try_from(sequence.saturating_sub(self.first)).unwrap_or(usize::MAX)
    }

    /// Returns the milliseconds since the segment was begun, if they fit a mark.
    fn after_start(&self, now: Duration) -> Option<u32> {
        u32::try_from(now.saturating_sub(self.started).as_millis()).ok()
    }
}

/// A channel's publish limit is below 4 GiB, and a segment with more than one event below a frame.
fn mark_end(end: usize) -> u32 {
    u32::try_from(end).unwrap_or(u32::MAX)
}
