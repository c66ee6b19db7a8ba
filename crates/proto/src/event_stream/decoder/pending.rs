//! What stands between the last blank line and the end of the body. In: a decoder that has read a
//! body. Out: whether the body ended inside an event, and that event for those who want it.
//!
//! Next: `event_source/machine.rs`.

use super::{Decoder, Sink, Visitor};
use crate::event_stream::{Item, LimitExceeded};
use core::ops::ControlFlow;

impl Decoder {
    /// Returns true when a `data` line has been read, whole or in part, and no blank line after it.
    /// At the end of a body it says that the body ended inside an event.
    ///
    /// Comments, `event`, `id` and `retry` do not count, and neither does an event that is
    /// [skipped](crate::OnLimit::Skip).
    ///
    /// ```
    /// use core::ops::ControlFlow;
    /// use wellspring_proto::Decoder;
    ///
    /// let mut decoder = Decoder::new();
    /// decoder.decode(b"data: whole\n\nretry: 5\n", |_| ControlFlow::Continue(()))?;
    /// assert!(!decoder.has_pending_data());
    /// decoder.decode(b"data: cut o", |_| ControlFlow::Continue(()))?;
    /// assert!(decoder.has_pending_data());
    /// # Ok::<(), wellspring_proto::LimitExceeded>(())
    /// ```
    #[must_use]
    pub fn has_pending_data(&self) -> bool {
        !self.interpreter.is_skipping() && (self.interpreter.has_data() || self.fields.is_data())
    }

    /// Dispatches the event that the body ended in, as if a blank line had followed; does nothing
    /// unless [`has_pending_data`](Self::has_pending_data).
    ///
    /// The standard discards such an event, since it may have lost its end. Call this at the clean end
    /// of a body only, for servers that leave out the last blank line.
    ///
    /// ```
    /// use core::ops::ControlFlow;
    /// use wellspring_proto::{Decoder, Item};
    ///
    /// let mut decoder = Decoder::new();
    /// decoder.decode(b"data: [DONE]", |_| ControlFlow::Continue(()))?;
    /// decoder.dispatch_pending(|item| {
    ///     assert!(matches!(item, Item::Event(event) if event.data == "[DONE]"));
    ///     ControlFlow::Continue(())
    /// })?;
    /// assert!(!decoder.has_pending_data());
    /// # Ok::<(), wellspring_proto::LimitExceeded>(())
    /// ```
    ///
    /// # Errors
    /// The end of the last line exceeds one of the [`Limits`](crate::Limits).
    pub fn dispatch_pending(
        &mut self,
        visit: impl FnMut(Item<'_>) -> ControlFlow<()>,
    ) -> Result<(), LimitExceeded> {
        self.dispatch_pending_to(&mut Visitor(visit))
    }

    pub(crate) fn dispatch_pending_to(
        &mut self,
        sink: &mut impl Sink,
    ) -> Result<(), LimitExceeded> {
        if self.has_pending_data() {
            // The first ends the line, unless it has ended; after a CR it is a part of its line end.
            let read = self.bytes_read;
            let result = self.decode_to(b"\n\n", sink);
            self.bytes_read = read;
            result?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
