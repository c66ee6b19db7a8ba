//! Where decoded items go. In: items as they are completed. Out: calls of a visitor, or a filled batch.
//!
//! Next: `window.rs`.

use super::Item;
use super::batch::Filler;
use core::ops::ControlFlow;

pub(crate) trait Sink {
    /// The items that follow may borrow from this text.
    #[inline]
    fn borrow_from(&mut self, _text: &str) {}

    fn take(&mut self, item: Item<'_>) -> ControlFlow<()>;
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
}
