//! How a body came. In: events, bytes and time, as they pass. Out: what there is to judge.
//!
//! Next: `../body.rs` judges it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use wellspring_proto::EventRef;

use super::blocks::Pending;

/// So many events are remembered, and so many bytes of ids, and so many reads; the rest is counted.
pub(super) const EVENTS: usize = 10_000;
pub(super) const ID_BYTES: usize = 4 << 20;
const ARRIVALS: usize = 10_000;

/// One event, as far as it has to be told from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::check) struct SeenEvent {
    /// Shared with the events that only carry it.
    pub(in crate::check) id: Arc<str>,
    /// Its own block has an `id` field.
    pub(in crate::check) own_id: bool,
    pub(in crate::check) digest: u64,
    /// From the head to its end.
    pub(in crate::check) at: Duration,
}

/// How the body came.
#[derive(Clone, Debug, Default)]
pub(in crate::check) struct Seen {
    pub(in crate::check) events: Vec<SeenEvent>,
    /// Those that are not remembered included.
    pub(in crate::check) event_count: u64,
    /// Of the ids that are remembered.
    pub(in crate::check) id_bytes: usize,
    pub(in crate::check) reads: u64,
    /// How many of the reads began with what a gzip file begins with.
    pub(in crate::check) gzip_files: u64,
    /// When the first of them came.
    pub(in crate::check) arrivals: Vec<Instant>,
    /// From the head to the first byte.
    pub(in crate::check) first_byte: Option<Duration>,
    /// From the head to the first event and to the last.
    pub(in crate::check) first_event: Option<Duration>,
    pub(in crate::check) last_event: Option<Duration>,
    /// The longest time without a byte, and the longest that a byte ended.
    pub(in crate::check) silence: Duration,
    pub(in crate::check) gap: Duration,
    pub(in crate::check) waits: Waits,
    pub(in crate::check) comments: u64,
    /// The longest time from one comment to the next.
    pub(in crate::check) comment_interval: Option<Duration>,
    pub(in crate::check) retry: Option<Duration>,
    /// How often U+FFFD stands in data, and how often it was sent as such: the difference was not UTF-8.
    pub(in crate::check) replacements: u64,
    pub(in crate::check) sent_replacements: u64,
    /// How it ended, if it did.
    pub(in crate::check) end: Option<End>,
    /// For how long it was watched, to its end at the most.
    pub(in crate::check) time: Duration,
}

/// The longest times for which a part of an event waited for the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::check) struct Waits {
    /// A line that was cut.
    pub(in crate::check) cut: Duration,
    /// Data that was whole, for its blank line.
    pub(in crate::check) data: Duration,
    /// `event` or `id`, for the data.
    pub(in crate::check) fields: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::check) struct End {
    pub(in crate::check) how: How,
    /// From the head to the end.
    pub(in crate::check) after: Duration,
    /// From the last byte to the end.
    pub(in crate::check) silence: Duration,
    /// Data had come that no blank line followed.
    pub(in crate::check) inside_event: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::check) enum How {
    EndOfBody,
    Broken(String),
    /// It exceeded a limit of ours.
    TooLong(String),
}

impl Seen {
    /// The events with an id of their own.
    pub(in crate::check) fn own(&self) -> Vec<&SeenEvent> {
        self.events.iter().filter(|event| event.own_id).collect()
    }

    /// How many events have an id of their own.
    pub(in crate::check) fn own_ids(&self) -> usize {
        self.events.iter().filter(|event| event.own_id).count()
    }

    /// How many reads came after this moment; of those that are remembered.
    pub(in crate::check) fn arrivals_after(&self, moment: Instant) -> usize {
        let before = self.arrivals.partition_point(|at| *at <= moment);
        self.arrivals.len() - before
    }

    pub(super) fn add_read(&mut self, now: Instant, at: Duration) {
        self.reads += 1;
        self.first_byte.get_or_insert(at);
        if self.arrivals.len() < ARRIVALS {
            self.arrivals.push(now);
        }
    }

    pub(super) fn add_wait(&mut self, pending: Pending, time: Duration) {
        let longest = match pending {
            Pending::Nothing => return,
            Pending::Fields => &mut self.waits.fields,
            Pending::Data => &mut self.waits.data,
            Pending::Cut => &mut self.waits.cut,
        };
        *longest = time.max(*longest);
    }

    pub(super) fn add_event(&mut self, event: EventRef<'_>, has_id: bool, at: Duration) {
        self.event_count += 1;
        self.first_event.get_or_insert(at);
        self.last_event = Some(at);
        self.replacements += event.data.matches('\u{FFFD}').count() as u64;
        // Once one is left out, so are all after it.
        if self.event_count > self.events.len() as u64 + 1 || self.events.len() == EVENTS {
            return;
        }
        let before = self.events.last().map(|event| &event.id);
        let id = match before.filter(|id| ***id == *event.last_event_id) {
            Some(id) => Arc::clone(id),
            None => {
                self.id_bytes += event.last_event_id.len();
                event.last_event_id.into()
            }
        };
        if self.id_bytes > ID_BYTES {
            return;
        }
        let mut digest = DefaultHasher::new();
        (event.event_type, event.data).hash(&mut digest);
        self.events.push(SeenEvent {
            own_id: has_id && !id.is_empty(),
            id,
            digest: digest.finish(),
            at,
        });
    }
}
