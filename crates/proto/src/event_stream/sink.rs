//! Where decoded items go. In: items as they are completed. Out: calls of a visitor, or a filled batch.
//!
//! Next: `window.rs`.

use super::Item;
use super::batch::Filler;
use crate::event::EventRef;
use core::ops::{ControlFlow, Range};

pub(crate) trait Sink {
    /// The items that follow may borrow from this text.
    #[inline]
    fn borrow_from(&mut self, _text: &str) {}

    fn take(&mut self, item: Item<'_>) -> ControlFlow<()>;

    /// An event whose type and data stand in the text that may be borrowed from.
    #[inline]
    fn take_borrowed(
        &mut self,
        text: &str,
        event_type: Range<usize>,
        data: Range<usize>,
        last_event_id: &str,
    ) -> ControlFlow<()> {
        let event = EventRef::new(&text[event_type], &text[data], last_event_id);
        self.take(Item::Event(event))
    }
}

pub(super) struct Visitor<F>(pub(super) F);

impl<F: FnMut(Item<'_>) -> ControlFlow<()>> Sink for Visitor<F> {
    #[inline]
    fn take(&mut self, item: Item<'_>) -> ControlFlow<()> {
        (self.0)(item)
    }
}

impl Sink for Filler<'_> {
    #[inline]
    fn borrow_from(&mut self, text: &str) {
        Filler::borrow_from(self, text);
    }

    #[inline]
    fn take(&mut self, item: Item<'_>) -> ControlFlow<()> {
        self.push(item);
        ControlFlow::Continue(())
    }

    #[inline]
    fn take_borrowed(
        &mut self,
        text: &str,
        event_type: Range<usize>,
        data: Range<usize>,
        last_event_id: &str,
    ) -> ControlFlow<()> {
        self.push_borrowed(text, event_type, data, last_event_id);
        ControlFlow::Continue(())
    }
}
