//! The first frame of a stream. In: what the subscriber should know. Out: one comment at least, the
//! reconnection time, the id of its place, and the signal of a gap.
//!
//! Next: `body.rs` sends it before anything else.

use std::time::Duration;

use bytes::Bytes;
use wellspring_proto::Block;

#[derive(Debug, Default)]
pub(crate) struct Opening {
    pub(super) retry: Option<Duration>,
    /// The id that resumes at the subscriber's place.
    id: Option<String>,
    /// An encoded block.
    gap: Option<Bytes>,
}

impl Opening {
    /// For a subscriber that begins here.
    pub(crate) fn at(id: String) -> Self {
        Self {
            id: Some(id),
            ..Self::default()
        }
    }

    /// For a subscriber that missed something.
    pub(crate) fn after_gap(gap: Bytes) -> Self {
        Self {
            gap: Some(gap),
            ..Self::default()
        }
    }

    pub(super) fn encode(self) -> Bytes {
        let mut block = Block::empty().comment("");
        if let Some(reconnection_time) = self.retry {
            block = block.retry(reconnection_time);
        }
        if let Some(id) = self.id {
            // Ids in the log are valid; without one the stream is still right.
            block = block.clone().id(id).unwrap_or(block);
        }
        let mut bytes = block.encode();
        bytes.extend_from_slice(&self.gap.unwrap_or_default());
        bytes.into()
    }
}
