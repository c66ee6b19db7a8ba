//! Leases and members in memory. In: the time as an argument. Out: who is there.
//!
//! Next: back to `../memory.rs`.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;

use crate::engine::members::{Lease, Member, Members, NodeId, Renewal};

#[derive(Debug, Default)]
pub(super) struct Presence {
    /// Until when each node is there.
    leases: BTreeMap<NodeId, Duration>,
    members: BTreeMap<(NodeId, String), Bytes>,
}

impl Presence {
    pub(super) fn lease(&mut self, node: NodeId, now: Duration, ttl: Duration) -> Renewal {
        let lease = match self.leases.insert(node, now + ttl) {
            Some(_) => Lease::Renewed,
            None => Lease::New,
        };
        let expired = self.leases.iter().filter(|(_, until)| **until <= now);
        let others = expired
            .map(|(node, _)| *node)
            .filter(|other| *other != node);
        Renewal::new(lease, others.collect())
    }

    pub(super) fn release(&mut self, node: NodeId) {
        self.leases.remove(&node);
    }

    pub(super) fn put(&mut self, node: NodeId, member: String, bytes: Bytes) {
        self.members.insert((node, member), bytes);
    }

    pub(super) fn remove(&mut self, node: NodeId, member: &str) {
        self.members.remove(&(node, member.to_owned()));
    }

    pub(super) fn members(&self, head: u64) -> Members {
        let members = self.members.iter();
        let members =
            members.map(|((node, name), bytes)| Member::new(*node, name.clone(), bytes.clone()));
        Members::new(members.collect(), head)
    }
}
