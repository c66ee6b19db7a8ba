//! The tests of the server that may share a process. In: blocks, requests, bytes. Out: frames, responses,
//! counters. `load/` measures the memory of a process, which is one of its own: it stands apart.
//!
//! Next: `support.rs`, then `channel.rs`.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod away;
mod bad_input;
mod blank_lines;
mod body;
mod channel;
mod concurrent;
mod drain;
mod filter;
mod hyper;
mod injection;
mod large_events;
mod latest;
mod limits;
mod serve;
mod slices;
mod support;
