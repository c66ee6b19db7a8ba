//! Who waits for the next event. In: wakers of subscribers that found nothing. Out: all of them at
//! once, in constant time under the channel's lock.
//!
//! A round lasts from one publish to the next. A subscriber is in the list at most once a round: its
//! ticket says where. Taking the list ends the round, and with it every ticket. A subscriber looks
//! for events and leaves its waker under one lock, and a publisher appends and takes the wakers under
//! the same one: no wake-up is lost. Wakers run and are dropped outside the lock.
//!
//! All are woken at once. Waking in slices would let later ones find more events in a write, but the
//! next slice would depend on a woken subscriber being polled, and one that is stuck would hold the
//! others up.
//!
//! Next: `channel/shared.rs` holds the lock.

use std::task::Waker;

#[derive(Debug, Default)]
pub(super) struct Waiters {
    round: u64,
    armed: Vec<Option<Waker>>,
    /// Places in `armed` whose subscriber has left.
    vacant: Vec<u32>,
    /// An emptied list, kept for its capacity.
    spare: Vec<Option<Waker>>,
}

/// A subscriber's place in the list, good for one round.
#[derive(Debug, Default)]
pub(super) struct Ticket {
    /// The round plus one; 0 before the first.
    round: u64,
    place: u32,
}

impl Waiters {
    /// Leaves a waker. Returns one that is no longer needed, to be dropped outside the lock.
    #[must_use]
    pub(super) fn arm(&mut self, ticket: &mut Ticket, waker: &Waker) -> Option<Waker> {
        if let Some(armed) = self.of(ticket) {
            if armed.as_ref().is_some_and(|armed| armed.will_wake(waker)) {
                return None;
            }
            return armed.replace(waker.clone());
        }
        ticket.round = self.round + 1;
        let waker = Some(waker.clone());
        if let Some(place) = self.vacant.pop() {
            ticket.place = place;
            if let Some(armed) = self.armed.get_mut(place as usize) {
                *armed = waker;
            }
        } else {
            ticket.place = u32::try_from(self.armed.len()).unwrap_or(u32::MAX);
            self.armed.push(waker);
        }
        None
    }

    /// Takes the waker back, for a subscriber that leaves.
    #[must_use]
    pub(super) fn disarm(&mut self, ticket: &Ticket) -> Option<Waker> {
        let waker = self.of(ticket)?.take();
        self.vacant.push(ticket.place);
        waker
    }

    /// Ends the round: everybody who waits. To be woken outside the lock.
    #[must_use]
    pub(super) fn take(&mut self) -> Vec<Option<Waker>> {
        if self.armed.is_empty() {
            return Vec::new();
        }
        self.round += 1;
        self.vacant.clear();
        std::mem::replace(&mut self.armed, std::mem::take(&mut self.spare))
    }

    /// Gives a list back once everybody in it is awake.
    pub(super) fn give_back(&mut self, emptied: Vec<Option<Waker>>) {
        if emptied.is_empty() && emptied.capacity() > self.spare.capacity() {
            self.spare = emptied;
        }
    }

    fn of(&mut self, ticket: &Ticket) -> Option<&mut Option<Waker>> {
        if ticket.round != self.round + 1 {
            return None;
        }
        self.armed.get_mut(ticket.place as usize)
    }
}

#[cfg(test)]
mod tests;
