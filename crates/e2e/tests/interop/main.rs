//! `wellspring tail` on servers that others wrote: PHP's own, nginx with nchan, Node's `http`. Each
//! test needs its program, see `cargo xtask tools`.

#![allow(clippy::unwrap_used, clippy::panic)]

#[cfg(unix)]
mod nchan;
mod node;
mod php;
mod tail;
