//! What one call to the decoder found, kept for later. In: items as they are visited. Out: the same
//! items, one at a time, lent. One string and a list of ranges, both reused.
//!
//! # Where text is kept
//!
//! The fast path reads a window of a chunk in place. `Filler::borrow_from` copies the window once, as a whole; each
//! event in it is then three ranges, found by the addresses of its strings. What does not lie in the window (joined
//! lines, repaired text, the layers' events) is copied by itself. The last event ID is kept once for all events
//! that carry it.
//!
//! So a batch costs one copy of the chunk and some 50 bytes an event, and nothing is allocated once it has grown.
//!
//! Next: `event_source/machine.rs`, which fills batches from a connection.

use super::sink::{Borrowed, Sink};
use super::{Item, LimitExceeded};
use crate::event::{DEFAULT_EVENT_TYPE, EventRef};
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::{ControlFlow, Range};
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
///
/// Three ways to take items:
///
/// | method | for |
/// |---|---|
/// | [`next_item`](Self::next_item) | everything, comments and reconnection times included |
/// | [`next_event`](Self::next_event) | events; stops at any other item, which stays |
/// | [`peek`](Self::peek) | a look that leaves the item there |
///
/// An item is lent until the batch is used again; [`EventRef::to_event`](crate::EventRef::to_event) makes an event
/// that lives on.
#[derive(Debug, Default)]
pub struct Batch {
    /// All text of all items.
    text: String,
    /// The items, those already taken included.
    entries: Vec<Entry>,
    /// How many have been taken.
    next: usize,
    /// Where the last event ID string of the last entry that has one stands.
    last_event_id: Range<usize>,
}

/// An item, with ranges of the text for its strings.
#[derive(Clone, Debug)]
enum Entry {
    Event(Places),
    Comment(Range<usize>),
    Retry(Duration),
    LastEventId(Range<usize>),
    Skipped(LimitExceeded),
}

/// Where in the text an event's strings stand.
#[derive(Clone, Debug)]
struct Places {
    /// Empty for the default event type.
    event_type: Range<usize>,
    data: Range<usize>,
    last_event_id: Range<usize>,
}

impl Batch {
    /// Returns an empty batch; allocates nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            text: String::new(),
            entries: Vec::new(),
            next: 0,
            last_event_id: 0..0,
        }
    }

    /// Returns the next item, lent until the batch is used again; `None` when all are taken.
    #[inline]
    pub fn next_item(&mut self) -> Option<Item<'_>> {
        let entry = self.entries.get(self.next)?;
        self.next += 1;
        Some(self.lend(entry))
    }

    /// Returns the next item without taking it.
    #[must_use]
    #[inline]
    pub fn peek(&self) -> Option<Item<'_>> {
        self.entries.get(self.next).map(|entry| self.lend(entry))
    }

    /// Returns the next item if it is an event, lent likewise; any other item stays, and the answer is `None`.
    ///
    /// ```
    /// use wellspring_proto::{Batch, Decoder};
    ///
    /// let mut batch = Batch::new();
    /// Decoder::new().decode_into(b"data: a\n\nretry: 500\ndata: b\n\n", &mut batch)?;
    /// assert_eq!(batch.next_event().map(|event| event.data), Some("a"));
    /// assert_eq!(batch.next_event(), None); // the reconnection time comes first
    /// batch.next_item();
    /// assert_eq!(batch.next_event().map(|event| event.data), Some("b"));
    /// # Ok::<(), wellspring_proto::LimitExceeded>(())
    /// ```
    #[inline]
    pub fn next_event(&mut self) -> Option<EventRef<'_>> {
        let Some(Entry::Event(places)) = self.entries.get(self.next) else {
            return None;
        };
        self.next += 1;
        Some(self.lend_event(places))
    }

    /// Returns true if the next item is an event.
    #[must_use]
    #[inline]
    pub fn next_is_event(&self) -> bool {
        matches!(self.entries.get(self.next), Some(Entry::Event(_)))
    }

    /// Whether there is an event, or one that is skipped, behind the first so many items.
    #[inline]
    pub(crate) fn has_event_after(&self, items: usize) -> bool {
        match self.entries.get(self.next + items) {
            // Most of what follows is events.
            Some(Entry::Event(_)) => true,
            Some(_) => self.has_event_from(self.next + items),
            None => false,
        }
    }

    #[cold]
    fn has_event_from(&self, start: usize) -> bool {
        let mut entries = self.entries[start..].iter();
        entries.any(|entry| matches!(entry, Entry::Event(_) | Entry::Skipped(_)))
    }

    /// Returns how many items have not been taken.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len() - self.next
    }

    /// Returns true if all items have been taken.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Removes all items and keeps the room.
    pub fn clear(&mut self) {
        self.text.clear();
        self.entries.clear();
        self.next = 0;
        self.last_event_id = 0..0;
    }

    /// Adds a copy of an item at the end. When all earlier ones are taken, their room is used again.
    #[inline]
    pub fn push(&mut self, item: Item<'_>) {
        let _ = self.filler().take(item);
    }

    /// Adds items whose text may be here already.
    #[inline]
    pub(crate) fn filler(&mut self) -> Filler<'_> {
        if self.next > 0 && self.is_empty() {
            self.clear();
        }
        Filler {
            batch: self,
            window: 0..0,
            copy: 0,
        }
    }

    /// The item of an entry.
    #[inline]
    fn lend(&self, entry: &Entry) -> Item<'_> {
        match entry {
            Entry::Event(places) => Item::Event(self.lend_event(places)),
            Entry::Comment(place) => Item::Comment(&self.text[place.clone()]),
            Entry::Retry(time) => Item::Retry(*time),
            Entry::LastEventId(place) => Item::LastEventId(&self.text[place.clone()]),
            Entry::Skipped(limit) => Item::Skipped(*limit),
        }
    }

    /// The event of its ranges.
    #[inline(always)]
    fn lend_event(&self, places: &Places) -> EventRef<'_> {
        let last_event_id = if places.last_event_id.is_empty() {
            ""
        } else {
            &self.text[places.last_event_id.clone()]
        };
        EventRef::new(
            &self.text[places.event_type.clone()],
            &self.text[places.data.clone()],
            last_event_id,
        )
    }
}

