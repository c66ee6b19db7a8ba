//! The first frame of a stream. In: what the subscriber should know. Out: one comment at least, the
//! reconnection time, the id of its place, and the signal of a gap.
//!
//! A new subscriber gets `:`, `retry: 2000` if it was set, `id: k3-41` and a blank line. One that resumed without a
//! gap gets the same without id and blank line, since its own last event ID is right. One with a gap gets the
//! signal of it behind that.
//!
//! The comment makes the first bytes come at once: some proxies and clients wait for them before they report the
//! response.
//!
//! Next: `channel/join.rs` opens streams, `body.rs` sends it before anything else.

use std::time::Duration;

use bytes::Bytes;
use wellspring_proto::Block;

/// What goes out before any event.
#[derive(Debug, Default)]
pub(crate) struct Opening {
    /// The reconnection time, if [`EventStream`](crate::EventStream) was given one.
    pub(crate) retry: Option<Duration>,
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

    /// A blank line stands only behind an id, which it commits: there are clients that take every block
    /// for an event, with the last event ID it has.
    pub(crate) fn encode(self) -> Bytes {
        let mut block = Block::empty().comment("");
        if let Some(reconnection_time) = self.retry {
            block = block.retry(reconnection_time);
        }
        // Ids in the log are valid; without one the stream is still right.
        let told = self.id.and_then(|id| block.clone().id(id).ok());
        let mut bytes = match told {
            Some(told) => told.encode(),
            None => lines(&block),
        };
        bytes.extend_from_slice(&self.gap.unwrap_or_default());
        bytes.into()
    }
}

/// The lines of a block without the blank line that ends it.
fn lines(block: &Block<'_>) -> Vec<u8> {
    let mut bytes = block.encode();
    bytes.pop();
    bytes
}
