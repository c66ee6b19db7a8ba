//! What the machine does while bytes are decoded. In: items. Out: a batch, and the reconnection time,
//! which a `retry` sets before the items behind it are handed on.
//!
//! A connection is fruitful, and the count of failures starts anew, when it has brought an event or a `retry` above
//! the floor. A `retry` at or below the floor does not count: a server that answers `retry: 0` and ends is not
//! healthy.
//!
//! Next: `reconnection.rs`.

use super::Reconnection;
use crate::event_stream::{Borrowed, Filler, Item, Sink};
use core::ops::ControlFlow;
use core::time::Duration;

/// A batch being filled, and a reconnection time that is in force at once.
pub(super) struct Filling<'a> {
    /// Where the items go.
    pub(super) filler: Filler<'a>,
    /// Whose floor and ceiling bound the time.
    pub(super) clamp: &'a Reconnection,
    /// The machine's.
    pub(super) reconnection_time: &'a mut Duration,
    /// Set by a time above the floor: the server says when to come back.
    pub(super) fruitful: &'a mut bool,
}

impl Sink for Filling<'_> {
    #[inline]
    fn borrow_from(&mut self, text: &str) {
        self.filler.borrow_from(text);
    }

    #[inline]
    fn take(&mut self, item: Item<'_>) -> ControlFlow<()> {
        if let Item::Retry(time) = item {
            *self.reconnection_time = self.clamp.clamp(time);
            *self.fruitful |= time > self.clamp.floor;
        }
        self.filler.take(item)
    }

    #[inline]
    fn take_borrowed(&mut self, event: Borrowed<'_>) -> ControlFlow<()> {
        self.filler.take_borrowed(event)
    }
}
