//! The tests of the client that may share a process. In: scripts of servers. Out: what a program sees.
//! `many.rs` and `storm/` count what their whole process does, `traces.rs` has its own subscriber, and
//! `without_transport.rs` is built without the transport: each of those is a program of its own.
//!
//! Next: `support.rs`, then `connect.rs`.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod attempt;
mod bad_input;
mod blocking;
mod browser;
mod burst;
mod close;
mod coding;
mod connect;
mod cookies;
mod cors;
mod counters;
mod deciding;
mod ended;
mod errors;
mod finite;
#[cfg(feature = "json")]
mod finite_stream;
mod from_body;
mod handlers;
mod http2;
mod idle;
#[cfg(feature = "json")]
mod json;
mod knobs;
#[cfg(feature = "json")]
mod llm;
#[cfg(feature = "json")]
mod mcp;
mod one_buffer;
mod origins;
mod peer;
mod policy;
mod proxies;
mod proxy;
mod proxy_refusals;
mod reconnect;
mod redirects;
mod request;
mod restart;
mod runtime;
mod stall;
mod support;
mod waiting;
