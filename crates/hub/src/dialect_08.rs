//! The 1.0 dialect, as draft-08 of the Mercure protocol (August 2026) has it; the text of 1.0.0 itself was not
//! to be had. Everything about it is here and in `tokens/access_token.rs`. In: queries, topics, subscriptions.
//! Out: what is asked for, what is refused, and the documents of this dialect.
//!
//! Next: `subscribe.rs`, which chooses between the dialects.

use serde_json::{Value, json};
use url::Url;
use wellspring_matcher::Selector;

use crate::form::{Field, escape};
use crate::refusal::Refusal;
use crate::text::forbidden;
use crate::wanted::{MAX_SELECTORS, MatchType, Wanted, too_many};

/// What the name of every parameter with a matcher begins with.
const MATCH: &str = "match";
/// The header that answers what became of a last event ID.
pub(crate) const ANSWER: &str = "mercure-last-event-id";
/// The cookie that a token may come in.
pub(crate) const COOKIE: &str = "__Secure-mercure_access_token";
/// The same over plain HTTP, where browsers drop the first.
pub(crate) const PLAIN_COOKIE: &str = "mercure_access_token";
/// The type of the documents below.
pub(crate) const CONTENT_TYPE: &str = "application/json";
/// The type of the hub's own events, which publishers cannot use.
pub(crate) const EVENT_TYPE: &str = "mercure";
/// Where the metadata is (RFC 9728).
pub(crate) const METADATA_PATH: &str = "/.well-known/oauth-protected-resource";
/// The last event ID that stands for everything there is.
pub(crate) const EARLIEST: &str = "earliest";

/// Whether a parameter is one of this dialect: its name begins with `match`, in any case.
pub(crate) fn is_matcher(name: &str) -> bool {
    let start = name.as_bytes().get(..MATCH.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(MATCH.as_bytes()))
}

/// The matchers.
pub(crate) fn wanted(fields: &[Field], base: &Url) -> Result<Vec<Wanted>, Refusal> {
    let matchers = fields.iter().filter(|field| is_matcher(&field.name));
    if matchers.clone().nth(MAX_SELECTORS).is_some() {
        return Err(too_many());
    }
    matchers.map(|field| matcher(field, base)).collect()
}

fn matcher(field: &Field, base: &Url) -> Result<Wanted, Refusal> {
    let match_type = match field.name.as_str() {
        "match" | "match_exact" => MatchType::Exact,
        "match_urlpattern" => MatchType::UrlPattern,
        name => {
            let name: String = name
                .chars()
                .take(40)
                .filter(|ch| !ch.is_control())
                .collect();
            return Err(Refusal::bad(format!(
                "The parameter {name:?} is not known: matchers are match, match_exact and match_urlpattern."
            )));
        }
    };
    if let Some(ch) = forbidden(&field.value) {
        return Err(Refusal::bad(format!(
            "A matcher has the character U+{:04X}, which no topic can have.",
            u32::from(ch)
        )));
    }
    let selector = match match_type {
        _ if field.value == "*" => Ok(Selector::any()),
        MatchType::UrlPattern => Selector::url_pattern(&field.value, Some(base)),
        _ => Selector::exact(&field.value),
    };
    let selector =
        selector.map_err(|error| Refusal::bad(format!("A matcher is not usable: {error}.")))?;
    Ok(Wanted {
        selector,
        match_type,
    })
}

/// The last event ID of a query; the first one counts.
pub(crate) fn last_event_id(fields: &[Field]) -> Option<&str> {
    let found = fields.iter().find(|field| field.name == "last_event_id");
    found
        .map(|field| field.value.as_str())
        .filter(|id| !id.is_empty())
}

/// Whether a topic's path is that of the hub or below it, on any host.
pub(crate) fn is_reserved(topic: &str, hub: &Url) -> bool {
    // Dot segments are gone from what is parsed, also those that are escaped.
    let Ok(url) = hub.join(topic) else {
        return false;
    };
    let path = plain(url.path());
    let hub_path = plain(hub.path());
    let below = path.strip_prefix(&hub_path);
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The path with the escapes taken from letters, digits, `-`, `.`, `_` and `~`.
fn plain(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        let code = after
            .get(..2)
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        rest = match code {
            Some(byte) if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
                plain.push(char::from(byte));
                &after[2..]
            }
            _ => {
                plain.push('%');
                after
            }
        };
    }
    plain + rest
}

/// The path of a subscription, which is also the topic of its events.
pub(crate) fn path(
    hub_path: &str,
    match_type: MatchType,
    matcher: &str,
    subscriber: &str,
) -> String {
    let kind = match_type.as_str();
    let (matcher, subscriber) = (escape(matcher), escape(subscriber));
    format!("{hub_path}/subscriptions/{kind}/{matcher}/{subscriber}")
}

/// What is said of one subscription.
pub(crate) fn subscription(
    id: &str,
    match_type: MatchType,
    matcher: &str,
    subscriber: &str,
    active: bool,
    payload: Option<&Value>,
) -> Value {
    let mut document = json!({
        "id": id,
        "type": "subscription",
        "match_type": match_type.as_str(),
        "match": matcher,
        "subscriber": subscriber,
        "active": active,
    });
    if let Some(payload) = payload {
        document["payload"] = payload.clone();
    }
    document
}

/// What is said of several; the place in the history that it was true at goes into the header `Link`.
pub(crate) fn subscriptions(id: &str, subscriptions: &[Value]) -> Value {
    json!({ "id": id, "type": "subscriptions", "subscriptions": subscriptions })
}

/// What a client has to know to get tokens (RFC 9728).
pub(crate) fn metadata(hub: &Url, issuers: &[&str], has_subscriptions: bool) -> Value {
    let mut metadata = json!({
        "resource": hub.as_str(),
        "bearer_methods_supported": ["header"],
        "authorization_details_types_supported": [crate::tokens::DETAIL],
        "mercure_cookie": COOKIE,
        "mercure_matcher_types_supported": [MatchType::Exact.as_str(), MatchType::UrlPattern.as_str()],
        "mercure_subscriptions": has_subscriptions,
    });
    if !issuers.is_empty() {
        metadata["authorization_servers"] = json!(issuers);
    }
    metadata
}

#[cfg(test)]
mod tests;
