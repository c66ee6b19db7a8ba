//! Tokens for tests: as good as they come, or bent in one place.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use wellspring_hub::tokens::{
    Access, Algorithm, Issuer, Key, Keys, Purpose, TokenError, Validator, sign_hs256,
};

pub(crate) const PUBLISHERS: &[u8] = b"the publishers' secret, 32 bytes!";
pub(crate) const SUBSCRIBERS: &[u8] = b"the subscribers' secret, 32 bytes";
pub(crate) const ISSUERS: &[u8] = b"the issuer's secret with 32 bytes";
pub(crate) const ISSUER: &str = "https://auth.example";
pub(crate) const HUB: &str = "https://hub.example/.well-known/mercure";

/// The time that all of it happens at.
pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

pub(crate) fn secret(secret: &[u8]) -> Keys {
    Keys::new().key(Key::secret(secret, Algorithm::Hs256).unwrap())
}

pub(crate) fn validator() -> Validator {
    Validator {
        publishers: secret(PUBLISHERS),
        subscribers: secret(SUBSCRIBERS),
        issuers: vec![Issuer {
            name: ISSUER.to_owned(),
            keys: secret(ISSUERS),
        }],
        resource: HUB.parse().unwrap(),
        legacy: true,
    }
}

/// What a publisher's token says when it is read at [`now`].
pub(crate) async fn publisher(token: &str) -> Result<Access, TokenError> {
    validator().validate(token, Purpose::Publish, now()).await
}

pub(crate) async fn subscriber(token: &str) -> Result<Access, TokenError> {
    validator().validate(token, Purpose::Subscribe, now()).await
}

/// A publisher's token of the 0.x dialect with these claims.
pub(crate) fn legacy(claims: &Value) -> String {
    sign_hs256(PUBLISHERS, "JWT", claims)
}

/// An access token of the 1.0 dialect, these claims put over good ones; `null` takes one away.
pub(crate) fn access_token(over: &Value) -> String {
    let mut claims = json!({
        "iss": ISSUER,
        "sub": "alice",
        "aud": HUB,
        "exp": 1_700_000_600,
        "authorization_details": [detail(&json!({}))],
    });
    lay_over(&mut claims, over);
    sign_hs256(ISSUERS, "at+jwt", &claims)
}

/// Details for a hub, with these put over good ones.
pub(crate) fn detail(over: &Value) -> Value {
    let mut detail = json!({
        "type": "https://mercure.rocks/authorization-detail",
        "actions": ["publish", "subscribe"],
        "topics": [{ "match": "https://shop.example/books/1", "match_type": "exact" }],
    });
    lay_over(&mut detail, over);
    detail
}

fn lay_over(value: &mut Value, over: &Value) {
    let value = value.as_object_mut().unwrap();
    for (name, new) in over.as_object().unwrap() {
        match new {
            Value::Null => drop(value.remove(name)),
            new => drop(value.insert(name.clone(), new.clone())),
        }
    }
}
