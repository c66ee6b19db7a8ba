//! EventSource for Rust: server-sent events that reconnect, resume and lose nothing.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let mut source = wellspring::EventSource::new("https://example.com/stream")?;
//! while let Some(event) = source.next().await {
//!     println!("{}", event?.data);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! An [`EventSource`] opens a connection to an HTTP server and receives events in
//! `text/event-stream` format until it is closed (HTML Standard 9.2). It has two faces: Rust's, a
//! stream of events or of [`Signal`]s; and the standard's, `onopen`, `onmessage`, `onerror` and
//! listeners. It needs a tokio runtime with I/O and time enabled, except as a [`Blocking`] iterator.
//!
//! # From a lost connection to the next one
//!
//! What happens under [`Policy::standard`] when a server that sent `retry: 2000` and event 42 goes away for a while:
//!
//! | moment | what the source does | what the program sees |
//! |---|---|---|
//! | 0 s | the connection breaks; what has been read is still delivered | the events, then [`Signal::Reconnecting`]: why, and in how long |
//! | | the reconnection time is 2 s; after a break a random share of up to as much comes on top | [`ReadyState::Connecting`] |
//! | 2 to 4 s | attempt 1, with `Last-Event-ID: 42`; it is refused at once | `Reconnecting` again |
//! | 4 to 8 s later | attempt 2: each failed attempt doubles the wait, up to 60 s | `Reconnecting` |
//! | 8 to 16 s later | attempt 3 gets a response: status 200, `text/event-stream` | [`Signal::Open`] |
//! | | the server goes on with what came after event 42 | events |
//! | 1 s after that | the connection counts as healthy: the next loss begins with 2 s again | |
//!
//! A clean end of body is waited out exactly, 2 s, without a random share. [`Handle::reconnect_now`] ends a wait,
//! [`Handle::restart`] a connection too, [`EventSource::close`] everything. With any other response than an event stream
//! the standard's source fails; [`Policy::resilient`] tries again after those that may pass.
//!
//! # Which error when
//!
//! | type | from | when |
//! |---|---|---|
//! | [`BuildError`] | [`EventSourceBuilder::build`], [`EventSource::new`] | a setting is not legal; nothing has been sent |
//! | [`Error`] | [`EventSource::next`] and every other face | the source has failed for good; it is the last item |
//! | [`Reconnecting`] with its [`Cause`] | signals, handlers | no error: the connection is lost and comes back |
//! | [`Ended`] | [`Handle::ended`], the handler of `error` | no error: the source has come to a good end |
//! | `JsonError` | `EventSource::json` | the data of one event is not such JSON, and the source goes on; or the source has failed |
//! | [`store::StoreError`], [`store::RecorderError`] | [`store`] | the disk, or another program with the same store; or the source |
//! | [`transport::TransportError`] | inside a [`Cause`] | one hop: names, TCP, TLS, proxies, HTTP |
//! | [`fetch::FetchError`] | inside a [`Cause`] | redirects, CORS, hooks; or a hop |
//!
//! All of them print themselves and leave what caused them to [`source`](std::error::Error::source); `{:#}` prints the
//! causes as well, each once. Several have a `help()`, a piece of advice for the user of the program.
//!
//! # Stopping
//!
//! A source that is dropped is closed: its connection is gone at once, and with HTTP/2 its stream is reset. There is no
//! task that lives on, except after [`EventSource::spawn`], which [`Handle::close`] ends; [`Handle::close_on_drop`] makes
//! that the end of a scope. To stop after what has been read already, take
//! [`next_ready`](EventSource::next_ready) until it has no more, and remember [`last_event_id`](EventSource::last_event_id):
//! a source that is [built with it](EventSourceBuilder::last_event_id) goes on there. [`store`] does so by itself.
//!
//! # Features
//!
//! | feature | what it is for |
//! |---|---|
//! | `http-transport` (default) | the transport of sources that bring none: HTTP/1.1 and HTTP/2, over TCP and TLS |
//! | `ring` (default), `aws-lc-rs` | the cryptography under TLS; one of the two |
//! | `platform-roots` (default), `webpki-roots` | whose certificates are trusted: the platform's, or Mozilla's where those are not there |
//! | `cookies` | a cookie jar that sources may share |
//! | `gzip`, `br` | bodies that are compressed, read as the server flushes them |
//! | `json` | the data of events as values; which event is the last one of a language model or of MCP |
//! | `tower` | another transport: any `tower::Service`; any client of reqwest is one with the crate `wellspring-reqwest` |
//! | `file-store` | events and positions that outlive the program; in SQLite, with the crate `wellspring-sqlite` |
//! | `tracing` | what happens, for subscribers of that crate |
//!
//! With `default-features = false` and `tower` neither hyper nor TLS is built.
//!
//! # Tracing
//! With the feature `tracing` a source tells what happens as events of that crate. Their target is
//! `wellspring`; names (the message), levels and fields are stable:
//!
//! | event | level | fields |
//! |---|---|---|
//! | `connect` | debug | `url`, `attempt` |
//! | `open` | info | `url`, `status`, `version` |
//! | `message` | trace | `url`, `event_type`, `last_event_id`, `data_length` (bytes) |
//! | `reconnecting` | warn | `url`, `attempt`, `delay`, `cause`, `status` if there was a response |
//! | `failed` | error | `url`, `cause`, `status` if there was a response |
//! | `closed` | info | `url`; the last one of a source, however it was closed |
//!
//! URLs are without userinfo; data, headers and bodies are left out.
//!
//! Next, from bytes to handlers: `driver.rs`, `driver/connection.rs`, `source/event_source.rs`; what is fetched:
//! `source/builder.rs`, `driver/config.rs`, `driver/request.rs`, `fetch.rs`, `transport.rs`; storage that resumes: `store.rs`.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod dom;
mod driver;
pub mod fetch;
mod outcome;
mod pace;
mod policy;
mod source;
pub mod store;
mod sync;
pub mod transport;

pub use dom::event::{DomEvent, ErrorEvent, MessageEvent};
pub use dom::listeners::ListenerId;
pub use driver::counters::Counters;
#[cfg(feature = "cookies")]
pub use fetch::cookies::CookieJar;
pub use outcome::cause::Cause;
pub use outcome::ended::Ended;
pub use outcome::error::Error;
pub use outcome::opened::Opened;
pub use outcome::reconnecting::Reconnecting;
pub use outcome::refused::Refused;
pub use policy::attempt::Attempt;
pub use policy::decision::{Decision, End};
#[cfg(feature = "json")]
pub use policy::finite::FiniteStream;
pub use policy::{EndOfBody, IncompleteEvent, Policy, ReconnectionUrl, Repeat};
pub use source::blocking::{Blocking, has_room_for_runtime};
pub use source::builder::EventSourceBuilder;
pub use source::builder::error::BuildError;
pub use source::event_source::EventSource;
pub use source::event_source::views::{Next, Signals};
pub use source::handle::{CloseOnDrop, Handle, ReadyStateWatch};
#[cfg(feature = "json")]
pub use source::json::{InvalidJson, JsonError, JsonMessage, JsonMessages};
pub use source::signal::Signal;
pub use wellspring_proto::{
    Event, EventRef, Failure, LimitExceeded, LimitKind, Limits, OnLimit, ReadyState, Reconnection,
};

/// The README of this crate, so that its example runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
