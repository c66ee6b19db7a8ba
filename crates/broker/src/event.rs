//! An event as readers get it. In: a stored record. Out: its encoded block, made once and shared, with
//! what it is chosen by.
//!
//! A block that is larger than a slice is cut into slices of their own, so that a frame on its way to a
//! socket that is stuck holds that slice and not the whole event.
//!
//! Next: `core.rs`, which keeps the recent ones.

use bytes::Bytes;
use wellspring_proto::Block;

use crate::cursor::{Cursor, short};
use crate::engine::StoredRecord;
use crate::lineage::Lineage;
use crate::record::{self, Record};

/// The most bytes of a frame. Servers queue some 16 frames for a client that does not read: 64 KiB.
pub const SLICE_BYTES: usize = 4 * 1024;

/// One event of the history.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) sequence: u64,
    pub(crate) tag: u64,
    /// None if the record is foreign: of a version that is not known here.
    pub(crate) topics: Box<[Box<str>]>,
    pub(crate) private: bool,
    /// The publisher's id.
    pub(crate) id: Option<Box<str>>,
    frames: Frames,
}

#[derive(Debug)]
enum Frames {
    One(Bytes),
    /// Each of [`SLICE_BYTES`], but for the last.
    Slices(Box<[Bytes]>),
}

impl Event {
    pub(crate) fn new(stored: &StoredRecord, lineage: &Lineage) -> Self {
        let StoredRecord {
            sequence,
            tag,
            record,
            ..
        } = stored;
        let Some(record) = record::decode(record) else {
            return Self::foreign(*sequence, *tag);
        };
        let cursor = Cursor::new(lineage.epoch_at(*sequence), *sequence, short(*tag));
        Self {
            sequence: *sequence,
            tag: *tag,
            private: record.private,
            id: record.id.map(Box::from),
            frames: Frames::new(encode(&record, cursor)),
            topics: record.topics.into_iter().map(Box::from).collect(),
        }
    }

    fn foreign(sequence: u64, tag: u64) -> Self {
        Self {
            sequence,
            tag,
            topics: Box::default(),
            private: true,
            id: None,
            frames: Frames::One(Bytes::new()),
        }
    }

    pub(crate) fn is_foreign(&self) -> bool {
        self.topics.is_empty()
    }

    /// A part of its block, and whether it is the last one.
    pub(crate) fn slice(&self, index: u32) -> Option<(Bytes, bool)> {
        match &self.frames {
            Frames::One(bytes) => (index == 0).then(|| (bytes.clone(), true)),
            Frames::Slices(slices) => {
                let index = index as usize;
                let slice = slices.get(index)?.clone();
                Some((slice, index + 1 == slices.len()))
            }
        }
    }

    /// The bytes of its block.
    pub(crate) fn length(&self) -> usize {
        match &self.frames {
            Frames::One(bytes) => bytes.len(),
            Frames::Slices(slices) => slices.iter().map(Bytes::len).sum(),
        }
    }

    /// The bytes that it keeps in memory, about.
    pub(crate) fn cost(&self) -> usize {
        const BOOKKEEPING: usize = 192;
        let block = self.length();
        let topics: usize = self.topics.iter().map(|topic| topic.len() + 32).sum();
        BOOKKEEPING + block + topics + self.id.as_ref().map_or(0, |id| id.len())
    }
}

impl Frames {
    fn new(block: Vec<u8>) -> Self {
        if block.len() <= SLICE_BYTES {
            return Self::One(block.into_boxed_slice().into());
        }
        let slices = block.chunks(SLICE_BYTES).map(Bytes::copy_from_slice);
        Self::Slices(slices.collect())
    }
}

/// The block with the publisher's id, or the cursor. Fields were checked when they were published; one
/// that is not valid all the same, because another program wrote the record, is left out.
fn encode(record: &Record<'_>, cursor: Cursor) -> Vec<u8> {
    let mut block = record.data.map_or_else(Block::empty, Block::data);
    if let Some(kind) = record.event_type {
        block = block.clone().event_type(kind).unwrap_or(block);
    }
    block = match record.id {
        Some(id) => block.clone().id(id).unwrap_or(block),
        None => block.clone().id(cursor.to_string()).unwrap_or(block),
    };
    if let Some(retry) = record.retry {
        block = block.retry(retry);
    }
    block.encode()
}

#[cfg(test)]
mod tests;
