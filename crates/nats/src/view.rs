//! The stream as it was at one moment. In: what the server says of it. Out: numbers. Pure.
//!
//! The oldest message is kept for its tag alone, once messages have been dropped: the history begins
//! behind it. So a cursor at the very edge can be told from one of another history.
//!
//! Next: `stream.rs` looks, `shared.rs` keeps the newest view.

use serde_json::Value;
use wellspring_broker::Epoch;

use crate::api::StreamInfo;
use crate::numbering::Numbering;

#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) created: String,
    pub(crate) numbering: Numbering,
    pub(crate) config: Value,
    pub(crate) messages: u64,
    pub(crate) bytes: u64,
    /// The position of the oldest message; one above `last` where there is none.
    pub(crate) first: u64,
    /// The position of the newest message that there ever was.
    pub(crate) last: u64,
    /// As the server writes it.
    pub(crate) first_time: String,
    /// How many messages were deleted from the middle.
    pub(crate) deleted: u64,
    /// The newest of these: the history begins behind it.
    pub(crate) hole: u64,
}

impl View {
    pub(crate) fn new(info: StreamInfo, numbering: Numbering) -> Self {
        let state = info.state;
        Self {
            created: info.created,
            numbering,
            config: info.config,
            messages: state.messages,
            bytes: state.bytes,
            // Of an empty stream, the server says 0 for one that was never written.
            first: state.first_seq.max(1),
            last: state.last_seq,
            first_time: state.first_ts,
            deleted: state.num_deleted,
            hole: 0,
        }
    }

    pub(crate) fn epoch(&self) -> Epoch {
        self.numbering.epoch
    }

    /// The number of the newest record; 0 if there was never one.
    pub(crate) fn head(&self) -> u64 {
        self.numbering.newest(self.last)
    }

    /// The number of the oldest message that is there and a record.
    pub(crate) fn oldest(&self) -> u64 {
        let before = self.numbering.newest(self.first.saturating_sub(1));
        let next = self.numbering.position(before + 1);
        match next {
            // Nothing before it is of this history.
            None => self.head() + 1,
            Some(_) => before + 1,
        }
    }

    /// Whether the oldest message is there for its tag alone.
    pub(crate) fn keeps_one_more(&self) -> bool {
        let oldest = self.oldest();
        oldest > 1 && oldest < self.head()
    }

    /// The number of the oldest record; one above the head where there is none.
    pub(crate) fn horizon(&self) -> u64 {
        let horizon = self.oldest() + u64::from(self.keeps_one_more());
        let behind_hole = self.numbering.newest(self.hole) + 1;
        match self.hole {
            0 => horizon,
            _ => horizon.max(behind_hole),
        }
    }

    /// How many messages the server keeps at most; nothing if it has no limit.
    pub(crate) fn most_messages(&self) -> Option<u64> {
        self.config["max_msgs"].as_i64()?.try_into().ok()
    }
}

#[cfg(test)]
mod tests;
