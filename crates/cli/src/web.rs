//! What `demo` and `serve` have in common: an HTTP server. In: an address, certificates, a [`Site`] that
//! answers requests. Out: connections served, in the clear or over TLS, HTTP/1.1 or HTTP/2.
//!
//! Next: `web/listen.rs`, `web/tls.rs`, `web/connections.rs`, `web/gate.rs` in the order a
//! connection and a request meet them; `web/page.rs` for what a browser gets.

mod connections;
mod gate;
mod hosts;
mod listen;
pub(crate) mod page;
pub(crate) mod reply;
mod tls;

pub(crate) use connections::{Site, serve};
pub(crate) use gate::Gate;
pub(crate) use hosts::Hosts;
pub(crate) use listen::{IfTaken, Listeners, listen};
pub(crate) use tls::{Reload, Tls};
