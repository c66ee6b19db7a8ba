//! Those who wait on one runtime. In: wakers, the ends of rounds. Out: the list, or slices of it.
//!
//! Next: `channel/waking.rs`, who asks for them.

use std::collections::VecDeque;
use std::task::Waker;

use tokio::runtime::{Handle, Id};

use super::{Call, SLICE};

#[derive(Debug)]
pub(super) struct Group {
    /// `None` for subscribers that are polled outside of tokio.
    runtime: Option<Handle>,
    armed: Vec<Option<Waker>>,
    /// Places in `armed` whose subscriber has left.
    vacant: Vec<u32>,
    /// Lists of rounds that have ended, oldest first, and how far the first is woken.
    due: VecDeque<Vec<Option<Waker>>>,
    woken: usize,
    /// A task is waking them.
    has_task: bool,
    /// An emptied list, kept for its capacity.
    spare: Vec<Option<Waker>>,
    /// The last round somebody waited in.
    used: u64,
}

impl Group {
    pub(super) fn new(runtime: Option<Handle>) -> Self {
        Self {
            runtime,
            armed: Vec::new(),
            vacant: Vec::new(),
            due: VecDeque::new(),
            woken: 0,
            has_task: false,
            spare: Vec::new(),
            used: 0,
        }
    }

    pub(super) fn runtime(&self) -> Option<Id> {
        self.runtime.as_ref().map(Handle::id)
    }

    pub(super) fn used(&self) -> u64 {
        self.used
    }

    pub(super) fn nobody_waits(&self) -> bool {
        self.armed.is_empty()
    }

    /// Whether nothing is lost with it.
    pub(super) fn is_idle(&self) -> bool {
        self.armed.is_empty() && self.due.is_empty() && !self.has_task
    }

    /// Returns the place.
    pub(super) fn arm(&mut self, waker: Waker, round: u64) -> u32 {
        self.used = round;
        if let Some(place) = self.vacant.pop() {
            if let Some(armed) = self.armed.get_mut(place as usize) {
                *armed = Some(waker);
            }
            return place;
        }
        self.armed.push(Some(waker));
        u32::try_from(self.armed.len() - 1).unwrap_or(u32::MAX)
    }

    pub(super) fn replace(&mut self, place: u32, waker: &Waker) -> Option<Waker> {
        let armed = self.armed.get_mut(place as usize)?;
        if armed.as_ref().is_some_and(|armed| armed.will_wake(waker)) {
            return None;
        }
        armed.replace(waker.clone())
    }

    pub(super) fn disarm(&mut self, place: u32) -> Option<Waker> {
        let waker = self.armed.get_mut(place as usize)?.take();
        self.vacant.push(place);
        waker
    }

    pub(super) fn end_round(&mut self) {
        if self.armed.is_empty() {
            return;
        }
        self.vacant.clear();
        let fresh = std::mem::take(&mut self.spare);
        self.due
            .push_back(std::mem::replace(&mut self.armed, fresh));
    }

    /// What is to be done for those who are due, unless a task is at it.
    pub(super) fn call(&mut self) -> Option<Call> {
        if self.has_task {
            return None;
        }
        // Without a task nothing is left of an earlier round.
        let list = self.due.front()?;
        match &self.runtime {
            Some(runtime) if list.len() > SLICE => {
                self.has_task = true;
                Some(Call::Slices(runtime.clone()))
            }
            _ => Some(Call::All(self.due.pop_front()?, self.runtime())),
        }
    }

    pub(super) fn give_back(&mut self, emptied: Vec<Option<Waker>>) {
        if emptied.is_empty() && emptied.capacity() > self.spare.capacity() {
            self.spare = emptied;
        }
    }

    /// At most [`SLICE`] of them, those who waited first before others; none when the task is done.
    pub(super) fn next_slice(&mut self, slice: &mut Vec<Waker>) {
        while slice.len() < SLICE {
            let Some(list) = self.due.front_mut() else {
                break;
            };
            let left = list.iter_mut().skip(self.woken);
            let wanted = SLICE - slice.len();
            let mut passed = 0;
            for waker in left.take(wanted) {
                slice.extend(waker.take());
                passed += 1;
            }
            self.woken += passed;
            if self.woken == list.len() {
                self.woken = 0;
                let mut list = self.due.pop_front().unwrap_or_default();
                list.clear();
                self.give_back(list);
            }
        }
        self.has_task = !slice.is_empty();
    }

    #[cfg(test)]
    pub(super) fn length(&self) -> usize {
        self.armed.len()
    }

    pub(super) fn has_no_task(&mut self) {
        self.has_task = false;
    }

    /// All that are still to be woken.
    pub(super) fn take_due(&mut self) -> Vec<Waker> {
        self.woken = 0;
        self.due.drain(..).flatten().flatten().collect()
    }
}
