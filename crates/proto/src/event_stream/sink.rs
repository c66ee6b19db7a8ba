//! Where decoded items go. In: items as they are completed. Out: calls of a visitor, or a filled batch.
//!
//! Generic, so that a visitor and a batch each get a decoder compiled for them: a visitor pays nothing for what
//! only a batch needs.
//!
//! Next: `window.rs`.

use super::Item;
use crate::event::EventRef;
use core::ops::{ControlFlow, Range};

/// An event by its places in the text that may be borrowed from.
pub(crate) struct Borrowed<'a> {
    /// What was last passed to [`Sink::borrow_from`].
    pub(super) text: &'a str,
    pub(super) event_type: Range<usize>,
    pub(super) data: Range<usize>,
    pub(super) last_event_id: &'a str,
}

impl<'a> Borrowed<'a> {
    /// The event, its strings cut out of the text.
    #[inline]
    fn to_event(&self) -> EventRef<'a> {
        let [event_type, data] = [&self.event_type, &self.data];
        EventRef::new(
            &self.text[event_type.clone()],
            &self.text[data.clone()],
            self.last_event_id,
        )
    }
}

/// Takes items as the decoder completes them. `Break` stops the decoder behind the item.
pub(crate) trait Sink {
    /// The items that follow may borrow from this text.
    #[inline]
    fn borrow_from(&mut self, _text: &str) {}

    /// Takes an item.
    fn take(&mut self, item: Item<'_>) -> ControlFlow<()>;

    /// Takes an event of the fast path, whose strings lie in the text borrowed from.
    #[inline]
    fn take_borrowed(&mut self, event: Borrowed<'_>) -> ControlFlow<()> {
        self.take(Item::Event(event.to_event()))
    }
}

/// Calls a function for each item.
pub(super) struct Visitor<F>(pub(super) F);

impl<F: FnMut(Item<'_>) -> ControlFlow<()>> Sink for Visitor<F> {
    #[inline]
    fn take(&mut self, item: Item<'_>) -> ControlFlow<()> {
        (self.0)(item)
    }
}
