//! The event that a body has ended in. In: a machine that has read a body. Out: whether there is one, and
//! the event for those who want it.
//!
//! Next: `../failures.rs`.

use super::{Machine, Phase};
use crate::event::Event;
use crate::event_stream::{Batch, Item};
use alloc::borrow::ToOwned;
use core::ops::ControlFlow;

impl Machine {
    /// Returns true when the body, as far as it has been read, ends inside an event; see
    /// [`Decoder::has_pending_data`](crate::Decoder::has_pending_data).
    #[must_use]
    pub fn has_pending_data(&self) -> bool {
        self.phase == Phase::Reading && self.decoder.has_pending_data()
    }

    /// Dispatches the event that the body has ended in: it is appended to `batch`, and its id counts. To be called
    /// before [`handle_end_of_body`](Self::handle_end_of_body), by a policy for servers that leave out the last
    /// blank line; the standard discards such an event. See
    /// [`Decoder::dispatch_pending`](crate::Decoder::dispatch_pending).
    pub fn dispatch_pending(&mut self, batch: &mut Batch) {
        if self.has_pending_data() {
            self.fill(batch, |decoder, filling| {
                decoder.dispatch_pending_to(filling)
            });
        }
    }

    /// Removes the event that the body has ended in and returns it, without its id counting: a reconnection asks
    /// for it again. Returns `None` if there is none, or if it exceeds a limit.
    pub fn take_pending(&mut self) -> Option<Event> {
        if !self.has_pending_data() {
            return None;
        }
        let last_event_id = self.last_event_id().to_owned();
        let mut pending = None;
        let dispatched = self.decoder.dispatch_pending(|item| {
            if let Item::Event(event) = item {
                pending = Some(event.to_event());
            }
            ControlFlow::Continue(())
        });
        self.decoder.set_last_event_id(&last_event_id);
        dispatched.ok().and(pending)
    }
}
