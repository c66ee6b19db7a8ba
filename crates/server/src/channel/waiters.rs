//! Who waits for the next event. In: wakers of subscribers that found nothing. Out: lists of those that
//! are to be woken, and where, in constant time under the channel's lock.
//!
//! A round lasts from one publish to the next. A subscriber is in the list at most once a round: its
//! ticket says where. Taking the list ends the round, and with it every ticket. A subscriber looks
//! for events and leaves its waker under one lock, and a publisher appends and takes the wakers under
//! the same one: no wake-up is lost. Wakers run and are dropped outside the lock.
//!
//! There is a list for each runtime that polls subscribers, because the slices of a long one are woken
//! by a task on that runtime: if it stands still, only its own subscribers do.
//!
//! Next: `channel/waiters/group.rs` for one list, `channel/waking.rs` for the waking.

mod group;

use std::task::Waker;

use tokio::runtime::{Handle, Id};

use group::Group;

/// A list of this length or shorter is woken at once, and so is each slice of a longer one.
pub(super) const SLICE: usize = 64;

/// After so many rounds without a subscriber a group is forgotten.
const FORGOTTEN_AFTER: u64 = 1_000;

#[derive(Debug, Default)]
pub(super) struct Waiters {
    round: u64,
    groups: Vec<Group>,
}

/// A subscriber's place in a list, good for one round.
#[derive(Debug, Default)]
pub(super) struct Ticket {
    /// The round plus one; 0 before the first.
    round: u64,
    group: u32,
    place: u32,
}

/// What is to be done outside the lock after a round has ended.
#[derive(Debug)]
pub(super) enum Call {
    /// Wake all of them, and give the list back to where it came from.
    All(Vec<Option<Waker>>, Option<Id>),
    /// Have a task on this runtime wake its subscribers in slices.
    Slices(Handle),
}

impl Waiters {
    /// Leaves a waker. Returns one that is no longer needed, to be dropped outside the lock.
    #[must_use]
    pub(super) fn arm(&mut self, ticket: &mut Ticket, waker: &Waker) -> Option<Waker> {
        let runtime = Handle::try_current().ok();
        let id = runtime.as_ref().map(Handle::id);
        if let Some(group) = self.of(ticket)
            && group.runtime() == id
        {
            return group.replace(ticket.place, waker);
        }
        let unneeded = self.disarm(ticket);
        let index = self.index(id).unwrap_or_else(|| {
            self.groups.push(Group::new(runtime));
            self.groups.len() - 1
        });
        if let Some(group) = self.groups.get_mut(index) {
            ticket.round = self.round + 1;
            ticket.group = u32::try_from(index).unwrap_or(u32::MAX);
            ticket.place = group.arm(waker.clone(), self.round);
        }
        unneeded
    }

    /// Takes the waker back, for a subscriber that leaves.
    #[must_use]
    pub(super) fn disarm(&mut self, ticket: &Ticket) -> Option<Waker> {
        self.of(ticket)?.disarm(ticket.place)
    }

    /// Ends the round: everybody who waits is to be woken. What that takes is told by
    /// [`next_call`](Self::next_call), until there is nothing more.
    pub(super) fn end_round(&mut self) {
        if self.groups.iter().all(Group::nobody_waits) {
            return;
        }
        self.round += 1;
        let round = self.round;
        self.groups
            .retain(|group| !group.is_idle() || round - group.used() < FORGOTTEN_AFTER);
        self.groups.iter_mut().for_each(Group::end_round);
    }

    pub(super) fn next_call(&mut self) -> Option<Call> {
        self.groups.iter_mut().find_map(Group::call)
    }

    /// Gives a list back once everybody in it is awake.
    pub(super) fn give_back(&mut self, runtime: Option<Id>, emptied: Vec<Option<Waker>>) {
        if let Some(group) = self.group(runtime) {
            group.give_back(emptied);
        }
    }

    /// Ends the round, and takes everybody who is still to be woken in an earlier one too.
    #[must_use]
    pub(super) fn take_all(&mut self) -> Vec<Waker> {
        self.end_round();
        self.groups.iter_mut().flat_map(Group::take_due).collect()
    }

    /// The next slice of those on this runtime. An empty one is the last: whoever asked is done.
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

    fn of(&mut self, ticket: &Ticket) -> Option<&mut Group> {
        if ticket.round != self.round + 1 {
            return None;
        }
        self.groups.get_mut(ticket.group as usize)
    }

    fn group(&mut self, runtime: Option<Id>) -> Option<&mut Group> {
        let index = self.index(runtime)?;
        self.groups.get_mut(index)
    }

    fn index(&self, runtime: Option<Id>) -> Option<usize> {
        self.groups.iter().position(|g| g.runtime() == runtime)
    }
}

#[cfg(test)]
mod tests;
