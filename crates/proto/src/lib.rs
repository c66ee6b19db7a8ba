//! The `text/event-stream` codec and the event source state machine: no I/O, no clock, no
//! randomness, no threads, and no `unsafe`. In: bytes, and numbers from a caller that has a clock. Out:
//! events, and what to do next.
//!
//! Next, from bytes to events: `event_stream/lines.rs`, `fields.rs`, `interpret.rs`, `decoder.rs`,
//! then `event_source/machine.rs`. From events to bytes: `event.rs`, `encoder.rs`.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![no_std]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod encoder;
mod event;
mod event_source;
mod event_stream;

pub use encoder::*;
pub use event::{DEFAULT_EVENT_TYPE, Event, EventRef};
pub use event_source::{
    Failure, Interruption, Machine, Output, ReadyState, Reconnection, Response,
};
pub use event_stream::{Batch, Decoder, Item, LimitExceeded, LimitKind, Limits, OnLimit};

/// The README of this crate, so that its example runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
