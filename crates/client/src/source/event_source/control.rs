//! What a source has in common with its handles. In: calls. Out: the same as of [`Handle`](crate::Handle).
//!
//! Next: `../handle.rs`, which says more of each.

use super::EventSource;
use crate::dom::event::DomEvent;
use crate::dom::listeners::ListenerId;
use crate::driver::counters::Counters;
use crate::outcome::ended::Ended;
use crate::source::handle::{Handle, ReadyStateWatch};
use wellspring_proto::ReadyState;

impl EventSource {
    /// Returns a handle to close, watch and listen from elsewhere.
    #[must_use]
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Returns `url`; see [`Handle::url`].
    #[must_use]
    pub fn url(&self) -> &str {
        self.handle.url()
    }

    /// Returns `withCredentials`; see [`Handle::with_credentials`].
    #[must_use]
    pub fn with_credentials(&self) -> bool {
        self.handle.with_credentials()
    }

    /// Returns `readyState`; see [`Handle::ready_state`].
    #[must_use]
    pub fn ready_state(&self) -> ReadyState {
        self.handle.ready_state()
    }

    /// Returns why the source ended without an error; see [`Handle::ended`].
    #[must_use]
    pub fn ended(&self) -> Option<Ended> {
        self.handle.ended()
    }

    /// Closes the source, as `close()`; see [`Handle::close`].
    pub fn close(&self) {
        self.handle.close();
    }

    /// Ends a wait for the next attempt; see [`Handle::reconnect_now`].
    pub fn reconnect_now(&self) {
        self.handle.reconnect_now();
    }

    /// Makes the connection anew and keeps everything else; see [`Handle::restart`].
    pub fn restart(&self) {
        self.handle.restart();
    }

    /// Marks the stream complete; see [`Handle::complete`].
    pub fn complete(&self) {
        self.handle.complete();
    }

    /// Begins another stream in a body that was given; see [`Handle::reset`].
    pub fn reset(&self) {
        self.handle.reset();
    }

    /// Returns what the source has done so far; see [`Handle::counters`].
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.handle.counters()
    }

    /// Returns the place in the queue for a connection; see [`Handle::queue_position`].
    #[must_use]
    pub fn queue_position(&self) -> Option<usize> {
        self.handle.queue_position()
    }

    /// Follows the ready state; see [`Handle::watch`].
    #[must_use]
    pub fn watch(&self) -> ReadyStateWatch {
        self.handle.watch()
    }

    /// Sets the handler of `open`; see [`Handle::onopen`].
    pub fn onopen(&self, handler: impl FnMut(DomEvent<'_>) + Send + 'static) -> ListenerId {
        self.handle.onopen(handler)
    }

    /// Sets the handler of `message`; see [`Handle::onmessage`].
    pub fn onmessage(&self, handler: impl FnMut(DomEvent<'_>) + Send + 'static) -> ListenerId {
        self.handle.onmessage(handler)
    }

    /// Sets the handler of `error`; see [`Handle::onerror`].
    pub fn onerror(&self, handler: impl FnMut(DomEvent<'_>) + Send + 'static) -> ListenerId {
        self.handle.onerror(handler)
    }

    /// Sets the handler of comments; see [`Handle::oncomment`].
    pub fn oncomment(&self, handler: impl FnMut(DomEvent<'_>) + Send + 'static) -> ListenerId {
        self.handle.oncomment(handler)
    }

    /// Adds a listener for events of one type; see [`Handle::add_event_listener`].
    pub fn add_event_listener(
        &self,
        event_type: &str,
        listener: impl FnMut(DomEvent<'_>) + Send + 'static,
    ) -> ListenerId {
        self.handle.add_event_listener(event_type, listener)
    }

    /// Removes a listener or handler and returns whether it was there; see [`Handle::remove_event_listener`].
    pub fn remove_event_listener(&self, id: ListenerId) -> bool {
        self.handle.remove_event_listener(id)
    }

    /// Calls the listeners of the event's type now; see [`Handle::dispatch_event`].
    pub fn dispatch_event(&self, event: DomEvent<'_>) {
        self.handle.dispatch_event(event);
    }
}
