//! A broker over an engine, from the outside. In: updates and subscriptions. Out: who got what.
//!
//! Next: `support.rs`, then `delivery.rs`.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod away;
mod delivery;
mod drain;
mod faults;
mod large;
mod presence;
mod publishing;
mod resume;
mod scripted;
mod support;
