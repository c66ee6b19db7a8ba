//! An event source as the program has it. In: a URL, and how it shall be read. Out: events: as a stream,
//! one by one, as signals, or to handlers.
//!
//! Next: `source/builder.rs`, how one is made; `source/event_source.rs`, `source/handle.rs`,
//! `source/blocking.rs`, what it offers.

pub(crate) mod blocking;
pub(crate) mod builder;
pub(crate) mod event_source;
pub(crate) mod handle;
#[cfg(feature = "json")]
pub(crate) mod json;
pub(crate) mod signal;
