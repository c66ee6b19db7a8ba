//! `serve` over real sockets. In: bytes. Out: what a client sees, and what is left of it on the server.
//!
//! Next: `serve/app.rs` is what is served, `serve/taken.rs` what is taken over.

mod app;
mod ends;
mod heads;
mod hyper_does;
mod other;
mod stays;
mod storm;
mod taken;
