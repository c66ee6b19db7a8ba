//! A transport of the EventSource client [`wellspring`] over any client of reqwest.
//!
//! ```
//! use wellspring::EventSource;
//! use wellspring_reqwest::{ReqwestTransport, reqwest};
//!
//! let client = reqwest::Client::builder().connect_timeout(std::time::Duration::from_secs(5));
//! let source = EventSource::builder("http://example.com/stream")
//!     .transport(ReqwestTransport::new(client)?)
//!     .build()?;
//! # let _ = source;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What holds of the client's own settings
//!
//! | setting of the builder | with an event source |
//! |---|---|
//! | proxies, certificates, resolvers, the pool | hold |
//! | the connect timeout | holds, and takes the place of the source's |
//! | cookies, default headers | hold, at every origin that a redirect leads to |
//! | redirects | replaced: the source follows them, by Fetch's rules for credentials |
//! | timeouts of requests and of reads | replaced by a hundred years: they would end healthy streams; see [`idle_timeout`](wellspring::EventSourceBuilder::idle_timeout) |
//! | decoders of `gzip` and others | switched off: the source decodes, with the features `gzip` and `br` of `wellspring` |
//!
//! The version of [`reqwest`] in the interface is handed on, so that a program need not name it a second time, unless it
//! wants features of it.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod transport;

pub use reqwest;
pub use transport::ReqwestTransport;

/// The README of this crate, so that its example runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
