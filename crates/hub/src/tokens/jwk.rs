//! Sets of JSON Web Keys (RFC 7517). In: JSON. Out: the keys that signatures can be verified with; others of
//! the set are passed over, as section 5 asks.
//!
//! Next: `jwks.rs` fetches sets.

use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use super::base64url;
use super::key::{Key, KeyError, Material};
use crate::json;

/// The most keys that are taken from a set.
pub(super) const MOST_KEYS: usize = 64;

/// Where a set came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// From the operator: it may have secrets in it.
    Operator,
    /// From a URL: what anybody can fetch is no secret.
    Url,
}

/// The usable keys of a set.
pub(super) fn keys(text: &[u8], origin: Origin) -> Result<Vec<Key>, KeyError> {
    let set = json::parse(text).map_err(|_| KeyError::NotJwks)?;
    let list = set.get("keys").and_then(Value::as_array);
    let list = list.ok_or(KeyError::NotJwks)?.iter();
    let usable = list.filter_map(|jwk| key(jwk.as_object()?, origin));
    let keys: Vec<Key> = usable.take(MOST_KEYS).collect();
    if keys.is_empty() {
        return Err(KeyError::NoneUsable);
    }
    Ok(keys)
}

fn key(jwk: &Map<String, Value>, origin: Origin) -> Option<Key> {
    if !is_for_signatures(jwk) {
        return None;
    }
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    let bytes = |name: &str| base64url::decode(text(name)?.as_bytes());
    let algorithm = match jwk.get("alg") {
        None => None,
        Some(name) => Some(name.as_str()?.parse::<Algorithm>().ok()?),
    };
    let material = match (text("kty")?, text("crv")) {
        ("RSA", _) => Material::RsaNumbers {
            n: bytes("n")?,
            e: bytes("e")?,
        },
        ("EC", Some("P-256")) => Material::P256(point(bytes("x")?, &bytes("y")?, 32)?),
        ("EC", Some("P-384")) => Material::P384(point(bytes("x")?, &bytes("y")?, 48)?),
        ("OKP", Some("Ed25519")) => Material::Ed25519(bytes("x")?),
        ("oct", _) if origin == Origin::Operator => {
            // Which hash a secret is for must be said.
            algorithm?;
            Material::Secret(bytes("k").filter(|secret| !secret.is_empty())?)
        }
        _ => return None,
    };
    let kid = text("kid").map(str::to_owned);
    Key::with(material, algorithm, kid).ok()
}

fn is_for_signatures(jwk: &Map<String, Value>) -> bool {
    let use_fits = jwk.get("use").is_none_or(|used| used == "sig");
    let operations = jwk.get("key_ops");
    let operations_fit = operations.is_none_or(|list| {
        let list = list.as_array();
        list.is_some_and(|list| list.iter().any(|operation| operation == "verify"))
    });
    use_fits && operations_fit
}

/// A point that is not compressed (SEC 1, 2.3.3), of coordinates with exactly this length.
fn point(x: Vec<u8>, y: &[u8], length: usize) -> Option<Vec<u8>> {
    if x.len() != length || y.len() != length {
        return None;
    }
    let mut point = vec![4];
    point.extend(x);
    point.extend_from_slice(y);
    Some(point)
}
