//! What waits to be committed. In: events and positions, in the order in which they were taken. Out:
//! whether it is time, and what there is.
//!
//! Next: `writer.rs`.

use std::future::Future;
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::time::{Sleep, sleep};
use wellspring_proto::{Event, EventRef};

/// How long an event waits at the most, if the program goes on asking.
const LATEST: Duration = Duration::from_millis(50);

/// So many events are enough for a commit.
const EVENTS: usize = 1024;

/// So much text is. A batch is larger by at most one event.
const BYTES: usize = 1024 * 1024;

#[derive(Default)]
pub(super) struct Batch {
    pub(super) events: Vec<Event>,
    pub(super) position: String,
    /// Whether the position is to be committed, with events or without.
    moved: bool,
    bytes: usize,
    deadline: Option<Pin<Box<Sleep>>>,
    /// It has been tried before.
    overdue: bool,
}

impl Batch {
    pub(super) fn add_event(&mut self, event: EventRef<'_>) {
        self.bytes += event.data.len() + event.last_event_id.len() + event.event_type.len();
        self.events.push(event.to_event());
        self.set_position(event.last_event_id);
    }

    pub(super) fn set_position(&mut self, id: &str) {
        if self.position != id {
            self.position.clear();
            self.position.push_str(id);
        }
        self.moved = true;
        self.deadline.get_or_insert_with(|| Box::pin(sleep(LATEST)));
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.moved
    }

    pub(super) fn len(&self) -> usize {
        self.events.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.events.len() >= EVENTS || self.bytes >= BYTES
    }

    /// Whether it is time to commit; otherwise the task that polls is woken when it is.
    pub(super) fn is_due(&mut self, cx: &mut Context<'_>) -> bool {
        if self.is_empty() {
            return false;
        }
        let deadline = self.deadline.as_mut();
        let late = deadline.is_none_or(|deadline| deadline.as_mut().poll(cx).is_ready());
        late || self.overdue || self.is_full()
    }

    /// Everything; what comes now is another batch.
    pub(super) fn take(&mut self) -> Self {
        let taken = std::mem::take(self);
        self.position.clone_from(&taken.position);
        taken
    }

    /// Takes back what could not be committed, in front of what has come since.
    pub(super) fn put_back(&mut self, mut earlier: Self) {
        earlier.events.append(&mut self.events);
        if self.moved {
            earlier.position = std::mem::take(&mut self.position);
        }
        earlier.bytes += self.bytes;
        earlier.moved = true;
        earlier.overdue = true;
        *self = earlier;
    }
}
