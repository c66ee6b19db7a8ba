//! The history of a hub in Redis: several nodes, one order.
//!
//! [`RedisEngine`] keeps the records of a [`Broker`](wellspring_broker::Broker) in a Redis Stream, so that
//! every node that names the same server and prefix serves the same history, and a cursor of one node is
//! good at each other.
//!
//! # Example
//!
//! See [`RedisEngine`].
//!
//! # What is promised
//!
//! Scripts give records dense numbers of their own, never the clock's. An append is answered when Redis has
//! run the script: how durable that is, the server's `appendonly`, `appendfsync` and its replicas decide.
//! What a server lacks after a restart, a failover or a restored backup is never covered up: whenever the
//! server is not the process that it was before, the epoch ends behind the newest record that is there, and
//! another one begins. So no number is given twice within an epoch, and whoever had seen more learns of it.
//!
//! # Limits
//!
//! | what | limit | beyond it |
//! |---|---|---|
//! | a record | 16 MiB | refused as too large |
//! | records in one append | 512, 1 MiB | the next append takes the rest |
//! | appends that wait | 4,096 | callers wait |
//! | records in one read | 1,024, 1 MiB | the next page has the rest |
//! | connecting, with all checks | 3 s | an error |
//! | the answer to a command | 3 s | the connection is given up; an append is in doubt |
//! | silence of the server while following | 3 s | the connection is given up |
//!
//! All that wait for the same connection are answered by its loss.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod append;
mod connection;
mod engine;
mod error;
mod info;
mod keys;
mod link;
mod options;
mod place;
mod presence;
mod reply;
mod rewriting;
mod scripts;
mod tail;

pub use engine::RedisEngine;
pub use options::{RedisOptions, RedisUrlError};

/// The README of this crate, so that its example runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
