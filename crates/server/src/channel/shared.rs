//! What all handles and subscribers of a channel share. In: blocks, the lock. Out: encoded blocks, the
//! state under the lock.
//!
//! Next: `channel/waking.rs` for who is woken, `channel/subscriber.rs` for who reads.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use wellspring_proto::Block;

use super::admission::Admission;
use super::drain::Drained;
use super::presence::Hook;
use super::reader::{Missing, Reader};
use super::waiters::Waiters;
use super::{ChannelBuilder, PublishError, Subscription};
use crate::body::Opening;
use crate::gap::Gap;
use crate::log::{Epoch, HistoryLimits, Log, Resume};

/// What an id line of the channel's own adds to a block, at most.
const ID_ROOM: usize = "id: -\n".len() + 32 + 20;

#[derive(Debug)]
pub(super) struct Shared {
    state: Mutex<State>,
    history: HistoryLimits,
    publish_limit: usize,
    hook: Option<Hook>,
    /// Only a history bounded by age looks at the clock.
    started: Option<Instant>,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) log: Log,
    /// When the newest event was published.
    pub(super) newest: Option<Instant>,
    pub(super) waiters: Waiters,
    pub(super) closed: bool,
    pub(super) drain: Drained,
    pub(super) admission: Admission,
    pub(super) counters: Counters,
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    pub(super) gaps: u64,
    pub(super) missed: u64,
    pub(super) latest: u64,
    pub(super) disconnected: u64,
    pub(super) refused: u64,
}

impl Shared {
    pub(super) fn new(builder: ChannelBuilder) -> Self {
        let history = builder.history;
        let epoch = builder.epoch.unwrap_or_else(Epoch::random);
        Self {
            state: Mutex::new(State {
                log: Log::new(epoch, history, builder.latest),
                newest: None,
                waiters: Waiters::default(),
                closed: false,
                drain: Drained::default(),
                admission: Admission::new(builder.subscribers),
                counters: Counters::default(),
            }),
            history,
            publish_limit: builder.publish_limit,
            hook: builder.hook,
            started: history.age.is_some().then(Instant::now),
        }
    }

    pub(super) fn history(&self) -> &HistoryLimits {
        &self.history
    }

    /// Not to be called under the lock.
    pub(super) fn hook(&self) -> Option<&Hook> {
        self.hook.as_ref()
    }

    /// Nothing panics while it holds the lock; if something did, the log would still be whole.
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn now(&self) -> Duration {
        self.started
            .map_or(Duration::ZERO, |started| started.elapsed())
    }

    pub(super) fn encode(&self, block: &Block<'_>) -> Result<Vec<u8>, PublishError> {
        let limit = self.publish_limit;
        let too_large = |length| Err(PublishError::TooLarge { length, limit });
        if block.text_len() > limit {
            return too_large(block.text_len());
        }
        let length = block.encoded_len();
        if length > limit {
            return too_large(length);
        }
        let mut encoded = Vec::with_capacity(length + ID_ROOM);
        block.encode_into(&mut encoded);
        Ok(encoded)
    }

    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        self.wake_at_once(state);
    }
}

impl State {
    /// The id that resumes at `place`, as a subscriber may know it.
    pub(super) fn position_id(&self, place: u64, filtered: bool) -> String {
        match filtered {
            true => self.log.epoch().id(place.saturating_sub(1)),
            false => self.log.id_before(place),
        }
    }

    /// What a new subscriber is told before its first event.
    pub(super) fn open(
        &mut self,
        resume: Option<Resume>,
        reader: &Reader,
        subscription: &Subscription,
    ) -> Opening {
        let position = self.position_id(reader.place, reader.filtered);
        let Some(resume) = resume else {
            return Opening::at(position);
        };
        let missed = match resume {
            Resume::Found => return Opening::default(),
            Resume::Expired { missed } => Some(missed),
            _ => None,
        };
        self.counters.gaps += 1;
        let missed = match reader.missing {
            Missing::Nothing => {
                self.counters.missed += missed.unwrap_or(0);
                missed
            }
            // Counted as it is passed.
            _ => missed.map(|n| n.saturating_sub(self.log.count_missed_from(reader.place))),
        };
        let asked = subscription.last_event_id.as_ref();
        let gap = Gap {
            reason: resume.as_str(),
            asked: asked.map_or_else(String::new, |id| id.as_str().to_owned()),
            resumes_after: position,
            missed,
        };
        Opening::after_gap(gap.encode(subscription.gap_event.as_ref()))
    }
}
