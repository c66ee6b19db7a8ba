//! Who is called for which event (DOM Standard, `EventTarget`). In: events. Out: calls, in the order
//! of adding, with no lock held, so that a handler may add, remove and close.
//!
//! Next: `event_source.rs`.

use std::fmt;
use std::sync::Mutex;

use crate::dom::DomEvent;
use crate::shared::lock;

/// Names a listener, to remove it.
///
/// ```
/// let source = wellspring::EventSource::new("https://example.com/stream")?;
/// let id = source.add_event_listener("notice", |_| {});
/// assert!(source.remove_event_listener(id));
/// assert!(!source.remove_event_listener(id));
/// # Ok::<(), wellspring::BuildError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListenerId(u64);

#[derive(Default)]
pub(crate) struct Listeners {
    list: Mutex<List>,
}

#[derive(Default)]
struct List {
    entries: Vec<Entry>,
    added: u64,
}

struct Entry {
    id: u64,
    event_type: String,
    attribute: bool,
    /// Out of its place while it is called.
    handler: Option<Handler>,
}

pub(crate) struct Handler(Box<dyn FnMut(DomEvent<'_>) + Send>);

impl Handler {
    pub(crate) fn new(handler: impl FnMut(DomEvent<'_>) + Send + 'static) -> Self {
        Self(Box::new(handler))
    }
}

impl Listeners {
    pub(crate) fn add(&self, event_type: &str, handler: Handler) -> ListenerId {
        lock(&self.list).push(event_type, false, handler)
    }

    /// Sets the `on…` handler of a type; a handler set before loses its place in the order.
    pub(crate) fn set_attribute(&self, event_type: &str, handler: Handler) -> ListenerId {
        let mut list = lock(&self.list);
        let earlier = list
            .entries
            .iter()
            .position(|entry| entry.attribute && entry.event_type == event_type)
            .map(|index| list.entries.remove(index));
        let id = list.push(event_type, true, handler);
        drop(list);
        drop(earlier);
        id
    }

    pub(crate) fn remove(&self, ListenerId(id): ListenerId) -> bool {
        let mut list = lock(&self.list);
        let removed = list
            .entries
            .iter()
            .position(|entry| entry.id == id)
            .map(|index| list.entries.remove(index));
        drop(list);
        removed.is_some()
    }

    /// Calls the listeners that are there when the event is dispatched, unless they are removed
    /// before it is their turn.
    pub(crate) fn dispatch(&self, event: DomEvent<'_>) {
        let mut after = 0;
        let last = lock(&self.list).added;
        while let Some((id, mut handler)) = self.take_next(event.event_type(), after, last) {
            (handler.0)(event);
            self.put_back(id, handler);
            after = id;
        }
    }

    fn take_next(&self, event_type: &str, after: u64, last: u64) -> Option<(u64, Handler)> {
        let mut list = lock(&self.list);
        list.entries
            .iter_mut()
            .filter(|entry| entry.id > after && entry.id <= last)
            .filter(|entry| entry.event_type == event_type)
            .find_map(|entry| Some((entry.id, entry.handler.take()?)))
    }

    fn put_back(&self, id: u64, handler: Handler) {
        let mut list = lock(&self.list);
        let entry = list.entries.iter_mut().find(|entry| entry.id == id);
        let removed = match entry {
            Some(entry) => entry.handler.replace(handler),
            None => Some(handler),
        };
        drop(list);
        drop(removed);
    }
}

impl List {
    /// Ids grow, so the order of the entries is the order of adding.
    fn push(&mut self, event_type: &str, attribute: bool, handler: Handler) -> ListenerId {
        self.added += 1;
        self.entries.push(Entry {
            id: self.added,
            event_type: event_type.to_owned(),
            attribute,
            handler: Some(handler),
        });
        ListenerId(self.added)
    }
}

impl fmt::Debug for Listeners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = lock(&self.list);
        let types = list.entries.iter().map(|entry| &entry.event_type);
        f.debug_list().entries(types).finish()
    }
}
