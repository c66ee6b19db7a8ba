//! Who is called. In: what happened. Out: calls of handlers and listeners, with events in the shapes of
//! the standard.
//!
//! Next: `dom/event.rs`, `dom/listeners.rs`.

pub(crate) mod event;
pub(crate) mod listeners;
