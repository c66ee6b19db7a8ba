//! The `text/event-stream` codec and the event source state machine of the HTML Standard (sections 9.2.2 to 9.2.6),
//! for clients and servers that bring their own I/O. No I/O, no clock, no randomness, no threads, no `unsafe`;
//! `no_std` with `alloc`.
//!
//! For a client that connects by itself there is `wellspring`, for a server `wellspring-server`. Both are built on
//! this crate.
//!
//! # Bytes to events
//!
//! A [`Decoder`] takes a body in chunks of any size and lends what it finds, to a closure or in a [`Batch`]:
//!
//! ```
//! use wellspring_proto::{Batch, Decoder, Item};
//!
//! let mut decoder = Decoder::new();
//! let mut batch = Batch::new();
//! for chunk in [&b"id: 1\ndata: he"[..], b"llo\n\n"] {
//!     decoder.decode_into(chunk, &mut batch)?;
//!     while let Some(item) = batch.next_item() {
//!         if let Item::Event(event) = item {
//!             assert_eq!((event.event_type, event.data), ("message", "hello"));
//!         }
//!     }
//! }
//! assert_eq!(decoder.last_event_id(), "1");
//! # Ok::<(), wellspring_proto::LimitExceeded>(())
//! ```
//!
//! # Events to bytes
//!
//! A [`Block`] holds the fields of one event. Whatever text they hold, it encodes to exactly one event:
//!
//! ```
//! use wellspring_proto::Block;
//!
//! let block = Block::data("two\nlines").event_type("notice")?.id(42)?;
//! assert_eq!(block.encode(), b"event: notice\nid: 42\ndata: two\ndata: lines\n\n");
//! assert!(Block::data("x").id("4\n2").is_err()); // an id is one line
//! # Ok::<(), wellspring_proto::InvalidField>(())
//! ```
//!
//! # When to connect, and when to stop
//!
//! A [`Machine`] decides what an event source does. The program reports what happened to the connection and carries
//! out the [`Output`]s; time is a number that it passes in:
//!
//! ```
//! use core::time::Duration;
//! use wellspring_proto::{Decoder, Failure, Machine, Output, Reconnection, Response};
//!
//! let mut machine = Machine::new(Decoder::new(), Reconnection::default());
//! assert_eq!(machine.poll(), Some(Output::Connect { attempt: 1 }));
//! let refused = Response { status: 204, event_stream: false, coded: false };
//! machine.handle_response(Duration::ZERO, refused);
//! assert_eq!(machine.poll(), Some(Output::Failed(Failure::Status(204))));
//! assert_eq!(machine.poll(), None); // a source that has failed never reconnects
//! ```
//!
//! # Which type for what
//!
//! | type | what it is |
//! |---|---|
//! | [`Decoder`], [`Limits`], [`OnLimit`] | bytes to items; how much is buffered; what happens beyond that |
//! | [`Item`], [`Batch`] | what was found: events, comments, reconnection times; a list of them that is used again |
//! | [`EventRef`], [`Event`] | an event that is lent; one that owns its text |
//! | [`Block`], [`EventType`], [`EventId`] | an event to be sent; its values that must be one line |
//! | [`Machine`], [`Output`], [`Response`] | the state machine; what to do next; what it has to know of a response |
//! | [`Reconnection`] | how long to wait, and when to give up |
//! | [`ReadyState`] | connecting, open, closed |
//!
//! # Errors
//!
//! | type | from | when |
//! |---|---|---|
//! | [`LimitExceeded`] | [`Decoder`] | a line, an event or an id is longer than [`Limits`] allow; any other bytes are a valid stream |
//! | [`InvalidField`] | [`Block`], [`EventType`], [`EventId`] | an event type or an id has a line end or NUL |
//! | [`Failure`] | [`Output::Failed`] | the source is closed for good |
//! | [`Interruption`] | [`Output::Reconnecting`] | the connection is lost and will be made again |
//!
//! # Reading the source
//!
//! From bytes to events: `event_stream/lines.rs`, `fields.rs`, `interpret.rs`, `decoder.rs`, then
//! `event_source/machine.rs`. From events to bytes: `event.rs`, `encoder.rs`.
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
