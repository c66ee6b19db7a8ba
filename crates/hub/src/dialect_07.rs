//! The 0.x dialect: draft-07 of the Mercure protocol, which deployed clients speak. In: queries, topics,
//! subscriptions. Out: what is asked for, what is refused, and the documents of this dialect.
//!
//! Next: `dialect_08.rs`, the same for 1.0.

use serde_json::{Value, json};
use wellspring_matcher::Selector;

use crate::form::{Field, escape};
use crate::refusal::Refusal;
use crate::wanted::{MAX_SELECTORS, MatchType, Wanted, too_many};

/// The parameter that a selector comes in.
pub(crate) const TOPIC: &str = "topic";
/// The header that answers what became of a last event ID.
pub(crate) const ANSWER: &str = "last-event-id";
/// The cookie that a token may come in, unless the operator names another.
pub(crate) const COOKIE: &str = "mercureAuthorization";
/// The query parameter that a token may come in, where the operator allows it.
pub(crate) const QUERY_TOKEN: &str = "authorization";
/// The type of the documents below.
pub(crate) const CONTENT_TYPE: &str = "application/ld+json";

const CONTEXT: &str = "https://mercure.rocks/";

/// The selectors: each is `*`, a URI template, or else an exact topic.
pub(crate) fn wanted(fields: &[Field]) -> Result<Vec<Wanted>, Refusal> {
    let topics = fields.iter().filter(|field| field.name == TOPIC);
    if topics.clone().nth(MAX_SELECTORS).is_some() {
        return Err(too_many());
    }
    let wanted = topics.map(|field| {
        let selector = Selector::parse(&field.value);
        let selector = selector
            .map_err(|error| Refusal::bad(format!("A topic selector is not usable: {error}.")))?;
        Ok(Wanted {
            selector,
            match_type: MatchType::Topic,
        })
    });
    wanted.collect()
}

/// The last event ID of a query: `lastEventID`, or as the header is written.
pub(crate) fn last_event_id(fields: &[Field]) -> Option<&str> {
    let named = |name: &str| {
        let found = fields.iter().find(|field| field.name == name);
        found
            .map(|field| field.value.as_str())
            .filter(|id| !id.is_empty())
    };
    named("lastEventID").or_else(|| named("Last-Event-ID"))
}

/// Whether a topic has the hub's own path in it.
pub(crate) fn is_reserved(topic: &str, hub_path: &str) -> bool {
    topic.contains(hub_path)
}

/// The path of a subscription, which is also the topic of its events.
pub(crate) fn path(hub_path: &str, selector: &str, subscriber: &str) -> String {
    let (selector, subscriber) = (escape(selector), escape(subscriber));
    format!("{hub_path}/subscriptions/{selector}/{subscriber}")
}

/// What is said of one subscription.
pub(crate) fn subscription(
    id: &str,
    selector: &str,
    subscriber: &str,
    active: bool,
    payload: Option<&Value>,
) -> Value {
    let mut document = json!({
        "@context": CONTEXT,
        "id": id,
        "type": "Subscription",
        "subscriber": subscriber,
        "topic": selector,
        "active": active,
    });
    if let Some(payload) = payload {
        document["payload"] = payload.clone();
    }
    document
}

/// What is said of several, each a document of its own, and of the place in the history that it was true at.
pub(crate) fn subscriptions(id: &str, last_event_id: &str, subscriptions: &[Value]) -> Value {
    json!({
        "@context": CONTEXT,
        "id": id,
        "type": "Subscriptions",
        "lastEventID": last_event_id,
        "subscriptions": subscriptions,
    })
}

#[cfg(test)]
mod tests;
