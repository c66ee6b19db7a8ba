//! What a publisher is to do for those who wait. In: a group with some who are due. Out: [`Call`].
//!
//! Next: `group.rs` decides, `channel/waking.rs` does it.

use std::task::Waker;

use tokio::runtime::{Handle, Id};

/// So many are woken at once, and so many are in each slice of more.
pub(in super::super) const SLICE: usize = 64;

/// What is to be done outside the lock after a round has ended.
#[derive(Debug)]
pub(in super::super) enum Call {
    /// Wake all of them, and give the list back to where it came from.
    All(Vec<Waker>, Option<Id>),
    /// Have a task on this runtime wake its subscribers in slices.
    Slices(Handle),
}
