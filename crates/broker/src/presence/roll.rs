//! The members of this node, and how far each is announced. In: members that come and go, and what became of
//! their announcements. Out: what is to be done next. Pure.
//!
//! Next: `announcer.rs`, which does it.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;

use crate::engine::{Member, NodeId};

#[derive(Debug)]
pub(super) struct Roll {
    pub(super) node: NodeId,
    /// Members are no longer taken.
    pub(super) is_closed: bool,
    entries: BTreeMap<String, Entry>,
    /// Members whose arrival could not be announced yet, by the number that they drew.
    held: BTreeMap<u64, String>,
    /// The number that is drawn next.
    next: u64,
    /// Members that have gone, of which something is still to be done.
    leaving: VecDeque<Leaving>,
}

#[derive(Debug)]
struct Entry {
    bytes: Bytes,
    /// Its arrival is being announced right now: what comes next waits for that.
    is_busy: bool,
    /// The engine has it.
    is_put: bool,
    /// Something of its arrival may have been published.
    is_announced: bool,
    /// It went while it was busy.
    has_gone: bool,
    /// Its place among those that are held back, which it keeps until it is announced.
    number: Option<u64>,
}

/// A member that has gone.
#[derive(Debug)]
pub(super) struct Leaving {
    pub(super) member: Member,
    /// If not, it goes as it came: without a word.
    pub(super) is_announced: bool,
}

impl Roll {
    pub(super) fn new(node: NodeId) -> Self {
        Self {
            node,
            is_closed: false,
            entries: BTreeMap::new(),
            held: BTreeMap::new(),
            next: 0,
            leaving: VecDeque::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// How many arrivals are held back.
    pub(super) fn held(&self) -> usize {
        self.held.len()
    }

    /// Whether nothing is to be done any more.
    pub(super) fn is_settled(&self) -> bool {
        self.entries.is_empty() && self.leaving.is_empty()
    }

    /// A member comes, and is busy from now on. Nothing if it is there already, or no more are taken.
    pub(super) fn enter(&mut self, name: &str, bytes: Bytes) -> Option<Member> {
        if self.is_closed || self.entries.contains_key(name) {
            return None;
        }
        let member = Member::new(self.node, name.to_owned(), bytes.clone());
        let entry = Entry {
            bytes,
            is_busy: true,
            is_put: false,
            is_announced: false,
            has_gone: false,
            number: None,
        };
        self.entries.insert(name.to_owned(), entry);
        Some(member)
    }

    /// A member goes. One that is busy goes when it no longer is.
    pub(super) fn leave(&mut self, name: &str) {
        if let Some(entry) = self.entries.get_mut(name) {
            entry.has_gone = true;
            if !entry.is_busy {
                self.strike(name);
            }
        }
    }

    pub(super) fn leave_all(&mut self) {
        let names: Vec<String> = self.entries.keys().cloned().collect();
        names.iter().for_each(|name| self.leave(name));
    }

    fn strike(&mut self, name: &str) {
        if let Some(entry) = self.entries.remove(name) {
            entry.number.map(|number| self.held.remove(&number));
            self.leaving.push_back(Leaving {
                member: Member::new(self.node, name.to_owned(), entry.bytes),
                is_announced: entry.is_announced,
            });
        }
    }

    /// Forgets all: they were announced as gone by others.
    pub(super) fn begin_anew(&mut self, node: NodeId) {
        self.node = node;
        self.entries.clear();
        self.held.clear();
        self.leaving.clear();
    }

    fn entry(&mut self, member: &Member) -> Option<&mut Entry> {
        let entry = self.entries.get_mut(&member.name);
        entry.filter(|_| self.node == member.node)
    }

    pub(super) fn is_put(&mut self, member: &Member) -> bool {
        self.entry(member).is_some_and(|entry| entry.is_put)
    }

    pub(super) fn has_been_put(&mut self, member: &Member) {
        if let Some(entry) = self.entry(member) {
            entry.is_put = true;
        }
    }

    /// Its arrival is about to be published. False if that is not worth it any more.
    pub(super) fn is_to_be_announced(&mut self, member: &Member) -> bool {
        let entry = self.entry(member);
        let entry = entry.filter(|entry| entry.is_announced || !entry.has_gone);
        entry.is_some_and(|entry| {
            entry.is_announced = true;
            true
        })
    }

    /// A member is no longer busy: its arrival is announced, or held back until later.
    pub(super) fn settle(&mut self, member: &Member, is_done: bool) {
        let next = self.next;
        let Some(entry) = self.entry(member) else {
            return;
        };
        entry.is_busy = false;
        if entry.has_gone {
            self.strike(&member.name);
        } else if !is_done {
            let number = *entry.number.get_or_insert(next);
            self.next = next + 1;
            self.held.insert(number, member.name.clone());
        }
    }

    /// The member that has been held back for longest, busy from now on.
    pub(super) fn next_held(&mut self) -> Option<Member> {
        let (_, name) = self.held.pop_first()?;
        let entry = self.entries.get_mut(&name)?;
        entry.is_busy = true;
        Some(Member::new(self.node, name, entry.bytes.clone()))
    }

    pub(super) fn next_leaving(&mut self) -> Option<Leaving> {
        self.leaving.pop_front()
    }

    /// It could not be done, and is tried again later.
    pub(super) fn leave_again(&mut self, leaving: Leaving) {
        if self.node == leaving.member.node {
            self.leaving.push_back(leaving);
        }
    }
}
