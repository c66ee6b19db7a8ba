//! Who waits for the next event. In: wakers of subscribers that found nothing. Out: lists of those that
//! are to be woken, and where, in constant time under the channel's lock.
//!
//! A round lasts from one publish to the next; its end makes those who wait due. A subscriber looks for
//! events and leaves its waker under one lock, and a publisher appends and ends the round under the same
//! one: no wake-up is lost. Wakers run and are dropped outside the lock.
//!
//! There is a group for each runtime whose tasks poll subscribers, because the slices of a large one are
//! woken by a task on that runtime: if it stands still, only its own subscribers do. A subscriber polled
//! otherwise is in the group of no runtime: one that is only entered runs no tasks.
//!
//! # An example
//!
//! A channel has 200 subscribers on a runtime of tokio's and one in a thread that blocks on it. A publish ends the
//! round. `next_call` gives [`Call::All`] with the one waker of the group without a runtime, which the publisher
//! wakes itself; then [`Call::Slices`] for the other group, for which it spawns a task there. The task asks for
//! `next_slice` until one is empty. A subscriber that is polled in between has already read the event, and `arm`
//! takes it out of those who are due.
//!
//! Next: `channel/waiters/group.rs` for one of them, `channel/waking.rs` for the waking.

mod call;
mod group;
mod places;

pub(super) use call::{Call, SLICE};

use std::task::Waker;

use tokio::runtime::{Handle, Id};

use group::Group;

/// All groups of a channel.
#[derive(Debug, Default)]
pub(super) struct Waiters {
    /// A group stays where it is while a subscriber has a place in it; an idle one until there is another.
    groups: Vec<Option<Group>>,
}

/// A subscriber's place, from the first time it waits.
#[derive(Debug, Default)]
pub(super) struct Ticket {
    /// The group's index plus one; 0 before.
    group: u32,
    /// The place in that group.
    place: u32,
}

/// The runtime that polls who calls this, if it does so in one of its tasks: then it runs others too.
pub(super) fn runtime_of_task() -> Option<Handle> {
    tokio::task::try_id().and_then(|_| Handle::try_current().ok())
}

impl Waiters {
    /// Leaves a waker for a task of this runtime, or for another executor. Returns one that is no longer
    /// needed, to be dropped outside the lock.
    #[must_use]
    pub(super) fn arm(
        &mut self,
        ticket: &mut Ticket,
        waker: &Waker,
        runtime: Option<Handle>,
    ) -> Option<Waker> {
        let id = runtime.as_ref().map(Handle::id);
        if let Some(group) = self.of(ticket)
            && group.runtime() == id
        {
            return group.arm(ticket.place, waker);
        }
        let unneeded = self.disarm(ticket);
        let index = self
            .index(id)
            .unwrap_or_else(|| self.add(Group::new(runtime)));
        if let Some(Some(group)) = self.groups.get_mut(index) {
            ticket.group = u32::try_from(index + 1).unwrap_or(u32::MAX);
            ticket.place = group.enter();
            let _ = group.arm(ticket.place, waker);
        }
        unneeded
    }

    /// Takes place and waker back, for a subscriber that leaves.
    #[must_use]
    pub(super) fn disarm(&mut self, ticket: &Ticket) -> Option<Waker> {
        self.of(ticket)?.leave(ticket.place)
    }

    /// Ends the round: all waiting subscribers are to be woken. What that takes comes from
    /// [`next_call`](Self::next_call), until there is nothing more.
    pub(super) fn end_round(&mut self) {
        self.groups.iter_mut().flatten().for_each(Group::end_round);
    }

    /// Returns what the publisher has to do next; `None` when all are woken or in the care of a task.
    pub(super) fn next_call(&mut self) -> Option<Call> {
        self.groups.iter_mut().flatten().find_map(Group::call)
    }

    /// Gives a list back once all in it are awake.
    pub(super) fn give_back(&mut self, runtime: Option<Id>, emptied: Vec<Waker>) {
        if let Some(group) = self.group(runtime) {
            group.give_back(emptied);
        }
    }

    /// Ends the round, and takes all that are still to be woken in an earlier one too.
    #[must_use]
    pub(super) fn take_all(&mut self) -> Vec<Waker> {
        self.end_round();
        let groups = self.groups.iter_mut().flatten();
        groups.flat_map(Group::take_due).collect()
    }

    /// The next slice of those on this runtime. An empty one is the last.
    pub(super) fn next_slice(&mut self, runtime: Id, slice: &mut Vec<Waker>) {
        if let Some(group) = self.group(Some(runtime)) {
            group.next_slice(slice);
        }
    }

    /// The task that was to wake them is gone: all that are left.
    #[must_use]
    pub(super) fn abandon(&mut self, runtime: Id) -> Vec<Waker> {
        self.group(Some(runtime)).map_or_else(Vec::new, |group| {
            group.has_no_task();
            group.take_due()
        })
    }

    /// Those that are idle make room.
    fn add(&mut self, group: Group) -> usize {
        for group in &mut self.groups {
            group.take_if(|group| group.is_idle());
        }
        let index = self.groups.iter().position(Option::is_none);
        let index = index.unwrap_or(self.groups.len());
        if index == self.groups.len() {
            self.groups.push(None);
        }
        if let Some(free) = self.groups.get_mut(index) {
            *free = Some(group);
        }
        index
    }

    /// The group of a subscriber that has waited before.
    fn of(&mut self, ticket: &Ticket) -> Option<&mut Group> {
        let index = (ticket.group as usize).checked_sub(1)?;
        self.groups.get_mut(index)?.as_mut()
    }

    /// The group of a runtime.
    fn group(&mut self, runtime: Option<Id>) -> Option<&mut Group> {
        let index = self.index(runtime)?;
        self.groups.get_mut(index)?.as_mut()
    }

    /// Where that group is.
    fn index(&self, runtime: Option<Id>) -> Option<usize> {
        let is_here = |group: &Option<Group>| {
            let group = group.as_ref();
            group.is_some_and(|group| group.runtime() == runtime)
        };
        self.groups.iter().position(is_here)
    }
}

#[cfg(test)]
mod tests;
