//! Those who wait on one runtime, each at a place of its own. In: wakers, the ends of rounds. Out: those
//! who are to be woken, all or a slice, in the order of their places.
//!
//! A subscriber keeps its place as long as it stays. So the order of a round is that of the round before,
//! however a scheduler mixes those it polls, and a delivery finds its connection's memory where the last
//! one led to. With thousands of connections that is a quarter of what a delivery takes.
//!
//! A subscriber is in one of three states:
//!
//! | state | in `armed` | in `due` | waker |
//! |---|---|---|---|
//! | it waits for the next event | yes | no | kept |
//! | an event was published, it is to be woken | no | yes | kept |
//! | it was woken, or never waited | no | no | none |
//!
//! Next: `channel/waking.rs`, who asks for them.

use std::task::Waker;

use tokio::runtime::{Handle, Id};

use super::call::{Call, SLICE};
use super::places::Places;

/// The waiting subscribers of one runtime.
#[derive(Debug)]
pub(super) struct Group {
    /// `None` for subscribers that are polled outside of tokio's tasks.
    runtime: Option<Handle>,
    /// A place for each subscriber, and its waker while it waits.
    wakers: Vec<Option<Waker>>,
    /// Places whose subscriber has left.
    vacant: Vec<u32>,
    /// Who waits for the next event.
    armed: Places,
    /// Who is to be woken.
    due: Places,
    /// Where the next slice begins.
    next: usize,
    /// A task is waking them.
    has_task: bool,
    /// An emptied list, kept for its capacity.
    spare: Vec<Waker>,
}

impl Group {
    /// Returns a group without subscribers.
    pub(super) fn new(runtime: Option<Handle>) -> Self {
        Self {
            runtime,
            wakers: Vec::new(),
            vacant: Vec::new(),
            armed: Places::default(),
            due: Places::default(),
            next: 0,
            has_task: false,
            spare: Vec::new(),
        }
    }

    /// Returns the id of the runtime it is for.
    pub(super) fn runtime(&self) -> Option<Id> {
        self.runtime.as_ref().map(Handle::id)
    }

    /// Whether nothing is lost with it.
    pub(super) fn is_idle(&self) -> bool {
        self.vacant.len() == self.wakers.len() && !self.has_task
    }

    /// A place for a subscriber that comes.
    pub(super) fn enter(&mut self) -> u32 {
        self.vacant.pop().unwrap_or_else(|| {
            self.wakers.push(None);
            u32::try_from(self.wakers.len() - 1).unwrap_or(u32::MAX)
        })
    }

    /// The subscriber at this place has found nothing, and waits.
    pub(super) fn arm(&mut self, place: u32, waker: &Waker) -> Option<Waker> {
        let place = place as usize;
        let kept = self.wakers.get_mut(place)?;
        if !self.due.is_empty() {
            self.due.remove(place);
        }
        self.armed.insert(place);
        if kept.as_ref().is_some_and(|kept| kept.will_wake(waker)) {
            return None;
        }
        kept.replace(waker.clone())
    }

    /// The subscriber at this place goes.
    pub(super) fn leave(&mut self, place: u32) -> Option<Waker> {
        let index = place as usize;
        let waker = self.wakers.get_mut(index)?.take();
        self.armed.remove(index);
        self.due.remove(index);
        self.vacant.push(place);
        waker
    }

    /// Makes all who wait due.
    pub(super) fn end_round(&mut self) {
        self.due.append(&mut self.armed);
    }

    /// What is to be done for those who are due, unless a task is at it.
    pub(super) fn call(&mut self) -> Option<Call> {
        if self.has_task || self.due.is_empty() {
            return None;
        }
        match &self.runtime {
            Some(runtime) if self.due.len() > SLICE => {
                self.has_task = true;
                Some(Call::Slices(runtime.clone()))
            }
            _ => Some(Call::All(self.take_due(), self.runtime())),
        }
    }

    /// Keeps an emptied list for the next round, if it is the larger one.
    pub(super) fn give_back(&mut self, emptied: Vec<Waker>) {
        if emptied.is_empty() && emptied.capacity() > self.spare.capacity() {
            self.spare = emptied;
        }
    }

    /// At most [`SLICE`] of them, onwards from those before; none when the task is done.
    pub(super) fn next_slice(&mut self, slice: &mut Vec<Waker>) {
        self.take(SLICE, slice);
        self.has_task = !slice.is_empty();
    }

    /// All that are still to be woken.
    pub(super) fn take_due(&mut self) -> Vec<Waker> {
        let mut all = std::mem::take(&mut self.spare);
        self.take(usize::MAX, &mut all);
        all
    }

    /// Moves wakers of those who are due to the list, until it has `most`. It goes on where it stopped last.
    fn take(&mut self, most: usize, taken: &mut Vec<Waker>) {
        while taken.len() < most && !self.due.is_empty() {
            let place = self.due.take_next(self.next);
            self.next = place.map_or(0, |place| place + 1);
            let waker = place.and_then(|place| self.wakers.get_mut(place)?.take());
            taken.extend(waker);
        }
        if self.due.is_empty() {
            self.next = 0;
        }
    }

    #[cfg(test)]
    pub(super) fn places(&self) -> usize {
        self.wakers.len()
    }

    /// Forgets a task that was dropped before it was done.
    pub(super) fn has_no_task(&mut self) {
        self.has_task = false;
    }
}
