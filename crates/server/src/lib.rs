//! The serving side of `text/event-stream`: channels with history and replay, as bodies for whatever
//! HTTP server a program has.
//!
//! # Words
//!
//! - A **channel** is what events go through: one log, any number of publishers and subscribers.
//! - To **publish** is to append an event to a channel. It never waits for anybody.
//! - A **subscriber** is one open event stream: a place in the log, and nothing else.
//! - The **history** is the part of the log that is still there, bounded by events, bytes and age.
//! - **Replay** is reading what was published before the subscriber came.
//! - **Live** is reading at the head of the log, as it grows. Replay and live are the same reading.
//! - A **gap** is what a subscriber missed because it left the history before it was read. A subscriber
//!   with a gap is told.
//! - A **key** says what an event is about, so that a later one replaces it; or whom a subscriber
//!   counts for.
//! - To **drain** a channel is to end its subscribers one after the other. The last thing they get may
//!   be a **farewell**.
//!
//! # Example
//!
//! ```
//! use wellspring_server::{Block, Channel, EventStream, Subscription};
//!
//! fn events<B>(channel: &Channel, request: &http::Request<B>) -> http::Response<EventStream> {
//!     let Ok(subscription) = Subscription::from_request(request) else {
//!         return EventStream::refusal_response(http::StatusCode::BAD_REQUEST);
//!     };
//!     match channel.try_subscribe(subscription) {
//!         Ok(stream) => stream.into_response(),
//!         Err(refusal) => refusal.into_response(),
//!     }
//! }
//!
//! let channel = Channel::new();
//! let response = events(&channel, &http::Request::new(()));
//! assert_eq!(response.status(), 200);
//! channel.publish(Block::data("disk is full").event_type("notice")?)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! In: blocks, requests. Out: [`EventStream`], an `http_body::Body`.
//!
//! Next, from publish to bytes: `proto/event.rs`, `proto/encoder.rs`, `log.rs`, `channel.rs`, `body.rs`,
//! `keep_alive.rs`.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
mod channel;
mod gap;
mod keep_alive;
mod last_event_id;
mod log;
mod opening;
mod response;

pub use body::EventStream;
pub use channel::{
    Channel, ChannelBuilder, ChannelStats, Drain, LeaveReason, OnGap, Presence, PublishError,
    Refusal, RefusalReason, Sequence, Start, SubscriberLimits, Subscription,
};
pub use last_event_id::{InvalidLastEventId, LastEventId};
pub use log::{HistoryLimits, InvalidEpoch, LatestLimits, Resume};
pub use response::RESUME_HEADER;
pub use wellspring_proto::{Block, EventId, EventRef, EventType, InvalidField, InvalidReason};

/// The README of this crate, so that its example runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
