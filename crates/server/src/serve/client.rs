//! What a connection needs to answer its client.
//!
//! Next: `connection.rs`.

use std::fmt;

use super::request::Tell;

pub(super) struct Client<S, A> {
    pub(super) service: S,
    pub(super) address: A,
    pub(super) tell: Option<Tell<A>>,
}

impl<S, A: fmt::Debug> fmt::Debug for Client<S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
