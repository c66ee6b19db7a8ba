//! The hub from outside.

#![allow(clippy::unwrap_used)]

mod access_tokens;
mod around;
mod bad_input;
mod forged_tokens;
mod hub;
mod jwks;
mod keys;
mod limits;
mod mercure_tokens;
mod mint;
mod nodes;
mod oracle;
mod presence;
mod publishing;
mod streams;
mod subscribing;
