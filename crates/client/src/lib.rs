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
//! # Features
//!
//! | feature | what it is for |
//! |---|---|
//! | `http-transport` (default) | the transport of sources that bring none: HTTP/1.1 and HTTP/2, over TCP and TLS |
//! | `ring` (default), `aws-lc-rs` | the cryptography under TLS; one of the two |
//! | `platform-roots` (default), `webpki-roots` | whose certificates are trusted: the platform's, or Mozilla's where those are not there |
//! | `cookies` | a cookie jar that sources may share |
//! | `gzip`, `br` | bodies that are compressed, read as the server flushes them |
//! | `json` | the data of events as values |
//! | `reqwest`, `tower` | other transports: any `reqwest::ClientBuilder`, any `tower::Service` |
//! | `file-store`, `sqlite` | events and positions that outlive the program |
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
pub use policy::{EndOfBody, IncompleteEvent, Policy, ReconnectionUrl, Repeat};
pub use source::blocking::Blocking;
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
