//! Compact JSON Web Signatures (RFC 7515, 7.1). In: a token. Out: its header, what was signed, and the
//! signature, nothing of it verified yet; or why it is refused unread.
//!
//! A header can say which algorithm and which key; it can never bring a key or an address of one.
//!
//! Next: `key_set.rs` verifies.

use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use super::base64url;
use super::error::{MAX_TOKEN, TokenError};
use crate::json;

/// Members that would make the verifier trust what the token brings, or that mean it is no plain signature.
const REFUSED: [&str; 7] = ["jku", "jwk", "x5u", "x5c", "crit", "b64", "enc"];

/// A token that is well formed.
#[derive(Debug)]
pub(super) struct Jws<'a> {
    pub(super) algorithm: Algorithm,
    pub(super) kid: Option<String>,
    typ: Option<String>,
    pub(super) signed: &'a [u8],
    pub(super) signature: Vec<u8>,
    payload: Vec<u8>,
}

impl<'a> Jws<'a> {
    pub(super) fn parse(token: &'a str) -> Result<Self, TokenError> {
        if token.len() > MAX_TOKEN {
            return Err(TokenError::TooLong);
        }
        let mut parts = token.split('.');
        let (Some(header), Some(payload), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(TokenError::NotCompact);
        };
        let signed = &token.as_bytes()[..header.len() + 1 + payload.len()];
        let bytes = |part: &str| base64url::decode(part.as_bytes()).ok_or(TokenError::NotCompact);
        let (header, payload, signature) = (bytes(header)?, bytes(payload)?, bytes(signature)?);
        let header = object(&header).ok_or(TokenError::Header)?;
        if let Some(name) = REFUSED.iter().find(|name| header.contains_key(**name)) {
            return Err(TokenError::HeaderMember(name));
        }
        let algorithm = text(&header, "alg")?.ok_or(TokenError::Header)?;
        let algorithm = algorithm.parse().map_err(|_| TokenError::Algorithm)?;
        Ok(Self {
            algorithm,
            kid: text(&header, "kid")?,
            typ: text(&header, "typ")?,
            signed,
            signature,
            payload,
        })
    }

    /// Whether it says that it is an access token of RFC 9068 (section 2.1).
    pub(super) fn is_access_token(&self) -> bool {
        let typ = self.typ.as_deref().unwrap_or_default().to_ascii_lowercase();
        typ.strip_prefix("application/").unwrap_or(&typ) == "at+jwt"
    }

    /// The claims. To be used only once the signature is verified.
    pub(super) fn claims(&self) -> Result<Map<String, Value>, TokenError> {
        object(&self.payload).ok_or(TokenError::Claims(
            "they are no JSON object, or repeat a member",
        ))
    }

    /// Who says to have signed it, before anything is verified: that is what selects the keys.
    pub(super) fn unverified_issuer(&self) -> Result<String, TokenError> {
        let claims = self.claims()?;
        let issuer = claims.get("iss").and_then(Value::as_str);
        issuer.map(str::to_owned).ok_or(TokenError::Issuer)
    }
}

fn object(json: &[u8]) -> Option<Map<String, Value>> {
    match json::parse(json) {
        Ok(Value::Object(map)) => Some(map),
        _ => None,
    }
}

fn text(header: &Map<String, Value>, name: &str) -> Result<Option<String>, TokenError> {
    match header.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(TokenError::Header),
    }
}
