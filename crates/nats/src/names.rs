//! What things are called on the server. In: the name of the stream. Out: subjects.
//!
//! A record's subject has the epoch in it, and the stream takes no other epoch's: what is appended after
//! its epoch has ended is not stored, whoever appends it. All subjects of a stream have the same length.
//!
//! Next: `api.rs`, `append.rs`.

use ring::digest::{SHA256, digest};
use wellspring_broker::{Epoch, NodeId};

/// Where the publisher gave no id.
const NO_ID: &str = "none";

/// The longest name of a stream.
const LONGEST: usize = 64;

/// What the server's requests begin with.
pub(crate) const API: &str = "$JS.API";

#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub(crate) stream: String,
    pub(crate) presence: String,
}

impl Names {
    /// Nothing if the server would not take the name.
    pub(crate) fn new(stream: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let good = (1..=LONGEST).contains(&stream.len()) && stream.bytes().all(plain);
        good.then(|| Self {
            stream: stream.to_owned(),
            presence: format!("{stream}-presence"),
        })
    }

    /// All that the stream takes.
    pub(crate) fn records(&self, epoch: Epoch) -> String {
        format!("{}.{epoch}.*", self.stream)
    }

    /// A record that may have a publisher's id.
    pub(crate) fn record(&self, epoch: Epoch, id: Option<&str>) -> String {
        let stream = &self.stream;
        match id {
            Some(id) => format!("{stream}.{epoch}.{}", bucket(id)),
            None => format!("{stream}.{epoch}.{NO_ID}"),
        }
    }

    /// All that is kept of nodes and members.
    pub(crate) fn presences(&self) -> String {
        format!("{}.>", self.presence)
    }

    pub(crate) fn leases(&self) -> String {
        format!("{}.lease.*", self.presence)
    }

    pub(crate) fn lease(&self, node: NodeId) -> String {
        format!("{}.lease.{node}", self.presence)
    }

    pub(crate) fn members(&self) -> String {
        format!("{}.member.>", self.presence)
    }

    pub(crate) fn member(&self, node: NodeId, name: &str) -> String {
        let name = hash(name.as_bytes());
        format!("{}.member.{node}.{name}", self.presence)
    }
}

/// The node of a lease, from its subject.
pub(crate) fn node(subject: &str) -> Option<NodeId> {
    let number = subject.rsplit('.').next()?;
    u64::from_str_radix(number, 16).ok().map(NodeId::new)
}

/// One of 65,536: the server keeps some 200 bytes in memory for each subject that it has.
fn bucket(id: &str) -> String {
    hash(id.as_bytes())[..4].to_owned()
}

/// 128 bits of SHA-256 in hexadecimal.
pub(crate) fn hash(bytes: &[u8]) -> String {
    let digest = digest(&SHA256, bytes);
    let digits = digest.as_ref().iter().take(16);
    digits.map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
