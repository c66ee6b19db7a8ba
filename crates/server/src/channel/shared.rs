//! What all handles and subscribers of a channel share. In: blocks, the lock. Out: encoded blocks, the
//! state under the lock.
//!
//! A `Channel` holds it by way of `Handles`, so that the last handle closes the channel; event streams hold it
//! directly. It lives until the last stream is gone. Encoding happens before the lock is taken: under it, a publish
//! copies the block once and adds up numbers.
//!
//! Next: `channel/state.rs` for what is under the lock, `channel/waking.rs` for who is woken, `channel/subscriber.rs` for who reads.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use wellspring_proto::Block;

use super::PublishError;
use super::presence::Hook;
use super::state::State;
use crate::log::HistoryLimits;

/// What an id line of the channel's own adds to a block, at most.
const ID_ROOM: usize = "id: -\n".len() + 32 + 20;

/// The state, its lock, and what never changes.
#[derive(Debug)]
pub(super) struct Shared {
    state: Mutex<State>,
    history: HistoryLimits,
    /// The longest encoded event, in bytes.
    publish_limit: usize,
    /// Called for joins and leaves.
    hook: Option<Hook>,
    /// Only a history bounded by age looks at the clock.
    started: Option<Instant>,
}

impl Shared {
    /// Returns a channel's shared part. Reads the clock only if the history is bounded by age.
    pub(super) fn new(
        state: State,
        history: HistoryLimits,
        publish_limit: usize,
        hook: Option<Hook>,
    ) -> Self {
        Self {
            state: Mutex::new(state),
            history,
            publish_limit,
            hook,
            started: history.age.is_some().then(Instant::now),
        }
    }

    /// Returns the limits of the history.
    pub(super) fn history(&self) -> &HistoryLimits {
        &self.history
    }

    /// Not to be called under the lock.
    pub(super) fn hook(&self) -> Option<&Hook> {
        self.hook.as_ref()
    }

    /// Nothing panics while it holds the lock; if something did, the log would still be whole.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the time since the channel was made, or zero if the log needs no clock.
    pub(super) fn now(&self) -> Duration {
        self.started
            .map_or(Duration::ZERO, |started| started.elapsed())
    }

    /// Encodes a block with room for an id. The text is measured first, so that a publisher cannot make it allocate
    /// beyond the limit.
    pub(super) fn encode(&self, block: &Block<'_>) -> Result<Vec<u8>, PublishError> {
        let limit = self.publish_limit;
        let too_large = |length| Err(PublishError::TooLarge { length, limit });
        if block.text_len() > limit {
            return too_large(block.text_len());
        }
        let length = block.encoded_len();
        if length > limit {
            return too_large(length);
        }
        let mut encoded = Vec::with_capacity(length + ID_ROOM);
        block.encode_into(&mut encoded);
        Ok(encoded)
    }

    /// Closes the channel and wakes all subscribers at once: each delivers what is left, and ends.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        self.wake_at_once(state);
    }
}
