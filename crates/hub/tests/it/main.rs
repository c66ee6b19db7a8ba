//! The hub from outside.

#![allow(clippy::unwrap_used)]

mod keys;
mod mercure_tokens;
mod mint;
