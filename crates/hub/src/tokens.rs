//! Tokens. In: the text of a token, and what it is brought for. Out: what it allows, or why it is refused.
//!
//! A token whose header says `typ: at+jwt` is held to the rules of 1.0, every other one to those of 0.x. There
//! is no way from one to the other: what fails as an access token is never looked at as anything else.
//!
//! Next: `tokens/jws.rs` (well formed?), `tokens/key_set.rs` (signed?), `tokens/mercure_claim.rs` (0.x),
//! `tokens/access_token.rs` (1.0).

mod access;
mod access_token;
mod algorithm;
mod base64url;
mod der;
mod error;
mod issuer;
mod jwk;
mod jwks;
mod jws;
mod key;
mod key_set;
mod mercure_claim;
mod pem;
mod sign;
mod times;

pub use access::{Access, Issuance};
pub use access_token::DETAIL;
pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use error::{MAX_TOKEN, TokenError};
pub use issuer::Issuer;
pub use jwks::{Fetch, MAX_JWKS, PAUSE, REFRESH, RemoteKeys};
pub use key::{Key, KeyError};
pub use key_set::Keys;
pub use sign::sign_hs256;
pub use times::LEEWAY;

use std::time::SystemTime;

use url::Url;

use jws::Jws;

/// Says what a token is brought for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To publish.
    Publish,
    /// To subscribe, or to ask who does.
    Subscribe,
}

/// Validates tokens of both dialects.
#[derive(Clone, Debug)]
pub struct Validator {
    /// What tokens of the 0.x dialect for publishing are signed with; empty to take none.
    pub publishers: Keys,
    /// Likewise for subscribing.
    pub subscribers: Keys,
    /// Who issues access tokens.
    pub issuers: Vec<Issuer>,
    /// What the `aud` of access tokens has to contain.
    pub resource: Url,
    /// Whether tokens of the 0.x dialect are taken.
    pub legacy: bool,
}

impl Validator {
    /// Validates a token.
    ///
    /// # Errors
    /// [`TokenError`], whose text is a sentence for the client that sent the token.
    pub async fn validate(
        &self,
        token: &str,
        purpose: Purpose,
        now: SystemTime,
    ) -> Result<Access, TokenError> {
        let jws = Jws::parse(token)?;
        if jws.is_access_token() {
            return access_token::validate(&jws, &self.issuers, &self.resource, now).await;
        }
        if !self.legacy {
            return Err(TokenError::LegacyOff);
        }
        let keys = match purpose {
            Purpose::Publish => &self.publishers,
            Purpose::Subscribe => &self.subscribers,
        };
        mercure_claim::validate(&jws, keys, now).await
    }

    /// Returns the sets of keys that are fetched, to be [refreshed](RemoteKeys::refresh) at the start and
    /// every [`REFRESH`].
    pub fn remote_sets(&self) -> impl Iterator<Item = &std::sync::Arc<RemoteKeys>> {
        let issued = self
            .issuers
            .iter()
            .flat_map(|issuer| issuer.keys.remote_sets());
        let own = [&self.publishers, &self.subscribers].into_iter();
        own.flat_map(Keys::remote_sets).chain(issued)
    }
}
