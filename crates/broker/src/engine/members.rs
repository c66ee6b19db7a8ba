//! Who is there: nodes, each with a lease, and their members.
//!
//! Next: `../presence.rs`, which keeps the leases.

use std::fmt;

use bytes::Bytes;

/// Names one life of one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u64);

impl NodeId {
    /// Wraps a number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Makes one that no other node has, but for one in 2^64.
    #[must_use]
    pub fn random() -> Self {
        Self(fastrand::u64(..))
    }

    /// Returns the number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// What became of a lease that was to be renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lease {
    /// It was there, and is longer now.
    Renewed,
    /// It was not there, and is there now. A node that has had one before was taken for dead: its members
    /// have been announced as gone.
    New,
}

/// The answer to a renewal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Renewal {
    /// What became of the lease.
    pub lease: Lease,
    /// Other nodes whose lease has expired and is not released yet.
    pub expired: Vec<NodeId>,
}

impl Renewal {
    /// Puts the two together.
    #[must_use]
    pub const fn new(lease: Lease, expired: Vec<NodeId>) -> Self {
        Self { lease, expired }
    }
}

/// A subscriber that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// The node that it is connected to.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// What its node says of it.
    pub bytes: Bytes,
}

impl Member {
    /// Puts the three together.
    #[must_use]
    pub const fn new(node: NodeId, name: String, bytes: Bytes) -> Self {
        Self { node, name, bytes }
    }
}

/// Who is there, on all nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Members {
    /// By node, then by name; those of nodes whose lease has expired too, until they are removed.
    pub members: Vec<Member>,
    /// The newest record's number when the answer was made.
    pub head: u64,
}

impl Members {
    /// Puts the two together.
    #[must_use]
    pub const fn new(members: Vec<Member>, head: u64) -> Self {
        Self { members, head }
    }
}
