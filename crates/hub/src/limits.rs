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
    /// The most different ones of these of one address, and of one subject of tokens: all clients together
    /// have room for 1,024.
    pub wide_selectors_per_client: usize,
    /// The most URL patterns of a connection.
    pub url_patterns: usize,
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
            wide_selectors_per_client: 128,
            url_patterns: 100,
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
    /// Its address or its subject has too many selectors that begin with a variable.
    Wide,
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hub => "the hub has as many event streams as it may",
            Self::Address => "there are as many event streams of your address as there may be",
            Self::Subject => {
                "there are as many event streams of this token's subject as there may be"
            }
            Self::Wide => {
                "the streams of your address, or of this token's subject, have as many different topic \
                 selectors that begin with a variable as they may have together"
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
    by_address: HashMap<IpAddr, Taken>,
    by_subject: HashMap<Arc<str>, Taken>,
}

/// What the streams of one client take.
#[derive(Debug, Default)]
struct Taken {
    streams: usize,
    /// Selectors that begin with a variable, and how many streams have each.
    wide: HashMap<Arc<str>, usize>,
}

impl Taken {
    fn has_room_for(&self, wide: &[Arc<str>], most: usize) -> bool {
        let new = wide.iter().filter(|one| !self.wide.contains_key(*one));
        let new = new.count();
        new == 0 || self.wide.len() + new <= most
    }

    fn add(&mut self, wide: &[Arc<str>]) {
        self.streams += 1;
        for one in wide {
            *self.wide.entry(Arc::clone(one)).or_default() += 1;
        }
    }

    fn remove(&mut self, wide: &[Arc<str>]) {
        self.streams = self.streams.saturating_sub(1);
        for one in wide {
            if let Some(count) = self.wide.get_mut(one) {
                *count -= 1;
                if *count == 0 {
                    self.wide.remove(one);
                }
            }
        }
    }
}

/// Who asks for a stream, and for which selectors that begin with a variable, each once.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asker<'a> {
    /// Not counted if it is not given.
    pub(crate) address: Option<IpAddr>,
    pub(crate) subject: Option<&'a str>,
    pub(crate) wide: &'a [Arc<str>],
}

/// A place for one event stream.
#[derive(Debug)]
pub(crate) struct Place {
    connections: Arc<Connections>,
    address: Option<IpAddr>,
    subject: Option<Arc<str>>,
    wide: Box<[Arc<str>]>,
}

impl Connections {
    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn count(&self) -> usize {
        self.lock().all
    }

    /// Takes a place for a client.
    pub(crate) fn take(self: &Arc<Self>, limits: &Limits, asker: Asker<'_>) -> Result<Place, Full> {
        let Asker {
            address,
            subject,
            wide,
        } = asker;
        let mut counts = self.lock();
        if counts.all >= limits.connections {
            return Err(Full::Hub);
        }
        let of_address = address.and_then(|address| counts.by_address.get(&address));
        if of_address.is_some_and(|taken| taken.streams >= limits.connections_per_address) {
            return Err(Full::Address);
        }
        let of_subject = subject.and_then(|subject| counts.by_subject.get(subject));
        if of_subject.is_some_and(|taken| taken.streams >= limits.connections_per_subject) {
            return Err(Full::Subject);
        }
        let most = limits.wide_selectors_per_client;
        let none = Taken::default();
        let has_room = |taken: Option<&Taken>| taken.unwrap_or(&none).has_room_for(wide, most);
        if address.is_some() && !has_room(of_address) || subject.is_some() && !has_room(of_subject)
        {
            return Err(Full::Wide);
        }
        counts.all += 1;
        if let Some(address) = address {
            counts.by_address.entry(address).or_default().add(wide);
        }
        let subject: Option<Arc<str>> = subject.map(Into::into);
        if let Some(subject) = &subject {
            let of_subject = counts.by_subject.entry(Arc::clone(subject));
            of_subject.or_default().add(wide);
        }
        Ok(Place {
            connections: Arc::clone(self),
            address,
            subject,
            wide: wide.into(),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.connections.lock();
        counts.all = counts.all.saturating_sub(1);
        if let Some(address) = &self.address {
            release(&mut counts.by_address, address, &self.wide);
        }
        if let Some(subject) = &self.subject {
            release(&mut counts.by_subject, subject, &self.wide);
        }
    }
}

fn release<K: Eq + Hash>(counts: &mut HashMap<K, Taken>, key: &K, wide: &[Arc<str>]) {
    if let Some(taken) = counts.get_mut(key) {
        taken.remove(wide);
        if taken.streams == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests;
