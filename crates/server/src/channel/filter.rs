//! What a subscriber may and wants to see. In: frames of the log. Out: the blocks of them that pass,
//! and, after long runs that did not, a block that tells the position.
//!
//! A filtered subscriber's last event ID must move although nothing is sent, or a resume would go
//! through the same run again, and take a place that has left the history for a gap. So its position is
//! told by a block with an id and nothing else: along with a comment in silence, and after a run of
//! skipped events. Such ids are the channel's own: those of publishers might not be meant for it.
//!
//! Next: `channel/filter/blocks.rs` takes frames apart, `channel/subscriber.rs` filters.

mod blocks;

use std::fmt;
use std::ops::{ControlFlow, Range};
use std::sync::Arc;

use bytes::Bytes;
use wellspring_proto::{DEFAULT_EVENT_TYPE, Decoder, EventRef, EventType, Item, Limits};

use crate::log::{Epoch, HistoryLimits, Large};
use blocks::{Fields, blocks};

/// What passes: every block that dispatches no event, and the events that all criteria agree on.
#[derive(Clone, Debug, Default)]
pub(super) struct Criteria {
    pub(super) event_types: Option<Arc<[EventType<'static>]>>,
    pub(super) predicate: Option<Predicate>,
}

#[derive(Clone)]
pub(super) struct Predicate(Arc<dyn Fn(EventRef<'_>) -> bool + Send + Sync>);

impl Predicate {
    pub(super) fn new(predicate: impl Fn(EventRef<'_>) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(predicate))
    }
}

impl fmt::Debug for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Predicate")
    }
}

impl Criteria {
    pub(super) fn is_empty(&self) -> bool {
        self.event_types.is_none() && self.predicate.is_none()
    }

    fn pass(&self, fields: &Fields<'_>, block: &[u8], decoder: &mut Decoder) -> bool {
        if !fields.has_data {
            return true;
        }
        if let Some(event_types) = &self.event_types {
            let written = |event_type: &EventType<'_>| match event_type.as_str() {
                "" => DEFAULT_EVENT_TYPE.as_bytes() == fields.event_type,
                event_type => event_type.as_bytes() == fields.event_type,
            };
            if !event_types.iter().any(written) {
                return false;
            }
        }
        let Some(Predicate(predicate)) = &self.predicate else {
            return true;
        };
        let mut pass = false;
        let visit = |item: Item<'_>| {
            if let Item::Event(event) = item {
                pass = predicate(event);
            }
            ControlFlow::Continue(())
        };
        // What the channel encoded is within limits; if it could not be read, it would not pass.
        let _ = decoder.decode(block, visit);
        pass
    }
}

/// A filter at work.
#[derive(Debug)]
pub(super) struct Filter {
    criteria: Criteria,
    epoch: Epoch,
    /// The longest run of skipped events without a position block.
    longest_run: Run,
    /// Skipped since the client's last event ID moved.
    run: Run,
}

#[derive(Clone, Copy, Debug, Default)]
struct Run {
    events: usize,
    bytes: usize,
}

impl Filter {
    /// A run is long when a resume from before it would cost much, or soon be a gap.
    pub(super) fn new(criteria: Criteria, epoch: Epoch, history: &HistoryLimits) -> Self {
        Self {
            criteria,
            epoch,
            longest_run: Run {
                events: (history.events / 8).clamp(1, 1_000),
                bytes: (history.bytes / 8).clamp(1, 256 << 10),
            },
            run: Run::default(),
        }
    }

    /// What passes of a frame that ends before `place`; `None` if nothing is to be sent. Calls the
    /// program: not to be called under the lock.
    pub(super) fn apply(&mut self, frame: &Bytes, place: u64) -> Option<Bytes> {
        let mut decoder = decoder();
        let mut kept: Vec<Range<usize>> = Vec::new();
        for range in blocks(frame) {
            let block = frame.get(range.clone()).unwrap_or_default();
            if !self.passes(block, &mut decoder) {
                continue;
            }
            match kept.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ => kept.push(range),
            }
        }
        let long = self.is_long();
        match (kept.as_slice(), long) {
            ([], false) => None,
            ([range], false) => Some(frame.slice(range.clone())),
            (ranges, _) => {
                let pieces = ranges.iter().filter_map(|range| frame.get(range.clone()));
                let mut bytes = pieces.collect::<Vec<_>>().concat();
                if long {
                    self.tell_position(&mut bytes, place);
                }
                Some(bytes.into())
            }
        }
    }

    /// Whether an event larger than a frame passes. It is copied for the time of the call: the program
    /// sees it in one piece. Not to be called under the lock.
    pub(super) fn passes_large(&mut self, event: &Large) -> bool {
        self.passes(&event.to_vec(), &mut decoder())
    }

    fn passes(&mut self, block: &[u8], decoder: &mut Decoder) -> bool {
        let fields = Fields::of(block);
        if !self.criteria.pass(&fields, block, decoder) {
            self.run.events += 1;
            self.run.bytes += block.len();
            return false;
        }
        if fields.has_id {
            self.run = Run::default();
        }
        true
    }

    fn is_long(&self) -> bool {
        self.run.events >= self.longest_run.events || self.run.bytes >= self.longest_run.bytes
    }

    /// A block that tells the position, after a long run.
    pub(super) fn position_if_due(&mut self, place: u64) -> Option<Bytes> {
        if !self.is_long() {
            return None;
        }
        let mut block = Vec::new();
        self.tell_position(&mut block, place);
        Some(block.into())
    }

    /// A comment that tells the position, if it has moved unseen.
    pub(super) fn comment(&mut self, place: u64) -> Option<Bytes> {
        if self.run.events == 0 {
            return None;
        }
        let mut comment = b":\n".to_vec();
        self.tell_position(&mut comment, place);
        Some(comment.into())
    }

    fn tell_position(&mut self, bytes: &mut Vec<u8>, place: u64) {
        let block = self.epoch.position_block(place.saturating_sub(1));
        bytes.extend_from_slice(block.as_bytes());
        self.run = Run::default();
    }
}

/// What the channel encoded is within its own limits.
fn decoder() -> Decoder {
    let limits = Limits::default()
        .with_line(usize::MAX)
        .with_event(usize::MAX)
        .with_id(usize::MAX);
    Decoder::with_limits(limits)
}

#[cfg(test)]
mod tests;
