//! Peers that others wrote, installed by name and version: their clients on our server, and our program
//! on their servers. `cargo xtask test wild` runs this; it is no part of a plain `cargo test`, since
//! it installs packages of Python and Node into a cache folder.
//!
//! Next: `installed.rs`, then `clients.rs` and `servers.rs`; `wide.rs` for every peer that is known.

#![allow(clippy::unwrap_used, clippy::panic)]

mod clients;
mod hub;
mod installed;
mod program;
mod servers;
#[cfg(unix)]
mod wide;
