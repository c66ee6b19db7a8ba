//! Events in a row of one type with one listener: what most streams are. In: events. Out: calls of
//! that listener, which is looked up once and kept at hand until something changes.
//!
//! Next: `../../source/event_source.rs`.

use std::sync::atomic::Ordering;

use super::{Call, Entry, Listeners};
use crate::dom::event::DomEvent;
use crate::sync::lock;

/// The listener of the last event's type, out of its place. Dropping this puts it back.
pub(crate) struct Burst<'a> {
    listeners: &'a Listeners,
    event_type: String,
    /// The version of the list that this was taken from; `None` before the first event.
    version: Option<u64>,
    /// `None` when the type has no listener.
    call: Option<Call<'a>>,
}

/// Who listens for a type.
enum Found<'a> {
    None,
    One(&'a mut Entry),
    /// Several, or one that is being called elsewhere.
    Other,
}

impl<'a> Burst<'a> {
    pub(crate) fn new(listeners: &'a Listeners) -> Self {
        Self {
            listeners,
            event_type: String::new(),
            version: None,
            call: None,
        }
    }

    /// Calls the listeners, or says that this takes more than a burst can do. Nothing is out of
    /// its place then.
    #[inline]
    pub(crate) fn call(&mut self, event: DomEvent<'_>) -> bool {
        let version = self.listeners.version.load(Ordering::SeqCst);
        let known = self.version == Some(version) && self.event_type == event.event_type();
        if !known && !self.look_up(event.event_type()) {
            return false;
        }
        if let Some(call) = &mut self.call {
            call.handle(event);
        }
        true
    }

    #[cold]
    fn look_up(&mut self, event_type: &str) -> bool {
        self.call = None;
        self.version = None;
        let mut list = lock(&self.listeners.list);
        self.call = match find(&mut list.entries, event_type) {
            Found::Other => return false,
            Found::None => None,
            Found::One(entry) => Some(Call::take(self.listeners, entry)),
        };
        self.version = Some(self.listeners.version.load(Ordering::SeqCst));
        self.event_type.clear();
        self.event_type.push_str(event_type);
        true
    }
}

fn find<'a>(entries: &'a mut [Entry], event_type: &str) -> Found<'a> {
    let mut listening = entries
        .iter_mut()
        .filter(|entry| entry.event_type == event_type);
    match (listening.next(), listening.next()) {
        (None, _) => Found::None,
        (Some(entry), None) if entry.handler.is_some() => Found::One(entry),
        _ => Found::Other,
    }
}
