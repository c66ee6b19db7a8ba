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
    /// Puts the three together.
    #[must_use]
    pub const fn new(sequence: u64, tag: u64, record: Bytes) -> Self {
        Self {
            sequence,
            tag,
            record,
        }
    }
}

/// How much a page may have. At least one record comes, however large it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageLimits {
    /// The most records.
    pub records: usize,
    /// The most bytes of records.
    pub bytes: usize,
}

impl PageLimits {
    /// Puts the two together.
    #[must_use]
    pub const fn new(records: usize, bytes: usize) -> Self {
        Self { records, bytes }
    }
}

/// Records that follow each other.
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
    /// Puts the four together.
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

/// Where a history begins and ends.
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

/// What an engine can take.
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

/// What following a history brings.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TailItem {
    /// Records that follow each other.
    Records(Vec<StoredRecord>),
    /// The tail was lost: these bounds hold now. Following goes on behind the fork.
    Rewritten(Bounds),
    /// Nothing can be said at the moment; following goes on by itself.
    Stalled(String),
    /// Everything up to this number has come, and the oldest record there is.
    Live {
        /// The newest record's number.
        head: u64,
        /// The oldest record's number.
        horizon: u64,
    },
}
