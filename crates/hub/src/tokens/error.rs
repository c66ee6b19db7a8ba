//! Why a token is not taken. In: what was found. Out: a sentence for the client that sent it, without anything of the token.
//!
//! Next: back to `../tokens.rs`.

use std::fmt;

/// The longest token that is read, in bytes.
pub const MAX_TOKEN: usize = 32 << 10;

/// Says why a token was refused. Its text never shows the token, a key or a claim's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenError {
    /// It has more than [`MAX_TOKEN`] bytes.
    TooLong,
    /// It is not three parts of base64url without padding, joined by dots.
    NotCompact,
    /// Its header is no JSON object with an `alg`, or repeats a member.
    Header,
    /// Its header has a member that is never taken from a token, such as `jku`.
    HeaderMember(&'static str),
    /// Its algorithm is `none`, or not one that the hub has.
    Algorithm,
    /// No key of this hub is meant for its algorithm and its `kid`.
    UnknownKey,
    /// The signature is not one of the keys'.
    Signature,
    /// Its claims are not as they must be.
    Claims(&'static str),
    /// Its `exp` has passed.
    Expired,
    /// Its `nbf` has not come yet.
    NotYet,
    /// Its `aud` does not have this hub in it.
    Audience,
    /// Its `iss` is missing, or not an issuer of this hub.
    Issuer,
    /// It is of the 0.x dialect, which the operator has switched off.
    LegacyOff,
    /// It is an access token of 1.0, and the hub has no issuer.
    NoIssuers,
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let says = match self {
            Self::TooLong => return write!(f, "the token has more than {MAX_TOKEN} bytes"),
            Self::NotCompact => {
                "the token is not a signed JWT: three parts of base64url without padding, joined by dots"
            }
            Self::Header => {
                "the token's header is not a JSON object with a name of an algorithm in \"alg\""
            }
            Self::HeaderMember(name) => {
                return write!(
                    f,
                    "the token's header has {name:?}, which is never taken from a token"
                );
            }
            Self::Algorithm => "the token's algorithm is not one that this hub takes",
            Self::UnknownKey => {
                "this hub has no key for the token's algorithm and key id: sign it with the algorithm that the \
                 hub is set up with"
            }
            Self::Signature => "the token's signature does not fit: it was signed with another key",
            Self::Claims(what) => return write!(f, "the token's claims are not valid: {what}"),
            Self::Expired => "the token has expired",
            Self::NotYet => "the token is not valid yet: its \"nbf\" is in the future",
            Self::Audience => {
                "the token is for another audience: its \"aud\" must contain this hub's public URL"
            }
            Self::Issuer => "the token's issuer, \"iss\", is not one of this hub's",
            Self::LegacyOff => {
                "tokens with a \"mercure\" claim are switched off here: bring an access token (typ at+jwt)"
            }
            Self::NoIssuers => {
                "this hub has no issuer of access tokens (typ at+jwt); start it with --issuer"
            }
        };
        f.write_str(says)
    }
}

impl std::error::Error for TokenError {}
