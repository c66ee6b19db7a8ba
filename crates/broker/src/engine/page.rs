//! What is read of a history.
//!
//! Next: `members.rs`.

use bytes::Bytes;

use crate::cursor::Epoch;
use crate::lineage::Lineage;

/// A record in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoredRecord {
    /// Its number.
    pub sequence: u64,
    /// The random number that it was appended with.
    pub tag: u64,
    /// The record itself.
    pub record: Bytes,
}

impl StoredRecord {
    /// Returns a record with its number and tag.
    #[must_use]
    pub const fn new(sequence: u64, tag: u64, record: Bytes) -> Self {
        Self {
            sequence,
            tag,
            record,
        }
    }
}

/// Limits a page. At least one record is returned, however large it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageLimits {
    /// The most records.
    pub records: usize,
    /// The most bytes of records.
    pub bytes: usize,
}

impl PageLimits {
    /// Returns these limits.
    #[must_use]
    pub const fn new(records: usize, bytes: usize) -> Self {
        Self { records, bytes }
    }
}

/// Holds records that follow each other.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page {
    /// The epoch in force.
    pub epoch: Epoch,
    /// In order, without a hole.
    pub records: Vec<StoredRecord>,
    /// The number of the oldest record there is; one above `head` where there is none.
    pub horizon: u64,
    /// The number of the newest record; 0 if there was never one.
    pub head: u64,
}

impl Page {
    /// Returns a page of these records.
    #[must_use]
    pub const fn new(epoch: Epoch, records: Vec<StoredRecord>, horizon: u64, head: u64) -> Self {
        Self {
            epoch,
            records,
            horizon,
            head,
        }
    }
}

/// Says where a history begins and ends.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bounds {
    /// The epochs.
    pub lineage: Lineage,
    /// The number of the oldest record there is; one above `head` where there is none.
    pub horizon: u64,
    /// The number of the newest record, which is never trimmed; 0 if there was never one.
    pub head: u64,
    /// The tag of the newest record; 0 if there was never one.
    pub head_tag: u64,
    /// The tag of the record before the horizon, if it is known; that of number 0 is 0.
    pub trimmed_tag: Option<u64>,
}

impl Bounds {
    /// Returns the bounds of a history without a record.
    #[must_use]
    pub fn empty(epoch: Epoch) -> Self {
        Self {
            lineage: Lineage::new(epoch),
            horizon: 1,
            head: 0,
            head_tag: 0,
            trimmed_tag: Some(0),
        }
    }
}

/// Says what an engine can store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EngineLimits {
    /// The largest record, in bytes.
    pub record: usize,
}

impl EngineLimits {
    /// Sets the largest record, in bytes.
    #[must_use]
    pub const fn new(record: usize) -> Self {
        Self { record }
    }
}

/// Is one item of a history that is followed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TailItem {
    /// Records that follow each other.
    Records(Vec<StoredRecord>),
    /// The newest records were lost: these bounds hold now. The records that follow are those behind the fork.
    Rewritten(Bounds),
    /// The engine cannot be reached at the moment; it is asked again without a call.
    Stalled(String),
    /// Every record up to `head` has come.
    Live {
        /// The newest record's number.
        head: u64,
        /// The oldest record's number.
        horizon: u64,
    },
}
