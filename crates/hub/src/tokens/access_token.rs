//! Tokens of the 1.0 dialect (draft-08): access tokens of RFC 9068 with authorization details of RFC 9396. In:
//! a well formed token whose `typ` is `at+jwt`. Out: what it allows.
//!
//! Next: `times.rs`, `../grants.rs`.

use std::time::SystemTime;

use serde_json::{Map, Value};
use url::Url;
use wellspring_matcher::Selector;

use super::access::{Access, Issuance};
use super::error::TokenError;
use super::issuer::Issuer;
use super::jws::Jws;
use super::times;
use crate::grants::{Grants, MAX_GRANTS};

/// The type of the authorization details that are for a hub.
pub const DETAIL: &str = "https://mercure.rocks/authorization-detail";

pub(super) async fn validate(
    jws: &Jws<'_>,
    issuers: &[Issuer],
    resource: &Url,
    now: SystemTime,
) -> Result<Access, TokenError> {
    if issuers.is_empty() {
        return Err(TokenError::NoIssuers);
    }
    let name = jws.unverified_issuer()?;
    let issuer = issuers.iter().find(|issuer| issuer.name == name);
    let issuer = issuer.ok_or(TokenError::Issuer)?;
    issuer.keys.verify(jws).await?;
    let claims = jws.claims()?;
    let expires = times::check(&claims, now)?;
    expires.ok_or(TokenError::Claims("there is no \"exp\""))?;
    if !is_for(&claims, resource) {
        return Err(TokenError::Audience);
    }
    let details = Details::read(&claims, resource)?;
    Ok(Access {
        issuance: Issuance::AccessToken,
        issuer: Some(name),
        subject: claims.get("sub").and_then(Value::as_str).map(str::to_owned),
        expires,
        publish: Grants::new(details.publish),
        subscribe: Grants::new(details.subscribe),
        payloads: details.payloads,
    })
}

/// Whether `aud`, a text or a list of texts, has the hub in it.
fn is_for(claims: &Map<String, Value>, resource: &Url) -> bool {
    let is_ours = |audience: &Value| audience.as_str() == Some(resource.as_str());
    match claims.get("aud") {
        Some(Value::Array(list)) => list.iter().any(is_ours),
        Some(audience) => is_ours(audience),
        None => false,
    }
}

/// All details that are for a hub, put together.
#[derive(Default)]
struct Details {
    publish: Vec<Selector>,
    subscribe: Vec<Selector>,
    payloads: Vec<(Grants, Value)>,
    count: usize,
}

impl Details {
    /// A token without such details has no rights, and is valid.
    fn read(claims: &Map<String, Value>, resource: &Url) -> Result<Self, TokenError> {
        let mut all = Self::default();
        let list = match claims.get("authorization_details") {
            None => return Ok(all),
            Some(list) => list
                .as_array()
                .ok_or(TokenError::Claims("\"authorization_details\" is no list"))?,
        };
        for detail in list {
            let detail = detail.as_object();
            let detail =
                detail.ok_or(TokenError::Claims("an authorization detail is no object"))?;
            match detail.get("type").and_then(Value::as_str) {
                Some(DETAIL) => all.add(detail, resource)?,
                Some(_) => {}
                None => return Err(TokenError::Claims("an authorization detail has no type")),
            }
        }
        Ok(all)
    }

    fn add(&mut self, detail: &Map<String, Value>, resource: &Url) -> Result<(), TokenError> {
        let actions = list(detail, "actions")?;
        if !actions.iter().all(Value::is_string) {
            return Err(TokenError::Claims("an action is no text"));
        }
        let topics = list(detail, "topics")?;
        self.count += topics.len();
        if self.count > MAX_GRANTS {
            return Err(TokenError::Claims("there are more than 1,000 topics"));
        }
        let selectors = topics.iter().map(|topic| selector(topic, resource));
        let selectors: Vec<Selector> = selectors.collect::<Result<_, _>>()?;
        // An action that is not known is ignored.
        if actions.iter().any(|action| action == "publish") {
            self.publish.extend(selectors.iter().cloned());
        }
        if actions.iter().any(|action| action == "subscribe") {
            self.subscribe.extend(selectors.iter().cloned());
            if let Some(payload) = detail.get("payload") {
                self.payloads
                    .push((Grants::new(selectors), payload.clone()));
            }
        }
        Ok(())
    }
}

/// A list that has something in it.
fn list<'a>(detail: &'a Map<String, Value>, name: &str) -> Result<&'a Vec<Value>, TokenError> {
    let found = detail.get(name).and_then(Value::as_array);
    found
        .filter(|list| !list.is_empty())
        .ok_or(TokenError::Claims(
            "\"actions\" and \"topics\" of an authorization detail are lists that are not empty",
        ))
}

fn selector(topic: &Value, resource: &Url) -> Result<Selector, TokenError> {
    let wrong = TokenError::Claims("a topic is an object with a \"match\" and a \"match_type\"");
    let topic = topic.as_object().ok_or(wrong)?;
    let text = topic.get("match").and_then(Value::as_str).ok_or(wrong)?;
    let kind = match topic.get("match_type") {
        // The narrower of the two.
        None => "exact",
        Some(kind) => kind.as_str().ok_or(wrong)?,
    };
    let selector = match kind {
        "exact" | "urlpattern" if text == "*" => Ok(Selector::any()),
        "exact" => Selector::exact(text),
        "urlpattern" => Selector::url_pattern(text, Some(resource)),
        _ => {
            return Err(TokenError::Claims(
                "a \"match_type\" is neither exact nor urlpattern",
            ));
        }
    };
    selector.map_err(|_| TokenError::Claims("a topic is no URL pattern, or over a limit"))
}
