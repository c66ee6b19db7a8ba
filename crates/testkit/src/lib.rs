//! What the tests of every crate share. In: bytes, seeds, scripts. Out: traces to compare, streams to
//! decode, a server that misbehaves on command. Nothing here is published, and nothing here depends
//! on the crates under test, so that no mistake of theirs can hide in their own judge.
//!
//! Next: [`trace`] is the format that decoders are compared in, [`oracle`] the naive decoder,
//! [`vectors`] what the standard says by hand, [`generate`] what no person would write by hand,
//! [`chunks`] the ways to cut a stream, [`server`] the other end of a socket, [`service`] the same
//! without one, [`redis`] a server of others, [`tools`] the programs that a test needs.

pub mod chunks;
pub mod generate;
pub mod oracle;
pub mod redis;
pub mod server;
pub mod service;
pub mod tools;
pub mod trace;
pub mod vectors;

pub use tools::tool;
pub use trace::{Trace, TraceItem};

/// The fetches of pages that a browser and the client are both asked about, as JSON: a list of rows. A row has hops, each
/// `at` the origin of the `page`, an `other` of its site or one `far` away, with the headers of its response (`$page` is
/// the page's origin, `$PAGE` the same in capitals); what each hop that is reached hears, in `origins` (`-` is no
/// `Origin`) and `cookies` (`l` is `SameSite=Lax`, `n` is `SameSite=None; Secure`), with Chromium's
/// in `chromium` where that departs from Fetch; and whether the last one `opens`.
pub const CORS_TABLE: &str = include_str!("cors.json");
