//! In: requests that may hold only so many HTTP/1.1 connections to an origin together. Out: [`Permit`]s, first in, first
//! out; a request that waits can see its place.
//!
//! A permit goes where it is needed in the moment it is dropped, and so does the place of one who gives up waiting.
//! Next: back to `http_transport.rs`.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::oneshot;

use super::QueuePosition;
use super::connect::Endpoint;
use crate::sync::lock;

/// Origins remembered although no request waits for them.
const IDLE_ORIGINS: usize = 256;

/// The queues of one transport, one for each origin.
#[derive(Default)]
pub(super) struct Queues {
    origins: Mutex<HashMap<Endpoint, Arc<Queue>>>,
}

impl Queues {
    /// Waits until fewer than `limit` permits of the origin are held, and until it is this one's turn.
    pub(super) async fn permit(
        &self,
        origin: &Endpoint,
        limit: usize,
        place: &QueuePosition,
    ) -> Permit {
        self.origin(origin).permit(limit, place).await
    }

    fn origin(&self, origin: &Endpoint) -> Arc<Queue> {
        let mut origins = lock(&self.origins);
        if origins.len() > IDLE_ORIGINS {
            origins.retain(|_, queue| Arc::strong_count(queue) > 1);
        }
        origins.entry(origin.clone()).or_default().clone()
    }
}

#[derive(Default)]
struct Queue {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    held: usize,
    waiting: VecDeque<Waiter>,
    last_number: u64,
}

struct Waiter {
    number: u64,
    limit: usize,
    place: QueuePosition,
    permit: oneshot::Sender<Permit>,
}

/// Leave to hold one connection, until it is dropped.
pub(super) struct Permit {
    queue: Arc<Queue>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.queue.state().held -= 1;
        self.queue.settle();
    }
}

impl Queue {
    async fn permit(self: Arc<Self>, limit: usize, place: &QueuePosition) -> Permit {
        let (permit, granted) = oneshot::channel();
        let _waiting = self.enter(limit, place, permit);
        self.settle();
        granted
            .await
            .expect("a waiter leaves the queue with a permit or because it is dropped")
    }

    fn enter(
        self: &Arc<Self>,
        limit: usize,
        place: &QueuePosition,
        permit: oneshot::Sender<Permit>,
    ) -> Waiting {
        let mut state = self.state();
        state.last_number += 1;
        let number = state.last_number;
        state.waiting.push_back(Waiter {
            number,
            limit: limit.max(1),
            place: place.clone(),
            permit,
        });
        Waiting {
            queue: self.clone(),
            number,
        }
    }

    /// Hands out what may be held, then tells the others their places.
    fn settle(self: &Arc<Self>) {
        loop {
            // The lock is free again before anything is dropped that may take it.
            let next = self.state().take_next();
            let Some(next) = next else { return };
            next.place.set(None);
            let permit = Permit {
                queue: self.clone(),
            };
            // Of one who has just given up the permit comes back, and its drop settles again.
            drop(next.permit.send(permit));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl State {
    fn take_next(&mut self) -> Option<Waiter> {
        let held = self.held;
        let next = self.waiting.front().is_some_and(|next| held < next.limit);
        let Some(next) = next.then(|| self.waiting.pop_front()).flatten() else {
            self.tell_places();
            return None;
        };
        self.held += 1;
        Some(next)
    }

    fn tell_places(&self) {
        for (place, waiter) in (1..).zip(&self.waiting) {
            waiter.place.set(Some(place));
        }
    }
}

/// Someone in the queue, or on the way out of it.
struct Waiting {
    queue: Arc<Queue>,
    number: u64,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut state = self.queue.state();
        let mut waiting = state.waiting.iter();
        let Some(index) = waiting.position(|waiter| waiter.number == self.number) else {
            return;
        };
        let gone = state.waiting.remove(index);
        state.tell_places();
        drop(state);
        if let Some(gone) = gone {
            gone.place.set(None);
        }
        // The one behind may have a larger limit.
        self.queue.settle();
    }
}

#[cfg(test)]
mod tests;
