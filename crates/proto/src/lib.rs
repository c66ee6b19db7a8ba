//! Placeholder while the rooms are built.
#![no_std]
extern crate alloc;
mod encoder;
mod event;
pub use encoder::*;
pub use event::{DEFAULT_EVENT_TYPE, Event, EventRef};