/// Fills a batch from one chunk. What the fast path reads is copied a window at a time, and the
/// items that borrow from the window only have their places noted.
pub(crate) struct Filler<'a> {
    batch: &'a mut Batch,
    /// The addresses of the window.
    window: Range<usize>,
    /// Where in the batch's text the window's copy starts.
    copy: usize,
}

impl Sink for Filler<'_> {
    #[inline]
    fn borrow_from(&mut self, text: &str) {
        let start = text.as_ptr().addr();
        if self.window.contains(&start) {
            return;
        }
        self.window = start..start + text.len();
        self.copy = self.batch.text.len();
        self.batch.text.push_str(text);
    }

    #[inline]
    fn take(&mut self, item: Item<'_>) -> ControlFlow<()> {
        let entry = match item {
            Item::Event(event) => Entry::Event(self.place_event(&event)),
            Item::Comment(text) => Entry::Comment(self.place(text)),
            Item::Retry(time) => Entry::Retry(time),
            Item::LastEventId(id) => Entry::LastEventId(self.place_last_event_id(id)),
            Item::Skipped(limit) => Entry::Skipped(limit),
        };
        self.batch.entries.push(entry);
        ControlFlow::Continue(())
    }

    #[inline]
    fn take_borrowed(&mut self, event: Borrowed<'_>) -> ControlFlow<()> {
        let copy = self.copy + (event.text.as_ptr().addr() - self.window.start);
        let places = Places {
            event_type: copy + event.event_type.start..copy + event.event_type.end,
            data: copy + event.data.start..copy + event.data.end,
            last_event_id: self.place_last_event_id(event.last_event_id),
        };
        self.batch.entries.push(Entry::Event(places));
        ControlFlow::Continue(())
    }
}

impl Filler<'_> {
    /// Notes where an event's strings stand.
    #[inline]
    fn place_event(&mut self, event: &EventRef<'_>) -> Places {
        let event_type = if event.event_type == DEFAULT_EVENT_TYPE {
            0..0
        } else {
            self.place(event.event_type)
        };
        Places {
            event_type,
            data: self.place(event.data),
            last_event_id: self.place_last_event_id(event.last_event_id),
        }
    }

    /// Kept once for all events that carry it, whatever stands between them: it may be as long as
    /// [`Limits::id`](crate::Limits::id), and the events be a few bytes each.
    #[inline]
    fn place_last_event_id(&mut self, id: &str) -> Range<usize> {
        if id.is_empty() {
            return 0..0;
        }
        let known = self.batch.last_event_id.clone();
        if known.len() == id.len() && &self.batch.text[known.clone()] == id {
            return known;
        }
        let place = self.place(id);
        self.batch.last_event_id = place.clone();
        place
    }

    /// Where the text stands in the batch, into which it is copied unless it is there.
    #[inline]
    fn place(&mut self, text: &str) -> Range<usize> {
        let address = text.as_ptr().addr();
        if self.window.start <= address && address + text.len() <= self.window.end {
            let start = self.copy + (address - self.window.start);
            return start..start + text.len();
        }
        self.copy_text(text)
    }

    /// Appends a text that is not in the window.
    fn copy_text(&mut self, text: &str) -> Range<usize> {
        let start = self.batch.text.len();
        self.batch.text.push_str(text);
        start..self.batch.text.len()
    }
}
