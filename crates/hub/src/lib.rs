//! A hub for event streams: applications publish to it over HTTP, and any number of `EventSource` clients
//! subscribe by topic. Compatible with the Mercure protocol, in the dialects 0.x (draft-07) and 1.0 (draft-08).
//!
//! A [`Hub`] is a tower service: a server gives it requests, it publishes to a
//! [`Broker`](wellspring_broker::Broker) and answers with event streams. [`tokens`] says who may do what.
//!
//! # Limits
//!
//! | what | limit | default | beyond it |
//! |---|---|---|---|
//! | event streams | [`Limits::connections`] | 100,000 | a stream that ends at once with a time to come back |
//! | of one address | [`Limits::connections_per_address`] | 1,000 | the same |
//! | of one subject | [`Limits::connections_per_subject`] | 1,000 | the same |
//! | selectors of a stream | [`Limits::selectors`], [`MAX_SELECTORS`] | 1,000 | status 400 |
//! | of these, such as begin with a variable | [`Limits::wide_selectors`] | 32 | status 400 |
//! | different ones of these of one address or subject | [`Limits::wide_selectors_per_client`] | 128 | status 400 in the 0.x dialect, 429 in 1.0 |
//! | URL patterns of a stream | [`Limits::url_patterns`] | 100 | status 400 |
//! | fields of a form or a query | [`MAX_FIELDS`] | 2,048 | status 413 |
//! | topics of an update; a topic; an id; a type | [`MAX_TOPICS`], [`MAX_TOPIC`], [`MAX_ID`], [`MAX_TYPE`] | 1,000; 4,096, 1,024 and 1,024 bytes | status 413 |
//! | a body | [`Limits::body`] | 4 MiB, 60 s, 10 s without a byte | status 413, 408 |
//! | all bodies | [`Limits::bodies`] | 64 MiB | status 503 |
//! | bytes a second of one publisher | [`Limits::publish_rate`] | none | status 429 |
//! | a token; its topics | [`MAX_TOKEN`](tokens::MAX_TOKEN), [`MAX_GRANTS`] | 32 KiB; 1,000 | status 401 |
#![cfg_attr(docsrs, feature(doc_cfg))]

mod dialect_07;
mod dialect_08;
mod files;
mod form;
mod grants;
mod json;
mod limits;
mod metrics;
mod network;
mod presence;
mod publication;
mod rates;
mod refusal;
mod service;
mod settings;
mod subscribe;
mod text;
pub mod tokens;
mod wanted;

pub use files::File;
pub use form::MAX_FIELDS;
pub use grants::{Grants, MAX_GRANTS};
pub use limits::Limits;
pub use metrics::CONTENT_TYPE as METRICS_TYPE;
pub use network::{InvalidNetwork, Network};
pub use publication::{MAX_ID, MAX_TOPIC, MAX_TOPICS, MAX_TYPE};
pub use service::{HUB_PATH, Hub, HubBody, Peer};
pub use settings::Settings;
pub use subscribe::{EXPIRY_PARAMETER, GAP_PARAMETER};
pub use wanted::MAX_SELECTORS;

/// The README of this crate, so that its example runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
