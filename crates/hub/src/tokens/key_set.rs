//! The keys for one purpose. In: a token. Out: whether one of the keys signed it.
//!
//! Next: `jwks.rs` for keys that change.

use std::sync::Arc;

use super::error::TokenError;
use super::jwks::RemoteKeys;
use super::jws::Jws;
use super::key::Key;

/// How many keys are tried for a token that does not say which one it is.
const MOST_TRIED: usize = 8;

/// Holds the keys that tokens of one kind may be signed with: fixed ones, and those of sets at URLs.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    fixed: Vec<Key>,
    remote: Vec<Arc<RemoteKeys>>,
}

impl Keys {
    /// Returns no keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a key.
    #[must_use]
    pub fn key(mut self, key: Key) -> Self {
        self.fixed.push(key);
        self
    }

    /// Adds the keys of a set that is fetched.
    #[must_use]
    pub fn remote(mut self, keys: Arc<RemoteKeys>) -> Self {
        self.remote.push(keys);
        self
    }

    /// Returns true if no token can have been signed with any of them.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fixed.is_empty() && self.remote.is_empty()
    }

    /// Returns the sets that are fetched.
    pub fn remote_sets(&self) -> impl Iterator<Item = &Arc<RemoteKeys>> {
        self.remote.iter()
    }

    /// Verifies the signature. If no key here has the token's `kid`, the sets are fetched once more, as often
    /// as they allow it.
    pub(super) async fn verify(&self, jws: &Jws<'_>) -> Result<(), TokenError> {
        let found = self.verify_now(jws);
        if found != Err(TokenError::UnknownKey) || jws.kid.is_none() {
            return found;
        }
        let mut fetched = false;
        for set in &self.remote {
            fetched |= set.refresh_for_unknown_key().await;
        }
        if fetched { self.verify_now(jws) } else { found }
    }

    fn verify_now(&self, jws: &Jws<'_>) -> Result<(), TokenError> {
        let remote: Vec<Arc<[Key]>> = self.remote.iter().map(|set| set.current()).collect();
        let keys = self
            .fixed
            .iter()
            .chain(remote.iter().flat_map(|keys| keys.iter()));
        let named = |key: &&Key| match (&jws.kid, key.kid()) {
            (Some(wanted), Some(kid)) => wanted == kid,
            _ => true,
        };
        let mut fitting = keys
            .filter(|key| key.allows(jws.algorithm))
            .filter(named)
            .peekable();
        if fitting.peek().is_none() {
            return Err(TokenError::UnknownKey);
        }
        let mut tried = fitting.take(MOST_TRIED);
        let signed = tried.any(|key| key.verifies(jws.algorithm, jws.signed, &jws.signature));
        if signed {
            Ok(())
        } else {
            Err(TokenError::Signature)
        }
    }
}
