//! Who is there: nodes, each with a lease, and their members.
//!
//! Next: `../presence.rs`, which keeps the leases.

use std::fmt;

use bytes::Bytes;

/// Names one run of one node. A node that starts again has another name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u64);

impl NodeId {
    /// Wraps a number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Returns a random name. Two are equal with a probability of one in 2^64.
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
    /// The node had it, and it is longer now.
    Renewed,
    /// The node did not have it, and has it now. If it had one before, that one expired, and its members
    /// have been announced as gone.
    New,
}

/// Answers the renewal of a lease.
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

/// Is a subscriber that is connected to a node.
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

/// Lists the members of all nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Members {
    /// Sorted by node, then by name. Includes members of nodes whose lease has expired, until they are removed.
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
