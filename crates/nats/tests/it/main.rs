//! The engine against real servers, which each test starts for itself on a free port of loopback. In: what
//! is appended, and what befalls the servers. Out: what readers are told.
//!
//! Next: `server.rs` starts servers, `contract.rs` holds the engine to what every engine owes.

#![cfg(unix)]
#![allow(
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod cluster;
mod contract;
mod faults;
mod losses;
mod server;
mod startup;
mod witness;
