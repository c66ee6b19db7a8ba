//! How much one client may take. In: who asks. Out: a place for its connection, held as long as that lasts; or
//! which limit stands in the way.
//!
//! Next: `rates.rs`, how much it may publish.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Sets how much clients may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The most event streams.
    pub connections: usize,
    /// The most event streams of one address, an IPv6 network of 64 bits counting as one.
    pub connections_per_address: usize,
    /// The most event streams of one subject of tokens.
    pub connections_per_subject: usize,
    /// The most selectors of a connection.
    pub selectors: usize,
    /// The most selectors of a connection that every topic is compared with: those that begin with a variable.
    pub wide_selectors: usize,
    /// The largest body of a request, in bytes.
    pub body: usize,
    /// The most bytes that all bodies together may hold.
    pub bodies: usize,
    /// The most bytes a second that one publisher may publish; none for no limit.
    pub publish_rate: Option<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 100_000,
            connections_per_address: 1_000,
            connections_per_subject: 1_000,
            selectors: crate::wanted::MAX_SELECTORS,
            wide_selectors: 32,
            body: 4 << 20,
            bodies: 64 << 20,
            publish_rate: None,
        }
    }
}

/// Which limit stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    Hub,
    Address,
    Subject,
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hub => "the hub has as many event streams as it may",
            Self::Address => "there are as many event streams of your address as there may be",
            Self::Subject => {
                "there are as many event streams of this token's subject as there may be"
            }
        })
    }
}

/// Counts the event streams that are open.
#[derive(Debug, Default)]
pub(crate) struct Connections(Mutex<Counts>);

#[derive(Debug, Default)]
struct Counts {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
    by_subject: HashMap<Arc<str>, usize>,
}

/// A place for one event stream.
#[derive(Debug)]
pub(crate) struct Place {
    connections: Arc<Connections>,
    address: Option<IpAddr>,
    subject: Option<Arc<str>>,
}

impl Connections {
    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn count(&self) -> usize {
        self.lock().all
    }

    /// Takes a place for a client. An address that is not given is not counted.
    pub(crate) fn take(
        self: &Arc<Self>,
        limits: &Limits,
        address: Option<IpAddr>,
        subject: Option<&str>,
    ) -> Result<Place, Full> {
        let mut counts = self.lock();
        if counts.all >= limits.connections {
            return Err(Full::Hub);
        }
        let of_address = address.and_then(|address| counts.by_address.get(&address));
        if of_address.is_some_and(|count| *count >= limits.connections_per_address) {
            return Err(Full::Address);
        }
        let subject: Option<Arc<str>> = subject.map(Into::into);
        let of_subject = subject
            .as_ref()
            .and_then(|subject| counts.by_subject.get(subject));
        if of_subject.is_some_and(|count| *count >= limits.connections_per_subject) {
            return Err(Full::Subject);
        }
        counts.all += 1;
        if let Some(address) = address {
            *counts.by_address.entry(address).or_default() += 1;
        }
        if let Some(subject) = &subject {
            *counts.by_subject.entry(Arc::clone(subject)).or_default() += 1;
        }
        Ok(Place {
            connections: Arc::clone(self),
            address,
            subject,
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.connections.lock();
        counts.all = counts.all.saturating_sub(1);
        if let Some(address) = &self.address {
            release(&mut counts.by_address, address);
        }
        if let Some(subject) = &self.subject {
            release(&mut counts.by_subject, subject);
        }
    }
}

fn release<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests;
