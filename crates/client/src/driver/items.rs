//! What is decoded and not taken. In: the batch of a read. Out: its items, one by one, and the last event
//! ID string as of the last one taken.
//!
//! Next: back to `../driver.rs`.

use std::sync::Arc;

use wellspring_proto::{Batch, EventRef, Item};

use crate::driver::config::Config;
use crate::driver::shared::Shared;
use crate::driver::trace;
use crate::policy::decision::TerminalEvent;

/// What is decoded and not taken.
pub(crate) struct Items {
    pub(super) batch: Batch,
    /// The last event ID string as of the last item taken; the machine is ahead of it by the batch.
    last_event_id: String,
    shared: Arc<Shared>,
    traced: trace::Source,
    /// Events taken, of all connections.
    pub(super) events: u64,
    /// Likewise, when the connection before came to its end.
    pub(super) events_before: u64,
    is_terminal: Option<TerminalEvent>,
    /// The terminal event is taken.
    pub(super) terminal: bool,
}

impl Items {
    pub(super) fn new(config: &Config, shared: &Arc<Shared>) -> Self {
        Self {
            shared: Arc::clone(shared),
            traced: trace::Source::new(shared.shown_url()),
            batch: Batch::new(),
            last_event_id: config.last_event_id.clone(),
            events: 0,
            events_before: 0,
            is_terminal: config.hooks.terminal_event.clone(),
            terminal: false,
        }
    }

    pub(crate) fn peek(&self) -> Option<Item<'_>> {
        self.batch.peek()
    }

    #[inline]
    pub(crate) fn has_event(&self) -> bool {
        self.batch.next_is_event() && !self.terminal
    }

    #[inline(always)]
    pub(crate) fn take_event(&mut self) -> Option<EventRef<'_>> {
        let event = self.batch.next_event()?;
        self.traced.message(event);
        self.events += 1;
        self.shared.counting.set_events(self.events);
        if let Some(TerminalEvent(is_terminal)) = &self.is_terminal {
            self.terminal = is_terminal(event);
        }
        keep(&mut self.last_event_id, event.last_event_id);
        Some(event)
    }

    pub(crate) fn take(&mut self) -> Option<Item<'_>> {
        if self.batch.next_is_event() {
            return self.take_event().map(Item::Event);
        }
        let item = self.batch.next_item()?;
        if let Item::LastEventId(id) = item {
            keep(&mut self.last_event_id, id);
        }
        Some(item)
    }

    pub(crate) fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// A source that waits holds no room for what it had to take.
    pub(super) fn release(&mut self) {
        if self.batch.is_empty() {
            self.batch = Batch::new();
        }
    }
}

/// Mostly both are empty, and calling out to compare takes longer than the rest of an event.
#[inline(always)]
fn keep(kept: &mut String, id: &str) {
    if kept.len() != id.len() || !id.is_empty() {
        keep_other(kept, id);
    }
}

#[inline(never)]
fn keep_other(kept: &mut String, id: &str) {
    if kept != id {
        kept.clear();
        kept.push_str(id);
    }
}
