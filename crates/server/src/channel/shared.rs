//! What all handles and subscribers of a channel share. In: blocks, the lock. Out: encoded blocks, the
//! state under the lock, and wake-ups after it.
//!
//! Next: `channel/waiters.rs` for who is woken, `channel/subscriber.rs` for who reads.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use wellspring_proto::Block;

use super::waiters::Waiters;
use super::{PublishError, Subscription};
use crate::body::Opening;
use crate::gap::Gap;
use crate::log::{Log, Resume};

/// What an id line of the channel's own adds to a block, at most.
const ID_ROOM: usize = "id: -\n".len() + 32 + 20;

#[derive(Debug)]
pub(super) struct Shared {
    state: Mutex<State>,
    publish_limit: usize,
    /// Only a history bounded by age looks at the clock.
    started: Option<Instant>,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) log: Log,
    pub(super) waiters: Waiters,
    pub(super) closed: bool,
    pub(super) subscribers: usize,
    pub(super) gaps: u64,
    pub(super) missed: u64,
    pub(super) disconnected: u64,
}

impl Shared {
    /// The clock is looked at only if `clock` is set.
    pub(super) fn new(log: Log, publish_limit: usize, clock: bool) -> Self {
        Self {
            publish_limit,
            started: clock.then(Instant::now),
            state: Mutex::new(State {
                log,
                waiters: Waiters::default(),
                closed: false,
                subscribers: 0,
                gaps: 0,
                missed: 0,
                disconnected: 0,
            }),
        }
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
        self.wake_all(state);
    }

    /// Lets go of the lock, then wakes.
    pub(super) fn wake_all(&self, mut state: MutexGuard<'_, State>) {
        let mut waiting = state.waiters.take();
        drop(state);
        if waiting.capacity() == 0 {
            return;
        }
        waiting.drain(..).flatten().for_each(std::task::Waker::wake);
        self.lock().waiters.give_back(waiting);
    }
}

impl State {
    /// What a new subscriber is told before its first event.
    pub(super) fn open(
        &mut self,
        resume: Option<Resume>,
        place: u64,
        subscription: &Subscription,
    ) -> Opening {
        let Some(resume) = resume else {
            return Opening::at(self.log.id_before(place));
        };
        let missed = match resume {
            Resume::Found => return Opening::default(),
            Resume::Expired { missed } => Some(missed),
            _ => None,
        };
        self.gaps += 1;
        self.missed += missed.unwrap_or(0);
        let asked = subscription.last_event_id.as_ref();
        let gap = Gap {
            reason: resume.as_str(),
            asked: asked.map_or_else(String::new, |id| id.as_str().to_owned()),
            resumes_after: self.log.id_before(place),
            missed,
        };
        Opening::after_gap(gap.encode(subscription.gap_event.as_ref()))
    }
}
