//! Who is there, on all nodes. In: members of this node that come and go. Out: leases that are renewed,
//! and arrivals and departures that are published once each, those of nodes that died too.
//!
//! Next: `presence/announcer.rs` (members of this node), `presence/lease.rs` (those of others);
//! `engine/members.rs`, what the engine keeps.

mod announcements;
mod announcer;
mod budget;
mod lease;
mod mark;
mod roll;

pub use announcements::Announcements;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::cursor::Cursor;
use crate::engine::{EngineError, Member, NodeId};
use crate::shared::Shared;
use announcer::Announcer;
use lease::Leases;

/// How often what could not be done is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Keeps the list of who is connected, over all nodes: the members of this node, and of all others.
///
/// The node has a lease of 15 s that it renews every 5 s. A node that sees another's lease expire publishes the
/// departures of its members, removes them, and releases the lease last. If it stops in between, another node does
/// the same again; the keys of the updates keep a departure from being published twice. So the members of a dead
/// node are announced as gone within 20 s. A node whose own lease has expired was taken for dead by the others: its
/// subscriptions end, and their clients reconnect.
///
/// # Limits
///
/// So that a storm of members does not push other events out of the history, a node publishes about members at most
/// a tenth of the [events of the history](crate::Retention::events) at once, and
/// [`presence_rate`](crate::BrokerOptions::presence_rate) a second in the long run. Arrivals beyond that are held
/// back, and a member that leaves meanwhile is never announced; [`members`](Self::members) lists it nonetheless.
/// Departures of dead nodes do not wait.
///
/// Keep it as long as the node runs. Dropping it leaves the lease and the members to the other nodes.
pub struct Presence {
    announcer: Arc<Announcer>,
    tasks: [JoinHandle<()>; 2],
}

impl Presence {
    pub(crate) async fn begin(
        shared: Arc<Shared>,
        announcements: Arc<dyn Announcements>,
    ) -> Result<Self, EngineError> {
        let announcer = Announcer::new(shared, announcements, NodeId::random());
        let announcer = Arc::new(announcer);
        let mut leases = Leases::new(Arc::clone(&announcer));
        leases.renew().await?;
        let tasks = [
            tokio::spawn(leases.keep()),
            tokio::spawn(work_off(Arc::clone(&announcer))),
        ];
        Ok(Self { announcer, tasks })
    }

    /// Returns the name of this node's present lease.
    #[must_use]
    pub fn node(&self) -> NodeId {
        self.announcer.roll().node
    }

    /// Adds a member. The future completes when the arrival is published, or is held back;
    /// dropping it changes nothing. Does nothing if there is a member of this name already, and behind
    /// [`finish`](Self::finish). Must be called on a tokio runtime, on which that is done.
    pub fn enter(&self, name: &str, bytes: Bytes) -> impl Future<Output = ()> + Send + use<> {
        let coming = self.announcer.roll().enter(name, bytes);
        let announcer = Arc::clone(&self.announcer);
        let entering = coming.map(|coming| {
            tokio::spawn(async move {
                let waits = announcer.roll().held() > 0;
                announcer.announce(&coming, waits).await;
            })
        });
        async move {
            if let Some(entering) = entering {
                // It does not panic, and is cancelled with the runtime only.
                let _ = entering.await;
            }
        }
    }

    /// Removes a member: its departure is published, then it is removed. What the engine does not
    /// take now is tried again later. Does nothing if there is no such member. Must be called on a tokio
    /// runtime, on which that is done.
    pub fn leave(&self, name: &str) {
        self.announcer.roll().leave(name);
        let announcer = Arc::clone(&self.announcer);
        tokio::spawn(async move { announcer.work_off_leaving().await });
    }

    /// Returns the members of all nodes, and the place in the history that the answer was made at: what
    /// changes after it is published behind it.
    ///
    /// # Errors
    /// The engine cannot be read.
    pub async fn members(&self) -> Result<(Vec<Member>, Cursor), EngineError> {
        let shared = &self.announcer.shared;
        // Taken first: a change in between is in the list and comes again, rather than in neither.
        let cursor = {
            let node = shared.node();
            node.cursor(node.head())
        };
        let members = shared.engine.members().await?.members.into_iter();
        let there = members.filter(mark::is_there);
        Ok((there.filter_map(mark::unmarked).collect(), cursor))
    }

    /// Announces all members of this node as gone, and releases its lease. What the engine does not take is
    /// left to the other nodes, or to the next start.
    pub async fn finish(&self) {
        if self.announcer.close().await {
            self.tasks.iter().for_each(JoinHandle::abort);
            let node = self.node();
            // If this fails, the lease expires without members.
            let _ = self.announcer.shared.engine.release(node).await;
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

impl fmt::Debug for Presence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let roll = self.announcer.roll();
        f.debug_struct("Presence")
            .field("node", &roll.node)
            .field("members", &roll.len())
            .finish_non_exhaustive()
    }
}

/// Tries again what could not be done. Never ends by itself.
async fn work_off(announcer: Arc<Announcer>) {
    loop {
        sleep(AGAIN).await;
        announcer.work_off_leaving().await;
        announcer.work_off_held().await;
    }
}
