//! Placeholder.

pub mod fetch;
pub mod transport;
