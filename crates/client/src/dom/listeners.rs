//! Who is called for which event (DOM Standard, `EventTarget`). In: events. Out: calls, in the order
//! of adding, with no lock held, so that a handler may add, remove and close.
//!
//! Next: `listeners/burst.rs`, the short way for events in a row.

mod burst;

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

pub(crate) use self::burst::Burst;
use crate::dom::event::DomEvent;
use crate::sync::lock;

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
    /// Grows with every change of the list, while it is locked.
    version: AtomicU64,
    /// Told when a handler is back in its place.
    put_back: Notify,
}

#[derive(Default)]
struct List {
    entries: Vec<Entry>,
    /// How many handlers were ever set; the last one's number.
    count: u64,
}

struct Entry {
    id: u64,
    event_type: String,
    attribute: bool,
    /// The number of the handler that belongs here.
    number: u64,
    /// Out of its place while it is called.
    handler: Option<Handler>,
}

pub(crate) struct Handler(Box<dyn FnMut(DomEvent<'_>) + Send>);

impl Handler {
    pub(crate) fn new(handler: impl FnMut(DomEvent<'_>) + Send + 'static) -> Self {
        Self(Box::new(handler))
    }
}

enum Next<'a> {
    Call(Call<'a>),
    /// It is being called at this moment.
    Busy {
        id: u64,
    },
    None,
}

/// A handler out of its place. Dropping this puts it back, after a panic too.
struct Call<'a> {
    listeners: &'a Listeners,
    id: u64,
    number: u64,
    handler: Option<Handler>,
}

impl Listeners {
    pub(crate) fn add(&self, event_type: &str, handler: Handler) -> ListenerId {
        let mut list = lock(&self.list);
        self.changed();
        list.push(event_type, false, handler)
    }

    /// Sets the `on…` handler of a type; it takes the place of the one before it.
    pub(crate) fn set_attribute(&self, event_type: &str, handler: Handler) -> ListenerId {
        let mut list = lock(&self.list);
        self.changed();
        let number = list.count + 1;
        let same = |entry: &&mut Entry| entry.attribute && entry.event_type == event_type;
        let Some(entry) = list.entries.iter_mut().find(same) else {
            return list.push(event_type, true, handler);
        };
        entry.number = number;
        let earlier = entry.handler.replace(handler);
        let id = ListenerId(entry.id);
        list.count = number;
        drop(list);
        drop(earlier);
        id
    }

    pub(crate) fn is_empty(&self) -> bool {
        lock(&self.list).entries.is_empty()
    }

    pub(crate) fn remove(&self, ListenerId(id): ListenerId) -> bool {
        let mut list = lock(&self.list);
        self.changed();
        let removed = list
            .entries
            .iter()
            .position(|entry| entry.id == id)
            .map(|index| list.entries.remove(index));
        drop(list);
        removed.is_some()
    }

    fn changed(&self) {
        self.version.fetch_add(1, Ordering::SeqCst);
    }

    /// Calls the listeners that are there now, unless they are removed before it is their turn.
    /// Those that are being called at this moment are passed over.
    pub(crate) fn dispatch(&self, event: DomEvent<'_>) {
        let mut after = 0;
        let last = lock(&self.list).count;
        loop {
            match self.next(event.event_type(), after, last) {
                Next::Call(call) => after = call.call(event),
                Next::Busy { id } => after = id,
                Next::None => return,
            }
        }
    }

    /// Likewise, but waits for those that another thread is calling.
    pub(crate) async fn deliver(&self, event: DomEvent<'_>) {
        let mut after = 0;
        let last = lock(&self.list).count;
        loop {
            let put_back = self.put_back.notified();
            match self.next(event.event_type(), after, last) {
                Next::Call(call) => after = call.call(event),
                Next::Busy { .. } => put_back.await,
                Next::None => return,
            }
        }
    }

    fn next(&self, event_type: &str, after: u64, last: u64) -> Next<'_> {
        let mut list = lock(&self.list);
        let mut entries = list.entries.iter_mut();
        let found = entries
            .find(|entry| entry.id > after && entry.id <= last && entry.event_type == event_type);
        match found {
            None => Next::None,
            Some(entry) if entry.handler.is_none() => Next::Busy { id: entry.id },
            Some(entry) => Next::Call(Call::take(self, entry)),
        }
    }
}

impl<'a> Call<'a> {
    fn take(listeners: &'a Listeners, entry: &mut Entry) -> Self {
        Self {
            listeners,
            id: entry.id,
            number: entry.number,
            handler: entry.handler.take(),
        }
    }

    fn call(mut self, event: DomEvent<'_>) -> u64 {
        self.handle(event);
        self.id
    }

    #[inline]
    fn handle(&mut self, event: DomEvent<'_>) {
        if let Some(handler) = &mut self.handler {
            (handler.0)(event);
        }
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let mut list = lock(&self.listeners.list);
        let mut entries = list.entries.iter_mut();
        let here = |entry: &&mut Entry| entry.id == self.id && entry.number == self.number;
        if let Some(entry) = entries.find(here) {
            entry.handler = self.handler.take();
        }
        drop(list);
        self.listeners.put_back.notify_waiters();
    }
}

impl List {
    /// Ids grow, so the order of the entries is the order of adding.
    fn push(&mut self, event_type: &str, attribute: bool, handler: Handler) -> ListenerId {
        self.count += 1;
        self.entries.push(Entry {
            id: self.count,
            event_type: event_type.to_owned(),
            attribute,
            number: self.count,
            handler: Some(handler),
        });
        ListenerId(self.count)
    }
}

impl fmt::Debug for Listeners {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = lock(&self.list);
        let types = list.entries.iter().map(|entry| &entry.event_type);
        f.debug_list().entries(types).finish()
    }
}
