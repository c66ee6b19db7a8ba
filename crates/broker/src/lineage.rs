//! The epochs of a history. In: the places at which a history forked, because its tail was lost. Out: the
//! last event that an earlier epoch has in common with the present one.
//!
//! Next: `resume.rs`, which judges a cursor by it.

use crate::cursor::Epoch;

/// How many earlier epochs are remembered. Cursors of older ones are of "another epoch".
pub const MAX_FORKS: usize = 64;

/// An earlier epoch, and the last event that later ones have in common with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fork {
    /// The epoch that ended.
    pub epoch: Epoch,
    /// The number of its last event that the next epoch kept.
    pub last: u64,
}

impl Fork {
    /// Says that an epoch ended, and behind which event.
    #[must_use]
    pub const fn new(epoch: Epoch, last: u64) -> Self {
        Self { epoch, last }
    }
}

/// Holds the epochs of a history, oldest first, up to the one in force.
///
/// A history forks when its newest events are lost, in a failover for example, and other events take their numbers.
/// The epoch then changes, so that cursors of lost events are recognised.
///
/// ```
/// use wellspring_broker::{Epoch, Lineage};
///
/// let (first, second) = (Epoch::new(1), Epoch::new(2));
/// let mut lineage = Lineage::new(first);
/// lineage.fork(40, second);
/// assert_eq!(lineage.valid_until(first), Some(40));
/// assert_eq!(lineage.valid_until(second), Some(u64::MAX));
/// assert_eq!(lineage.valid_until(Epoch::new(3)), None);
/// assert_eq!((lineage.epoch_at(40), lineage.epoch_at(41)), (first, second));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lineage {
    past: Vec<Fork>,
    current: Epoch,
}

impl Lineage {
    /// Returns the lineage of a history that never forked.
    #[must_use]
    pub fn new(current: Epoch) -> Self {
        Self::with_past(Vec::new(), current)
    }

    /// Returns the lineage with these earlier epochs, oldest first, of which the newest [`MAX_FORKS`] are
    /// kept.
    #[must_use]
    pub fn with_past(mut past: Vec<Fork>, current: Epoch) -> Self {
        past.drain(..past.len().saturating_sub(MAX_FORKS));
        Self { past, current }
    }

    /// Returns the epoch that is in force.
    #[must_use]
    pub fn current(&self) -> Epoch {
        self.current
    }

    /// Returns the earlier epochs, oldest first.
    #[must_use]
    pub fn past(&self) -> &[Fork] {
        &self.past
    }

    /// Ends the epoch in force with the event `last`, and begins the epoch `next`.
    pub fn fork(&mut self, last: u64, next: Epoch) {
        self.past.push(Fork::new(self.current, last));
        let excess = self.past.len().saturating_sub(MAX_FORKS);
        self.past.drain(..excess);
        self.current = next;
    }

    /// Returns the number of the last event that the history has in common with this epoch; `None` if the epoch is
    /// not one of this history. The epoch in force is valid without end.
    #[must_use]
    pub fn valid_until(&self, epoch: Epoch) -> Option<u64> {
        if epoch == self.current {
            return Some(u64::MAX);
        }
        let from = self.past.iter().position(|fork| fork.epoch == epoch)?;
        self.past[from..].iter().map(|fork| fork.last).min()
    }

    /// Returns the epoch in which the event with this number was appended, as far as earlier epochs are remembered.
    #[must_use]
    pub fn epoch_at(&self, sequence: u64) -> Epoch {
        let mut epochs = self.past.iter().map(|fork| fork.epoch);
        let found = epochs.find(|epoch| {
            self.valid_until(*epoch)
                .is_some_and(|last| sequence <= last)
        });
        found.unwrap_or(self.current)
    }
}

#[cfg(test)]
mod tests;
