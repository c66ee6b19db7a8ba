//! A run of encoded events side by side. In: blocks. Out: shared slices of at most a frame, and the
//! count of the bytes that frames still hold. A full segment is sealed and sliced without a copy; of
//! the open one a reader's part is copied once and shared by all who read from there on.
//!
//! Next: `log.rs` keeps a queue of these.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;

/// The most a frame carries, unless a single event is larger.
pub(crate) const FRAME_BYTES: usize = 16 * 1024;

#[derive(Debug)]
pub(super) struct Segment {
    first: u64,
    started: Duration,
    marks: Vec<Mark>,
    storage: Storage,
}

/// Where an event ends, and when it came: milliseconds after the segment was begun.
#[derive(Clone, Copy, Debug)]
struct Mark {
    end: u32,
    came: u32,
}

#[derive(Debug)]
enum Storage {
    /// Still growing. `copied` is what was last handed out; it begins at `copied_from`.
    Open {
        bytes: Vec<u8>,
        copied: Bytes,
        copied_from: usize,
    },
    Sealed(Bytes),
}

impl Segment {
    /// Begins with the event `first`. A large event is a segment of its own and is not copied.
    pub(super) fn begin(first: u64, block: Vec<u8>, now: Duration, resident: &Resident) -> Self {
        let end = mark_end(block.len());
        let storage = if block.len() >= FRAME_BYTES / 2 {
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

    pub(super) fn accepts(&self, length: usize, now: Duration) -> bool {
        match &self.storage {
            Storage::Open { bytes, .. } => {
                bytes.len() + length <= FRAME_BYTES && self.after_start(now).is_some()
            }
            Storage::Sealed(_) => false,
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
    pub(super) fn frame(&mut self, place: u64, resident: &Resident) -> Bytes {
        let from = self.start_of(place);
        match &mut self.storage {
            Storage::Sealed(bytes) => bytes.slice(from.min(bytes.len())..),
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
                copied.slice(from - *copied_from..)
            }
        }
    }

    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// The sequence number behind the last event.
    pub(super) fn end(&self) -> u64 {
        self.first + self.marks.len() as u64
    }

    /// The bytes of one event.
    pub(super) fn block(&self, sequence: u64) -> &[u8] {
        let bytes: &[u8] = match &self.storage {
            Storage::Open { bytes, .. } => bytes,
            Storage::Sealed(bytes) => bytes,
        };
        let range = self.start_of(sequence)..self.start_of(sequence + 1);
        bytes.get(range).unwrap_or_default()
    }

    pub(super) fn published(&self, sequence: u64) -> Duration {
        let mark = self.marks.get(self.index_of(sequence));
        self.started + Duration::from_millis(mark.map_or(0, |mark| mark.came.into()))
    }

    /// How many of the counted bytes this segment itself holds.
    pub(super) fn shared_bytes(&self) -> usize {
        match &self.storage {
            Storage::Open { copied, .. } => copied.len(),
            Storage::Sealed(bytes) => bytes.len(),
        }
    }

    fn start_of(&self, sequence: u64) -> usize {
        match self.index_of(sequence) {
            0 => 0,
            index => self
                .marks
                .get(index - 1)
                .map_or(0, |mark| mark.end as usize),
        }
    }

    fn index_of(&self, sequence: u64) -> usize {
        usize::try_from(sequence.saturating_sub(self.first)).unwrap_or(usize::MAX)
    }

    fn after_start(&self, now: Duration) -> Option<u32> {
        u32::try_from(now.saturating_sub(self.started).as_millis()).ok()
    }
}

/// A channel's publish limit is below 4 GiB, and a segment with more than one event below a frame.
fn mark_end(end: usize) -> u32 {
    u32::try_from(end).unwrap_or(u32::MAX)
}

/// Counts the bytes of all shared buffers that are alive, wherever they are.
#[derive(Clone, Debug, Default)]
pub(super) struct Resident(Arc<AtomicUsize>);

impl Resident {
    /// Shares the bytes, and counts them until the last holder lets go.
    fn hold(&self, mut bytes: Vec<u8>) -> Bytes {
        bytes.shrink_to_fit();
        self.0.fetch_add(bytes.len(), Ordering::Relaxed);
        let count = self.clone();
        Bytes::from_owner(Held { bytes, count })
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

struct Held {
    bytes: Vec<u8>,
    count: Resident,
}

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.count.0.fetch_sub(self.bytes.len(), Ordering::Relaxed);
    }
}
