//! What a source has seen. In: items of its decoder, and what the server owes. Out: a panic when these are not the
//! same, or when an event comes twice, too late or not at all.
//!
//! Next: `server.rs`, which says what is owed.

use std::collections::VecDeque;

use wellspring_e2e::numbered::{data, event_type};
use wellspring_proto::Item;

use crate::server::{GAP, Owed};
use crate::story::Story;

pub(crate) struct Seen {
    /// Whether it has asked for events that tell of gaps.
    pub(crate) gap_event: bool,
    last_event_id: Option<String>,
    /// The number of the last event.
    pub(crate) last_number: u64,
    /// Whether the next event need not follow the last one.
    hole: bool,
}

impl Seen {
    pub(crate) fn new(gap_event: bool) -> Self {
        Self {
            gap_event,
            last_event_id: None,
            last_number: 0,
            hole: true,
        }
    }

    /// What it can resume from.
    pub(crate) fn last_event_id(&self) -> Option<&str> {
        self.last_event_id.as_deref()
    }

    /// From here on nobody can tell what it has missed.
    pub(crate) fn forget(&mut self) {
        self.last_event_id = None;
        self.hole = true;
    }

    /// Takes what the decoder made of the bytes that have come.
    pub(crate) fn take(
        &mut self,
        item: Item<'_>,
        owed: &mut VecDeque<Owed>,
        name: &str,
        story: &mut Story,
    ) {
        let Some(got) = self.read(item, owed.front()) else {
            return;
        };
        let wanted = owed.pop_front();
        assert_eq!(wanted.as_ref(), Some(&got), "{name} got another");
        match &got {
            Owed::Gap { .. } => self.hole = true,
            Owed::Position { .. } => {}
            Owed::Event { number, .. } => {
                // Whatever the server says it owes: each once, in order.
                let follows = *number == self.last_number + 1;
                assert!(self.hole || follows, "{number} after {}", self.last_number);
                (self.last_number, self.hole) = (*number, false);
                story.events += 1;
            }
        }
        let (Owed::Gap { id } | Owed::Position { id } | Owed::Event { id, .. }) = got;
        self.last_event_id = Some(id);
    }

    /// What the item stands for; most comments stand for nothing.
    fn read(&self, item: Item<'_>, next: Option<&Owed>) -> Option<Owed> {
        let gap_is_next = matches!(next, Some(Owed::Gap { .. }));
        match item {
            Item::Comment(text) => {
                let told = text.trim_start().starts_with("gap:");
                assert!(!told || gap_is_next, "{text:?} instead of {next:?}");
                None
            }
            Item::LastEventId(id) if gap_is_next && !self.gap_event => {
                Some(Owed::Gap { id: id.to_owned() })
            }
            Item::LastEventId(id) => Some(Owed::Position { id: id.to_owned() }),
            Item::Event(event) if event.event_type == GAP => {
                assert!(self.gap_event);
                let id = event.last_event_id.to_owned();
                Some(Owed::Gap { id })
            }
            Item::Event(event) => {
                let number = event.data.split(' ').next().unwrap();
                let number = number.parse().unwrap();
                let whole = (event_type(number), &*data(number));
                assert_eq!((event.event_type, event.data), whole);
                let id = event.last_event_id.to_owned();
                Some(Owed::Event { number, id })
            }
            other => panic!("{other:?}"),
        }
    }
}
