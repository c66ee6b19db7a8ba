//! How far a channel is drained. In: the part of the time that is over. Out: whose turn it is to end.
//!
//! Each subscriber has a slot, a number; as the drain goes on, the slots below a rising mark are due.
//!
//! Next: `channel/state.rs` keeps it under the lock.

use bytes::Bytes;

/// All slots.
const ALL: u64 = 1 << 32;

/// How far a channel is drained.
#[derive(Debug, Default)]
pub(super) struct Drained {
    begun: bool,
    finished: bool,
    /// Slots below are due.
    due: u64,
    farewell: Bytes,
}

impl Drained {
    pub(super) fn has_begun(&self) -> bool {
        self.begun
    }

    pub(super) fn is_finished(&self) -> bool {
        self.finished
    }

    pub(super) fn is_due(&self, slot: u32) -> bool {
        u64::from(slot) < self.due
    }

    /// Empty if none is wanted.
    pub(super) fn farewell(&self) -> Bytes {
        self.farewell.clone()
    }

    pub(super) fn begin(&mut self, farewell: Bytes) {
        self.begun = true;
        self.farewell = farewell;
    }

    /// Never goes back, even if two drains run at once.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a part is from 0 to 1, and casts of floats saturate"
    )]
    pub(super) fn proceed(&mut self, part: f64) {
        let due = (part.clamp(0.0, 1.0) * ALL as f64) as u64;
        self.due = self.due.max(due);
    }

    pub(super) fn finish(&mut self) {
        self.due = ALL;
        self.finished = true;
    }
}

/// The slot of the nth subscriber: multiples of the golden ratio fill the circle evenly, however many
/// there are and in whatever order they leave.
pub(super) fn slot(nth: u64) -> u32 {
    const GOLDEN: u64 = 0x9E37_79B9;
    u32::try_from(nth.wrapping_mul(GOLDEN) % ALL).unwrap_or_default()
}

#[cfg(test)]
mod tests;
