//! Where decoded items go. In: items as they are completed. Out: calls of a visitor, or a filled batch.
//!
//! Next: `window.rs`.

use super::Item;
use crate::event::EventRef;
use core::ops::{ControlFlow, Range};

/// An event by its places in the text that may be borrowed from.
pub(crate) struct Borrowed<'a> {
    pub(super) text: &'a str,
    pub(super) event_type: Range<usize>,
    pub(super) data: Range<usize>,
    pub(super) last_event_id: &'a str,
}

impl<'a> Borrowed<'a> {
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

pub(crate) trait Sink {
    /// The items that follow may borrow from this text.
    #[inline]
    fn borrow_from(&mut self, _text: &str) {}

    fn take(&mut self, item: Item<'_>) -> ControlFlow<()>;

    #[inline]
    fn take_borrowed(&mut self, event: Borrowed<'_>) -> ControlFlow<()> {
        self.take(Item::Event(event.to_event()))
    }
}

pub(super) struct Visitor<F>(pub(super) F);

impl<F: FnMut(Item<'_>) -> ControlFlow<()>> Sink for Visitor<F> {
    #[inline]
    fn take(&mut self, item: Item<'_>) -> ControlFlow<()> {
        (self.0)(item)
    }
}
