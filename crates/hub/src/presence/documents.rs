//! What is published about a subscriber. In: a member of the broker. Out: a private event for each of its
//! selectors, in the dialect that it subscribed in.
//!
//! Next: `party.rs`.

use serde_json::Value;
use wellspring_broker::{Announcements, IdempotencyKey, Member, Update, UpdateError};

use super::party::{Party, Subscription};
use crate::wanted::MatchType;
use crate::{dialect_07, dialect_08};

/// Longer selectors stand in keys as their digest.
const LONGEST: usize = 512;

/// The documents of one hub.
#[derive(Clone, Debug)]
pub(super) struct Documents {
    pub(super) hub_path: String,
}

impl Documents {
    pub(super) fn describe(&self, subscription: Subscription<'_>, active: bool) -> Value {
        let Subscription {
            match_type,
            selector,
            subscriber,
            payload,
        } = subscription;
        match match_type {
            MatchType::Topic => {
                let path = dialect_07::path(&self.hub_path, selector, subscriber);
                dialect_07::subscription(&path, selector, subscriber, active, payload)
            }
            _ => {
                let path = dialect_08::path(&self.hub_path, match_type, selector, subscriber);
                dialect_08::subscription(&path, match_type, selector, subscriber, active, payload)
            }
        }
    }

    /// A selector whose topic would be longer than topics may be has no event.
    fn updates(&self, member: &Member, active: bool) -> Vec<(Update, IdempotencyKey)> {
        let Some(party) = Party::of(member) else {
            return Vec::new();
        };
        let word = if active { "here" } else { "gone" };
        let updates = party.subscriptions().filter_map(|subscription| {
            let document = self.describe(subscription, active);
            let update = update(&document, subscription.match_type).ok()?;
            Some((update, key(word, subscription)?))
        });
        updates.collect()
    }
}

impl Announcements for Documents {
    fn arrival(&self, member: &Member) -> Vec<(Update, IdempotencyKey)> {
        self.updates(member, true)
    }

    fn departure(&self, member: &Member) -> Vec<(Update, IdempotencyKey)> {
        self.updates(member, false)
    }
}

/// The event under the document's own address.
fn update(document: &Value, match_type: MatchType) -> Result<Update, UpdateError> {
    let topic = document["id"].as_str().unwrap_or_default();
    let update = Update::new(topic)?.data(document.to_string()).private(true);
    match match_type {
        MatchType::Topic => Ok(update),
        _ => update.event_type(dialect_08::EVENT_TYPE),
    }
}

/// Publishers' keys have a line end in their scope, and are never one of these.
fn key(word: &str, subscription: Subscription<'_>) -> Option<IdempotencyKey> {
    let Subscription {
        match_type,
        selector,
        subscriber,
        ..
    } = subscription;
    let kind = match_type.as_str();
    let key = if selector.len() > LONGEST {
        let digest = ring::digest::digest(&ring::digest::SHA256, selector.as_bytes());
        format!("{subscriber}/{kind}/{digest:?}")
    } else {
        format!("{subscriber}/{kind}/{selector}")
    };
    IdempotencyKey::new(word, &key).ok()
}
