//! Serves `text/event-stream` from any HTTP server whose responses have an [`http_body::Body`]: hyper,
//! axum, and what builds on them. A [`Channel`] has a bounded history, so that a client that reconnects
//! gets the events it missed.
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
//! A stream without a channel, such as the answer of a language model, is made by [`EventStream::new`] of
//! any stream of [`Block`]s.
//!
//! # Servers and what stands in between
//!
//! | server | how | example |
//! |---|---|---|
//! | `serve`, with the feature of this name | hand it any tower service; a stream that waits takes under 1 KiB | `crates/server-examples/examples/axum.rs` |
//! | hyper | return the response; leave `writev` on; set `nodelay` on the socket | `crates/server/examples/hyper.rs` |
//! | axum | return the response from a handler; `serve` takes the router | `crates/server-examples/examples/axum.rs` |
//! | tower-http | its `CompressionLayer` leaves event streams alone; `CorsLayer` applies as usual | `crates/server-examples/examples/tower_http.rs` |
//! | actix-web | wrap the body, whose frames are [`Bytes`](bytes::Bytes) | `crates/server-examples/examples/actix.rs` |
//!
//! Proxies can hold a stream back or cut it. The headers of
//! [`into_response`](EventStream::into_response) ask caches and nginx not to; comments in silence keep
//! connections open that are cut when idle, after 60 s in many proxies. Over HTTP/1.1 a browser opens six
//! connections to one server; over HTTP/2, which needs TLS there, as many as are needed.
//!
//! Not every client does as the HTML Standard says. The Python SDK of MCP never comes back after the second
//! time that its stream was cut: let comments come more often than every 60 s, the usual idle timeout. Two
//! Python SDKs of language models need the space behind `data:`, which this crate writes. Leave
//! `Connection: close` off a stream: with it, Node 20 takes a server that was killed for a good end. The
//! folder `findings` has a script for each.
//!
//! A page of another origin needs `Access-Control-Allow-Origin`, and `Access-Control-Expose-Headers` for
//! [`RESUME_HEADER`]. Who may subscribe, and to what, is the program's decision:
//! [`Subscription::filter`] hides events from those who may not see them, replayed ones too.
//!
//! # Threads and runtimes
//!
//! A [`Channel`] is a handle that can be cloned and used from any thread, inside a runtime or not;
//! [`publish`](Channel::publish) is no `async` function and never blocks on a subscriber. Streams may be
//! polled on any executor. Comments in silence and the pace of a drain need tokio's timer.
//!
//! # Resumption
//!
//! What passes between a client and a channel of epoch `k3`, whose history begins with event 40:
//!
//! | step | client | server |
//! |---|---|---|
//! | 1 | `GET /events` | status 200 and `:`, `id: k3-41`, `retry: 2000`, a blank line: the position, before any event |
//! | 2 | | `data: …`, `id: k3-42`, a blank line |
//! | 3 | the connection breaks; the client waits its reconnection time, 2 s | events 43 and 44 are published |
//! | 4 | `GET /events`, `Last-Event-ID: k3-42` | `Wellspring-Resume: found`, then `:` and `retry: 2000` without a blank line |
//! | 5 | | events 43 and 44, then live |
//! | 6 | nothing is published for 15 s | `:` and a line end, which clients ignore |
//!
//! If the id of step 4 is not in the history, the stream begins with the oldest event, and the gap is
//! signaled three ways: the header says why ([`Resume`]), a comment says how many events are gone, and
//! with [`Subscription::gap_event`] an event says the same to the page. [`OnGap`] selects what happens
//! when a connected subscriber is so slow that its next event leaves the history.
//!
//! The ids in this table are the channel's own. A [`Block`] with an id keeps it, and a client may resume
//! from it in the same way.
//!
//! # Graceful shutdown
//!
//! Open streams keep a server from shutting down. The order that works, as in `examples/hyper.rs`:
//!
//! 1. Stop accepting connections.
//! 2. Start the server's own graceful shutdown: a connection then closes when its stream ends.
//! 3. Await [`Channel::drain`] with the time that clients may take to move. Streams end one after the
//!    other, each with the [farewell](Drain::farewell) if there is one.
//! 4. At the end of that time the channel is closed and the remaining streams end at their next poll, but
//!    never inside an event.
//! 5. Await the server with a timeout: a client that does not read cannot be waited for.
//!
//! Clients reconnect after their reconnection time; [`EventStream::retry_between`] spreads it. The new
//! process has another epoch, so they get its whole history and the signal of a gap. A program that
//! rebuilds the history sets the same [epoch](ChannelBuilder::epoch).
//!
//! # Limits
//!
//! | what | limit | default | beyond it |
//! |---|---|---|---|
//! | history, in bytes | [`HistoryLimits::bytes`] | 16 MiB | the oldest events are evicted |
//! | history, in events | [`HistoryLimits::events`] | 100,000 | the oldest events are evicted |
//! | history, in time | [`HistoryLimits::age`] | none | older events are evicted |
//! | latest event of each key, in bytes | [`LatestLimits::bytes`] | 1 MiB | the key not published for longest is dropped |
//! | latest event of each key, in keys | [`LatestLimits::keys`] | 1,000 | the key not published for longest is dropped |
//! | one event, encoded | [`ChannelBuilder::publish_limit`] | 8 MiB | [`PublishError::TooLarge`] |
//! | subscribers | [`SubscriberLimits::total`] | none | [`RefusalReason::TooMany`], status 503 |
//! | subscribers with the same key | [`SubscriberLimits::per_key`] | none | [`RefusalReason::TooManyForKey`], status 429 |
//! | one frame | | 16 KiB | a larger event comes in several frames |
//! | large events that left the history while being sent | [`HistoryLimits::bytes`] | 16 MiB | the streams that are sending the oldest of them end |
//! | an id in the signal of a gap, or in an opening | | 1 KiB | it is shortened, or replaced by the channel's own |
//!
//! # Which error when
//!
//! | type | from | when | what to answer, or do |
//! |---|---|---|---|
//! | [`InvalidLastEventId`] | [`Subscription::from_request`], [`LastEventId`] | a request has an id that no client of the standard sends | status 400: [`EventStream::refusal_response`] |
//! | [`Refusal`] | [`Channel::try_subscribe`] | there are enough subscribers, or the channel is drained | [`Refusal::into_response`]: 429 or 503 with `Retry-After` |
//! | [`PublishError`] | [`Channel::publish`] and its kin | the channel is closed, the event too large, or its id one of the channel's own | tell the publisher; no subscriber has seen any of it |
//! | [`InvalidField`] | [`EventType`], [`EventId`], the methods of [`Block`] | an event type or id has a line end, an id NUL | refuse the publisher's input |
//! | [`InvalidEpoch`] | [`ChannelBuilder::epoch`] | the epoch is not 1 to 32 letters and digits | choose another |
//!
//! An [`EventStream`] itself has no errors: its body's error type is [`Infallible`](std::convert::Infallible). What goes
//! wrong while it is sent, the HTTP server notices, and drops it.
//!
//! # Which status, for which client
//!
//! An event source of the standard connects again only after a lost connection or the end of a stream. Its answers to
//! the rest, which decide how a server should refuse:
//!
//! | answer | a browser | what it is good for |
//! |---|---|---|
//! | 200, `text/event-stream` | reads | |
//! | 204 | stops for good | "there is nothing more for you" |
//! | 301, 302, 303, 307, 308 | follows | a stream that has moved |
//! | 401, 403, 404 | stops for good | what will not change by itself |
//! | 429, 503 | stops for good | clients with a policy for such answers, which honor `Retry-After`; a page has to make a new source |
//! | the stream ends | reconnects after the reconnection time | a restart of the server, a change of its load |
//!
//! So a server that is only busy does better to accept the stream and end it again: with
//! [`EventStream::retry_between`] it says when the client is to come back.
//!
//! # Memory of a subscriber that does not read
//!
//! A subscriber is a position in the history and holds no events. Its server takes frames for it until its
//! own buffers are full, and all subscribers at the same position share them:
//!
//! | server | frames it takes for a client that does not read |
//! |---|---|
//! | `serve`, HTTP/1.1 | one, so 16 KiB, and what the kernel has not sent, 16 KiB |
//! | hyper, HTTP/1.1 | at most 16, so 256 KiB; less with `max_buf_size` |
//! | hyper, HTTP/2 | `max_send_buf_size` a stream, 400 KiB unless you set it, and one frame |
//! | either, over TLS | besides, rustls encrypts up to 64 KiB ahead for each connection |
//!
//! [`ChannelStats::pinned_bytes`] counts what is held that way beyond the history. Leave hyper's `writev`
//! on: `writev(false)` copies the frames for each connection. Measured through hyper and axum with events
//! of 1 KB to 8 MB, a client that does not read costs 20 to 200 KiB of the process's memory. When it is
//! gone, the allocator may keep some 20 to 100 KiB of that for the next client.
//!
//! # Words
//!
//! | word | meaning |
//! |---|---|
//! | channel | one log of events, with any number of publishers and subscribers |
//! | publish | append an event to a channel; never waits for a subscriber |
//! | subscriber | one open event stream |
//! | history | the events of the log that are still there |
//! | epoch | the name of one life of a channel, the first part of its own ids |
//! | replay | reading events published before the subscriber came |
//! | live | reading events as they are published |
//! | gap | the events a subscriber missed because they left the history first |
//! | key | names what an event is about, so that a later one replaces it; or whom a subscriber counts for |
//! | drain | end the streams of a channel one after the other |
//! | farewell | the last event of a drained stream |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
mod channel;
mod gap;
mod keep_alive;
mod last_event_id;
mod log;
mod opening;
mod response;
#[cfg(feature = "serve")]
mod serve;
mod wheel;

pub use body::EventStream;
pub use channel::{
    Channel, ChannelBuilder, ChannelStats, Drain, LeaveReason, OnGap, Presence, PublishError,
    Refusal, RefusalReason, Sequence, Start, SubscriberLimits, Subscription,
};
pub use last_event_id::{InvalidLastEventId, LastEventId};
pub use log::{HistoryLimits, InvalidEpoch, LatestLimits, Resume};
pub use response::RESUME_HEADER;
#[cfg(feature = "serve")]
pub use serve::{
    Handshake, Listener, RequestBody, RequestBodyError, Serve, ServeLimits, WithHandshake, serve,
};
pub use wellspring_proto::{Block, EventId, EventRef, EventType, InvalidField, InvalidReason};

/// The README of this crate, so that its example runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
