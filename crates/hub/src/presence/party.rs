//! A subscriber as the engine keeps it. In: selectors, and what a token says of them. Out: members of the
//! broker, each a JSON text of some 64 KiB at most; and back.
//!
//! Next: `../presence.rs`.

use bytes::Bytes;
use serde_json::{Value, json};
use wellspring_broker::Member;

use crate::tokens::Access;
use crate::wanted::{MatchType, Wanted};

/// How many bytes of selectors a member has. Those of a subscriber that has more are in several.
const SELECTORS: usize = 64 << 10;

/// Some of the selectors of one subscriber, mostly all.
#[derive(Debug, PartialEq)]
pub(super) struct Party {
    /// `urn:uuid:…`.
    pub(super) subscriber: String,
    subscriptions: Vec<(MatchType, String, Option<usize>)>,
    /// Each once, however many selectors it belongs to.
    payloads: Vec<Value>,
}

/// One selector of one subscriber.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subscription<'a> {
    pub(crate) match_type: MatchType,
    pub(crate) selector: &'a str,
    pub(crate) subscriber: &'a str,
    pub(crate) payload: Option<&'a Value>,
}

impl Party {
    fn new(subscriber: &str) -> Self {
        Self {
            subscriber: subscriber.to_owned(),
            subscriptions: Vec::new(),
            payloads: Vec::new(),
        }
    }

    /// Each selector once, in the order in which they were asked for.
    pub(super) fn all_of(
        subscriber: &str,
        wanted: &[Wanted],
        access: Option<&Access>,
    ) -> Vec<Self> {
        let mut known = std::collections::HashSet::new();
        let mut all: Vec<Self> = Vec::new();
        let mut bytes = 0;
        for Wanted {
            selector,
            match_type,
        } in wanted
        {
            let selector = selector.as_str();
            if !known.insert((*match_type, selector)) {
                continue;
            }
            if all.is_empty() || bytes + selector.len() > SELECTORS {
                all.push(Self::new(subscriber));
                bytes = 0;
            }
            bytes += selector.len();
            let payload = access.and_then(|access| access.payload(selector));
            if let Some(party) = all.last_mut() {
                let payload = payload.map(|payload| party.index_of(payload));
                let one = (*match_type, selector.to_owned(), payload);
                party.subscriptions.push(one);
            }
        }
        all
    }

    fn index_of(&mut self, payload: &Value) -> usize {
        let known = self.payloads.iter().position(|known| known == payload);
        known.unwrap_or_else(|| {
            self.payloads.push(payload.clone());
            self.payloads.len() - 1
        })
    }

    pub(super) fn to_bytes(&self) -> Bytes {
        let subscriptions = self.subscriptions.iter();
        let subscriptions = subscriptions
            .map(|(match_type, selector, payload)| json!([match_type.as_str(), selector, payload]));
        let subscriptions: Vec<Value> = subscriptions.collect();
        let text = json!({ "subscriptions": subscriptions, "payloads": self.payloads });
        text.to_string().into()
    }

    /// Nothing for what another version may have written.
    pub(super) fn of(member: &Member) -> Option<Self> {
        let (subscriber, _) = member.name.rsplit_once('/')?;
        let mut value: Value = serde_json::from_slice(&member.bytes).ok()?;
        let subscriptions = value.get("subscriptions")?.as_array()?.iter();
        let subscriptions = subscriptions.map(|one| {
            let match_type = MatchType::named(one.get(0)?.as_str()?)?;
            let payload = one.get(2)?.as_u64();
            let payload = payload.and_then(|index| usize::try_from(index).ok());
            Some((match_type, one.get(1)?.as_str()?.to_owned(), payload))
        });
        let subscriptions = subscriptions.collect::<Option<_>>()?;
        let Value::Array(payloads) = value.get_mut("payloads")?.take() else {
            return None;
        };
        Some(Self {
            subscriber: subscriber.to_owned(),
            subscriptions,
            payloads,
        })
    }

    pub(super) fn subscriptions(&self) -> impl Iterator<Item = Subscription<'_>> {
        let all = self.subscriptions.iter();
        all.map(|(match_type, selector, payload)| Subscription {
            match_type: *match_type,
            selector,
            subscriber: &self.subscriber,
            payload: payload.and_then(|index| self.payloads.get(index)),
        })
    }
}

#[cfg(test)]
mod tests;
