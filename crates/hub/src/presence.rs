//! Who is subscribed, on all nodes. In: subscriptions that begin and end on this one. Out: who is there, and an
//! event when one comes and when one goes.
//!
//! Next: `presence/documents.rs` (the events), `service/subscriptions.rs` (the answers);
//! `crates/broker/src/presence.rs` keeps and announces members.

mod documents;
mod party;

pub(crate) use party::Subscription;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::runtime::Handle;
use tokio::time::timeout;
use wellspring_broker::{Broker, Cursor, EngineError};

use crate::tokens::Access;
use crate::wanted::Wanted;
use documents::Documents;
use party::Party;

/// How long a subscriber waits until its arrival is announced.
const PATIENCE: Duration = Duration::from_secs(2);

/// Keeps who is subscribed.
#[derive(Debug)]
pub(crate) struct Presence {
    members: wellspring_broker::Presence,
    documents: Documents,
}

/// A subscriber is there as long as its ticket.
#[derive(Debug)]
pub(crate) struct Ticket {
    presence: Arc<Presence>,
    names: Vec<String>,
}

impl Presence {
    pub(crate) async fn begin(broker: &Broker, hub_path: String) -> Result<Self, EngineError> {
        let documents = Documents { hub_path };
        let members = broker.presence(documents.clone()).await?;
        Ok(Self { members, documents })
    }

    /// Announces a subscriber, and keeps it until its ticket is dropped. If that takes long, it goes on while
    /// the subscriber is served.
    pub(crate) async fn join(
        self: &Arc<Self>,
        wanted: &[Wanted],
        access: Option<&Access>,
    ) -> Ticket {
        let subscriber = random_urn();
        let parties = Party::all_of(&subscriber, wanted, access).into_iter();
        let named = parties.enumerate();
        let named = named.map(|(index, party)| (format!("{subscriber}/{index}"), party.to_bytes()));
        let (names, arrivals): (Vec<_>, Vec<_>) = named
            .map(|(name, bytes)| {
                let arrival = self.members.enter(&name, bytes);
                (name, arrival)
            })
            .unzip();
        let presence = Arc::clone(self);
        let ticket = Ticket { presence, names };
        let all = async {
            for arrival in arrivals {
                arrival.await;
            }
        };
        let _ = timeout(PATIENCE, all).await;
        ticket
    }

    /// The documents of those that are wanted, of all nodes, and the place in the history that they were true
    /// at.
    ///
    /// # Errors
    /// The history cannot be read.
    pub(crate) async fn find(
        &self,
        is_wanted: impl Fn(&Subscription<'_>) -> bool,
    ) -> Result<(Vec<Value>, Cursor), EngineError> {
        let (members, cursor) = self.members.members().await?;
        let mut found = Vec::new();
        for party in members.iter().filter_map(Party::of) {
            let wanted = party.subscriptions().filter(&is_wanted);
            found.extend(wanted.map(|one| self.documents.describe(one, true)));
        }
        Ok((found, cursor))
    }

    /// Announces all subscribers of this node as gone.
    pub(crate) async fn finish(&self) {
        self.members.finish().await;
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
        // Without a runtime nothing can be announced; other nodes, or the next start, find out.
        if Handle::try_current().is_ok() {
            for name in &self.names {
                self.presence.members.leave(name);
            }
        }
    }
}

#[cfg(test)]
mod tests;
