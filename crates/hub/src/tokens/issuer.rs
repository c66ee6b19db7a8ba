//! Who issues access tokens. In: a name, as tokens have it in `iss`. Out: that with its keys.
//!
//! Next: `access_token.rs`.

use super::key_set::Keys;

/// Names an issuer of access tokens, and the keys it signs with.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// The `iss` of its tokens, byte by byte.
    pub name: String,
    /// What its tokens are signed with.
    pub keys: Keys,
}
