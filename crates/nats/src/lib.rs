//! The history of a hub in a NATS JetStream stream.
//!
//! [`NatsEngine`] is an [`Engine`](wellspring_broker::Engine): any number of nodes work over one stream,
//! all in one order. It is made by [`NatsOptions`], from a URL.
//!
//! # What is kept
//!
//! A stream `NAME`, whose subjects are `NAME.EPOCH.BUCKET`, and a stream `NAME-presence` of leases and
//! members. Each message of the first is one record, framed with its tag. The hub alone may write them.
//! The server takes records of the epoch in force only: when the history has lost its end, because a
//! machine lost what was not on its disk or a backup was restored, the first node to see it begins another
//! epoch, and what others send under the old one is not stored. A stream that is deleted is made anew; one
//! that is purged goes on behind what it had. Each is told to readers as a gap.
//!
//! # Limits
//!
//! | what | limit | beyond it |
//! |---|---|---|
//! | a record | the server's `max_payload` less 1.2 KB | [`Refusal::TooLarge`](wellspring_broker::Refusal::TooLarge) |
//! | requests that wait for their answer | 4,096 | further ones wait for a turn |
//! | an append | 5 s | [`InDoubt`](wellspring_broker::AppendOutcome::InDoubt) |
//! | a reading | 5 s for each request | an error |
//! | messages on their way to a tail | 512, and 4 MiB or two messages | the server waits |
//! | tags that are remembered to notice a loss by | 65,536 | a larger loss is another history |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod api;
mod append;
mod config;
mod connection;
mod consumer;
mod description;
mod engine;
mod error;
mod fence;
mod follow;
mod frame;
mod known;
mod names;
mod numbering;
mod opening;
mod options;
mod polls;
mod presence;
mod read;
mod reconcile;
mod requests;
mod scan;
mod shared;
mod stream;
mod time;
mod trim;
mod view;

pub use engine::NatsEngine;
pub use options::{InvalidAddress, NatsOptions};

/// The README of this crate, so that its example runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
