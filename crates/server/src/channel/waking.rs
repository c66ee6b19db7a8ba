//! Waking those who wait. In: the state under its lock, after something was appended. Out: wake-ups,
//! after the lock.
//!
//! Few are woken at once, many in slices, by a task that lets others run between them: events that are
//! published meanwhile are found by the slices behind in the same write. No subscriber depends on another woken
//! subscriber: the task waits for none, and it runs where its subscribers do. When its runtime shuts
//! down, or has done so, it is dropped, and the subscribers left are woken at once.
//!
//! Why not all at once: a publisher that wakes 10,000 subscribers spends milliseconds on it, and as long as that
//! takes its runtime does nothing else. With slices of 64, a publish costs the publisher the wakings of one slice
//! at most, and what it hands to the task.
//!
//! Next: `channel/subscriber.rs`, who is woken.

use std::sync::{Arc, MutexGuard};
use std::task::Waker;

use tokio::runtime::Id;
use tokio::task::yield_now;

use super::shared::Shared;
use super::state::State;
use super::waiters::{Call, SLICE};

impl Shared {
    /// Lets go of the lock, then wakes all waiting subscribers, at once or soon.
    pub(super) fn wake<'a>(self: &'a Arc<Self>, mut state: MutexGuard<'a, State>) {
        state.waiters.end_round();
        while let Some(call) = state.waiters.next_call() {
            drop(state);
            match call {
                Call::All(mut list, runtime) => {
                    list.drain(..).for_each(Waker::wake);
                    state = self.lock();
                    state.waiters.give_back(runtime, list);
                }
                Call::Slices(runtime) => {
                    let slices = Slices {
                        shared: Arc::clone(self),
                        runtime: runtime.id(),
                        slice: Vec::with_capacity(SLICE),
                        done: false,
                    };
                    runtime.spawn(slices.wake());
                    state = self.lock();
                }
            }
        }
    }

    /// Lets go of the lock, then wakes all waiting subscribers at once.
    pub(super) fn wake_at_once(&self, mut state: MutexGuard<'_, State>) {
        let waiting = state.waiters.take_all();
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }
}

/// What the task holds.
///
/// If it is dropped before it is done, its runtime has shut down; `drop` then wakes the rest.
struct Slices {
    shared: Arc<Shared>,
    runtime: Id,
    /// The list of the slice, kept for its capacity.
    slice: Vec<Waker>,
    /// Whether an empty slice has said that none are left.
    done: bool,
}

impl Slices {
    /// Wakes slice after slice, and yields in between.
    async fn wake(mut self) {
        while self.wake_next() {
            yield_now().await;
        }
    }

    /// Wakes one slice. Returns false after the last.
    fn wake_next(&mut self) -> bool {
        let mut state = self.shared.lock();
        state.waiters.next_slice(self.runtime, &mut self.slice);
        drop(state);
        self.done = self.slice.is_empty();
        self.slice.drain(..).for_each(Waker::wake);
        !self.done
    }
}

impl Drop for Slices {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        let left = self.shared.lock().waiters.abandon(self.runtime);
        left.into_iter().for_each(Waker::wake);
    }
}
