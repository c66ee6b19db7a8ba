//! Tokens of the 0.x dialect (draft-07): the claim `mercure`. In: a well formed token, the keys of what it is
//! for. Out: what it allows.
//!
//! Next: `access_token.rs` for those of 1.0.

use std::time::SystemTime;

use serde_json::{Map, Value};
use wellspring_matcher::Selector;

use super::access::{Access, Issuance};
use super::error::TokenError;
use super::jws::Jws;
use super::key_set::Keys;
use super::times;
use crate::grants::{Grants, MAX_GRANTS};

/// The claim under the name that cannot collide; it wins.
const NAMESPACED: &str = "https://mercure.rocks/";
const SHORT: &str = "mercure";

pub(super) async fn validate(
    jws: &Jws<'_>,
    keys: &Keys,
    now: SystemTime,
) -> Result<Access, TokenError> {
    keys.verify(jws).await?;
    let claims = jws.claims()?;
    let expires = times::check(&claims, now)?;
    let claim = claims.get(NAMESPACED).or_else(|| claims.get(SHORT));
    let claim = claim.ok_or(TokenError::Claims(
        "there is no \"mercure\", and the header's \"typ\" is not at+jwt",
    ))?;
    let claim = claim
        .as_object()
        .ok_or(TokenError::Claims("\"mercure\" is no object"))?;
    let publish = selectors(claim, "publish")?;
    let subscribe = selectors(claim, "subscribe")?;
    if publish.len() + subscribe.len() > MAX_GRANTS {
        return Err(TokenError::Claims(
            "there are more than 1,000 topic selectors",
        ));
    }
    let payload = claim.get("payload").filter(|payload| !payload.is_null());
    Ok(Access {
        issuance: Issuance::MercureClaim,
        issuer: text(&claims, "iss"),
        subject: text(&claims, "sub"),
        expires,
        publish: Grants::new(publish),
        subscribe: Grants::new(subscribe),
        payloads: payload
            .map(|payload| (Grants::new(vec![Selector::any()]), payload.clone()))
            .into_iter()
            .collect(),
    })
}

fn text(claims: &Map<String, Value>, name: &str) -> Option<String> {
    claims.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// A list that is missing, or `null`, allows nothing.
fn selectors(claim: &Map<String, Value>, name: &str) -> Result<Vec<Selector>, TokenError> {
    let wrong = TokenError::Claims("\"publish\" and \"subscribe\" are lists of topic selectors");
    let list = match claim.get(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(list) => list.as_array().ok_or(wrong)?,
    };
    if list.len() > MAX_GRANTS {
        return Err(TokenError::Claims(
            "there are more than 1,000 topic selectors",
        ));
    }
    let selectors = list.iter().map(|text| {
        let text = text.as_str().ok_or(wrong)?;
        Selector::parse(text).map_err(|_| TokenError::Claims("a topic selector is over a limit"))
    });
    selectors.collect()
}
