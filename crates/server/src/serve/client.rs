//! What a connection needs to answer its client.
//!
//! Next: `connection.rs`.

use std::fmt;

use super::request::Tell;

/// The service, and what is known of the client, for each request on a connection.
pub(super) struct Client<S, A> {
    /// Cloned for each request.
    pub(super) service: S,
    /// What the listener said with the connection.
    pub(super) address: A,
    /// Set by [`Serve::with_extensions`](crate::Serve::with_extensions).
    pub(super) tell: Option<Tell<A>>,
}

impl<S, A: fmt::Debug> fmt::Debug for Client<S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
