//! Interim responses, which are skipped (RFC 9110, 15.2). In: how many there were. Out: an error once
//! there are too many: a server could send them for ever.
//!
//! Next: `http1.rs`, `http2.rs`, `proxy/tunnel.rs`.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// So many are skipped. Servers send one or two; some send one every few seconds while they work.
pub(super) const INTERIM_RESPONSES: usize = 100;

/// What is wrong with more.
pub(super) const TOO_MANY: &str =
    "it sent more than 100 interim responses (1xx) and no final response";

/// Counts the interim responses to one request, wherever they are seen.
#[derive(Clone, Default)]
pub(super) struct Interim(Arc<AtomicUsize>);

impl Interim {
    pub(super) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn are_too_many(&self) -> bool {
        self.count() > INTERIM_RESPONSES
    }
}
