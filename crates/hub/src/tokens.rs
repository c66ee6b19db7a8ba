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
