//! Who is subscribed. In: subscriptions that begin and end. Out: who is there, and an event when one comes and
//! when one goes.
//!
//! Next: `service/subscriptions.rs` answers who asks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::runtime::Handle;
use tokio::time::timeout;
use wellspring_broker::{Broker, Update, UpdateError};

use crate::tokens::Access;
use crate::wanted::{MatchType, Wanted};
use crate::{dialect_07, dialect_08};

/// How long a subscriber waits until its coming is told.
const PATIENCE: Duration = Duration::from_secs(2);

/// Keeps who is subscribed.
#[derive(Debug)]
pub(crate) struct Presence {
    broker: Broker,
    hub_path: String,
    subscribers: Mutex<BTreeMap<String, Arc<Subscriber>>>,
}

/// One connection, with all its selectors.
#[derive(Debug)]
pub(crate) struct Subscriber {
    /// `urn:uuid:…`.
    id: String,
    wanted: Vec<(Wanted, Option<Value>)>,
}

/// A subscriber is there as long as its ticket.
#[derive(Debug)]
pub(crate) struct Ticket {
    presence: Arc<Presence>,
    subscriber: Arc<Subscriber>,
}

/// One selector of one subscriber, as the API shows it.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) match_type: MatchType,
    pub(crate) selector: String,
    pub(crate) subscriber: String,
    pub(crate) document: Value,
}

impl Presence {
    pub(crate) fn new(broker: Broker, hub_path: String) -> Self {
        Self {
            broker,
            hub_path,
            subscribers: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Subscriber>>> {
        self.subscribers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells that a subscriber comes, and keeps it until its ticket is dropped.
    pub(crate) async fn join(
        self: &Arc<Self>,
        wanted: &[Wanted],
        access: Option<&Access>,
    ) -> Ticket {
        let wanted = wanted.iter().map(|wanted| {
            let payload = access.and_then(|access| access.payload(wanted.selector.as_str()));
            (wanted.clone(), payload.cloned())
        });
        let subscriber = Arc::new(Subscriber {
            id: random_urn(),
            wanted: wanted.collect(),
        });
        self.lock()
            .insert(subscriber.id.clone(), Arc::clone(&subscriber));
        let ticket = Ticket {
            presence: Arc::clone(self),
            subscriber,
        };
        // What cannot be told in time is told a little later, or is not: the subscriber is served all the same.
        let told = Arc::clone(self).tell(Arc::clone(&ticket.subscriber), true);
        let _ = timeout(PATIENCE, tokio::spawn(told)).await;
        ticket
    }

    /// Publishes an event for each selector of a subscriber.
    async fn tell(self: Arc<Self>, subscriber: Arc<Subscriber>, active: bool) {
        for (wanted, payload) in &subscriber.wanted {
            let described = self.describe(&subscriber, wanted, payload.as_ref(), active);
            let is_07 = wanted.match_type == MatchType::Topic;
            if let Ok(update) = update(&described.document, is_07) {
                // A history that takes nothing at the moment takes this neither.
                let _ = self.broker.publish(&update, None).await;
            }
        }
    }

    fn describe(
        &self,
        subscriber: &Subscriber,
        wanted: &Wanted,
        payload: Option<&Value>,
        active: bool,
    ) -> Described {
        let (id, selector) = (&subscriber.id, wanted.selector.as_str());
        let document = match wanted.match_type {
            MatchType::Topic => {
                let path = dialect_07::path(&self.hub_path, selector, id);
                dialect_07::subscription(&path, selector, id, active, payload)
            }
            _ => {
                let path = dialect_08::path(&self.hub_path, wanted, id);
                dialect_08::subscription(&path, wanted, id, active, payload)
            }
        };
        Described {
            match_type: wanted.match_type,
            selector: selector.to_owned(),
            subscriber: id.clone(),
            document,
        }
    }

    /// Every selector of everybody who is there, by the names of the subscribers.
    pub(crate) fn all(&self) -> Vec<Described> {
        let subscribers: Vec<_> = self.lock().values().cloned().collect();
        let mut all = Vec::new();
        for subscriber in &subscribers {
            for (wanted, payload) in &subscriber.wanted {
                all.push(self.describe(subscriber, wanted, payload.as_ref(), true));
            }
        }
        all
    }
}

/// The event under the document's own address.
fn update(document: &Value, is_07: bool) -> Result<Update, UpdateError> {
    let topic = document["id"].as_str().unwrap_or_default();
    let update = Update::new(topic)?.data(document.to_string()).private(true);
    match is_07 {
        true => Ok(update),
        false => update.event_type(dialect_08::EVENT_TYPE),
    }
}

/// RFC 9562, version 4.
fn random_urn() -> String {
    let bits = fastrand::u128(..) & !(0xf << 76) & !(0b11 << 62) | 4 << 76 | 0b10 << 62;
    let digits = format!("{bits:032x}");
    let parts = [
        &digits[..8],
        &digits[8..12],
        &digits[12..16],
        &digits[16..20],
        &digits[20..],
    ];
    format!("urn:uuid:{}", parts.join("-"))
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.presence.lock().remove(&self.subscriber.id);
        // Without a runtime nobody is left who could be told.
        if let Ok(runtime) = Handle::try_current() {
            let told = Arc::clone(&self.presence).tell(Arc::clone(&self.subscriber), false);
            runtime.spawn(told);
        }
    }
}

#[cfg(test)]
mod tests;
