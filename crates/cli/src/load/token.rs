//! Tokens of the Mercure protocol. In: an HMAC secret, and what a token is to cover. Out: the token; and
//! of a token that was given, what it says that it covers.
//!
//! Those of 1.0 are as the August 2026 draft has them (draft-dunglas-mercure-08, RFC 9068). Next:
//! `coverage.rs`.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::{Value, json};

use super::selectors::{Asked, Kind};
use crate::args::Dialect;

const DETAIL: &str = "https://mercure.rocks/authorization-detail";

/// What all tokens of a run have in common.
#[derive(Debug)]
pub(super) struct Authority<'a> {
    pub(super) dialect: Dialect,
    pub(super) issuer: &'a str,
    pub(super) audience: &'a str,
    /// When tokens end, in seconds since 1970.
    pub(super) until: u64,
    /// Tells the tokens of two runs apart.
    pub(super) run: &'a str,
}

/// What a token lets its bearer do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Publish,
    Subscribe,
}

impl Authority<'_> {
    /// A token for these topics, signed with HMAC and SHA-256.
    pub(super) fn token(&self, action: Action, topics: &[Asked], key: &str) -> String {
        let action = match action {
            Action::Publish => "publish",
            Action::Subscribe => "subscribe",
        };
        let (kind, claims) = match self.dialect {
            Dialect::Zero => ("JWT", self.claims_before_1(action, topics)),
            Dialect::One => ("at+jwt", self.claims(action, topics)),
        };
        let encoded = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = encoded(json!({ "alg": "HS256", "typ": kind }));
        let signed = format!("{header}.{}", encoded(claims));
        let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
        let signature = hmac::sign(&key, signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn claims_before_1(&self, action: &str, topics: &[Asked]) -> Value {
        let topics: Vec<&str> = topics.iter().map(|asked| asked.text.as_str()).collect();
        json!({ "exp": self.until, "mercure": { action: topics } })
    }

    fn claims(&self, action: &str, topics: &[Asked]) -> Value {
        let matchers = topics.iter().map(|asked| {
            let kind = match asked.kind {
                Kind::UrlPattern => "urlpattern",
                _ => "exact",
            };
            json!({ "match": asked.text, "match_type": kind })
        });
        let detail = json!({
            "type": DETAIL,
            "actions": [action],
            "topics": matchers.collect::<Vec<_>>(),
        });
        let name = format!("wellspring-load-{}", self.run);
        json!({
            "iss": self.issuer,
            "aud": self.audience,
            "sub": name,
            "client_id": name,
            "jti": format!("{name}-{action}"),
            "iat": now(),
            "exp": self.until,
            "authorization_details": [detail],
        })
    }
}

/// The selectors that the token says it covers, as the `subscribe` claim of 0.x or the details of 1.0
/// have them; `None` if it is no token of theirs.
pub(super) fn covered(token: &str) -> Option<Vec<Asked>> {
    let payload = token.split('.').nth(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claims: Value = serde_json::from_slice(&bytes).ok()?;
    if let Some(details) = claims.get("authorization_details") {
        let details = details.as_array()?.iter();
        let ours = details.filter(|detail| {
            let actions = detail.get("actions").and_then(Value::as_array);
            let mut actions = actions.into_iter().flatten();
            detail.get("type").and_then(Value::as_str) == Some(DETAIL)
                && actions.any(|action| action == "subscribe")
        });
        let topics = ours.filter_map(|detail| detail.get("topics")?.as_array());
        return Some(topics.flatten().filter_map(matcher).collect());
    }
    let mercure = claims.get("https://mercure.rocks/");
    let mercure = mercure.or_else(|| claims.get("mercure"))?;
    let selectors = mercure.get("subscribe").and_then(Value::as_array);
    let selectors = selectors.into_iter().flatten().filter_map(Value::as_str);
    let covered = selectors.map(|text| Asked::new(text, Kind::Template));
    Some(covered.collect())
}

fn matcher(topic: &Value) -> Option<Asked> {
    let kind = match topic.get("match_type")?.as_str()? {
        "exact" => Kind::Exact,
        "urlpattern" => Kind::UrlPattern,
        _ => return None,
    };
    Some(Asked::new(topic.get("match")?.as_str()?, kind))
}

/// In seconds since 1970.
pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests;
