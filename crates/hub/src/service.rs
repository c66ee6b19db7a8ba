//! The HTTP face of the hub, as a tower service. In: requests. Out: responses.
//!
//! Next: `service/authorize.rs` (who asks), `service/publish.rs`, `service/subscribe.rs`,
//! `service/subscriptions.rs` (what is asked), `service/stream.rs` (what a subscriber gets).

mod authorize;
mod body;
mod client;
mod cors;
mod credentials;
mod opening;
mod publish;
mod receive;
mod reply;
mod shared;
mod stream;
mod subscribe;
mod subscriptions;

pub use body::HubBody;
pub use client::Peer;
