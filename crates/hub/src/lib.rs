//! A hub for event streams: applications publish to it over HTTP, and any number of `EventSource` clients
//! subscribe by topic. Compatible with the Mercure protocol, in the dialects 0.x (draft-07) and 1.0 (draft-08).
//!
//! [`tokens`] says who may do what.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod grants;
mod json;
pub mod tokens;

pub use grants::{Grants, MAX_GRANTS};

/// The README of this crate, so that its example runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
