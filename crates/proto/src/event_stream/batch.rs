//! What one call to the decoder found, kept for later. In: items as they are visited. Out: the same
//! items, one at a time, lent. One string and a list of ranges, both reused.
//!
//! Next: `event_source/machine.rs`, which fills batches from a connection.

use super::{Item, LimitExceeded};
use crate::event::{DEFAULT_EVENT_TYPE, EventRef};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;
use core::time::Duration;

/// Items in the order of the stream, in one reused allocation of text.
///
/// It grows to what one chunk holds, or to one event of [`Limits::event`](crate::Limits::event),
/// and keeps that room until it is dropped.
///
/// ```
/// use wellspring_proto::{Batch, Decoder, Item};
///
/// let mut batch = Batch::new();
/// Decoder::new().decode_into(b"data: a\n\ndata: b\n\n", &mut batch)?;
/// while let Some(Item::Event(event)) = batch.next_item() {
///     println!("{}", event.data);
/// }
/// # Ok::<(), wellspring_proto::LimitExceeded>(())
/// ```
#[derive(Debug, Default)]
pub struct Batch {
    text: String,
    entries: Vec<Entry>,
    next: usize,
}

#[derive(Clone, Debug)]
enum Entry {
    Event {
        /// Empty for the default event type.
        event_type: Range<usize>,
        data: Range<usize>,
        last_event_id: Range<usize>,
    },
    Comment(Range<usize>),
    Retry(Duration),
    Position(Range<usize>),
    Skipped(LimitExceeded),
}

impl Batch {
    /// An empty batch; allocates nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            text: String::new(),
            entries: Vec::new(),
            next: 0,
        }
    }

    /// The next item, lent until the batch is touched again; `None` when all are taken.
    #[inline]
    pub fn next_item(&mut self) -> Option<Item<'_>> {
        let entry = self.entries.get(self.next)?;
        self.next += 1;
        Some(self.lend(entry))
    }

    /// The next item without taking it.
    #[must_use]
    #[inline]
    pub fn peek(&self) -> Option<Item<'_>> {
        self.entries.get(self.next).map(|entry| self.lend(entry))
    }

    /// How many items have not been taken.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len() - self.next
    }

    /// Whether all items have been taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all items, keeps the room.
    pub fn clear(&mut self) {
        self.text.clear();
        self.entries.clear();
        self.next = 0;
    }

    /// Copies an item to the end. When all earlier ones are taken, their room is used again.
    #[inline]
    pub fn push(&mut self, item: Item<'_>) {
        if self.next > 0 && self.is_empty() {
            self.clear();
        }
        let entry = match item {
            Item::Event(event) => self.copy_event(&event),
            Item::Comment(text) => Entry::Comment(self.copy(text)),
            Item::Retry(time) => Entry::Retry(time),
            Item::Position(id) => Entry::Position(self.copy(id)),
            Item::Skipped(limit) => Entry::Skipped(limit),
        };
        self.entries.push(entry);
    }

    #[inline]
    fn lend(&self, entry: &Entry) -> Item<'_> {
        match entry {
            Entry::Event {
                event_type,
                data,
                last_event_id,
            } => Item::Event(EventRef::new(
                &self.text[event_type.clone()],
                &self.text[data.clone()],
                &self.text[last_event_id.clone()],
            )),
            Entry::Comment(text) => Item::Comment(&self.text[text.clone()]),
            Entry::Retry(time) => Item::Retry(*time),
            Entry::Position(id) => Item::Position(&self.text[id.clone()]),
            Entry::Skipped(limit) => Item::Skipped(*limit),
        }
    }

    #[inline]
    fn copy_event(&mut self, event: &EventRef<'_>) -> Entry {
        let data = self.copy(event.data);
        let event_type = if event.event_type == DEFAULT_EVENT_TYPE {
            0..0
        } else {
            self.copy(event.event_type)
        };
        Entry::Event {
            event_type,
            data,
            last_event_id: self.copy_last_event_id(event.last_event_id),
        }
    }

    /// Events in a row often carry the same id, which is kept once.
    #[inline]
    fn copy_last_event_id(&mut self, id: &str) -> Range<usize> {
        if id.is_empty() {
            return 0..0;
        }
        if let Some(Entry::Event { last_event_id, .. }) = self.entries.last()
            && &self.text[last_event_id.clone()] == id
        {
            return last_event_id.clone();
        }
        self.copy(id)
    }

    #[inline]
    fn copy(&mut self, text: &str) -> Range<usize> {
        let start = self.text.len();
        self.text.push_str(text);
        start..self.text.len()
    }
}
