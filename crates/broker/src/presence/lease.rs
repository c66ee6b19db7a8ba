//! Leases. In: time that passes. Out: this node's lease renewed, and members of dead nodes announced as gone.
//!
//! Each node that sees a lease expire announces its members, and gives the lease up last: what is done half is
//! done again. Several nodes may do so at once, the keys of the updates make it happen once.
//!
//! Next: back to `../presence.rs`.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::announcer::{Announcer, NotNow};
use super::mark;
use crate::end::End;
use crate::engine::{EngineError, Lease, NodeId};

/// How long a lease is.
const LEASE: Duration = Duration::from_secs(15);

/// How often it is renewed, at the latest. Nodes that begin together do not stay in step.
const RENEWAL: Duration = Duration::from_secs(5);

pub(super) struct Leases {
    announcer: Arc<Announcer>,
    /// This life of the node had a lease.
    has_lease: bool,
    renewed: Option<Instant>,
    /// Nodes whose members are to be announced as gone.
    dead: BTreeSet<NodeId>,
    burial: Option<JoinHandle<BTreeSet<NodeId>>>,
}

impl Leases {
    pub(super) fn new(announcer: Arc<Announcer>) -> Self {
        Self {
            announcer,
            has_lease: false,
            renewed: None,
            dead: BTreeSet::new(),
            burial: None,
        }
    }

    /// Never ends by itself.
    pub(super) async fn keep(mut self) {
        loop {
            sleep(RENEWAL.mul_f64(0.8 + 0.2 * fastrand::f64())).await;
            // What fails is tried again the next time.
            let _ = self.renew().await;
        }
    }

    pub(super) async fn renew(&mut self) -> Result<(), EngineError> {
        let node = self.announcer.roll().node;
        let renewal = self.announcer.shared.engine.lease(node, LEASE).await?;
        let renewed = self.renewed.replace(Instant::now());
        if renewal.lease == Lease::New && self.has_lease {
            return self.begin_anew().await;
        }
        self.has_lease = true;
        // After a time in which this node could not renew its lease, others may not have been able to either:
        // they have until the next time.
        if renewed.is_some_and(|renewed| renewed.elapsed() <= LEASE) {
            self.dead.extend(renewal.expired);
        }
        self.bury().await;
        Ok(())
    }

    /// The lease was gone: other nodes have announced the members as gone. The lease that was just taken under
    /// the old name is left to expire; so is found what came under it in between.
    async fn begin_anew(&mut self) -> Result<(), EngineError> {
        self.has_lease = false;
        let next = NodeId::random();
        self.announcer.roll().begin_anew(next);
        self.announcer.shared.end_present(End::TakenForDead);
        self.announcer.shared.engine.lease(next, LEASE).await?;
        self.has_lease = true;
        Ok(())
    }

    /// Begins with the dead, or goes on. Leases are renewed meanwhile.
    async fn bury(&mut self) {
        if let Some(burial) = self.burial.take_if(|burial| burial.is_finished()) {
            // One that broke off is begun again.
            for buried in burial.await.unwrap_or_default() {
                self.dead.remove(&buried);
            }
        }
        if self.burial.is_none() && !self.dead.is_empty() {
            let (announcer, dead) = (Arc::clone(&self.announcer), self.dead.clone());
            self.burial = Some(tokio::spawn(buried(announcer, dead)));
        }
    }
}

impl Drop for Leases {
    fn drop(&mut self) {
        if let Some(burial) = &self.burial {
            burial.abort();
        }
    }
}

/// Announces the members of dead nodes as gone, and gives their leases up. Gives those for which that is done.
async fn buried(announcer: Arc<Announcer>, dead: BTreeSet<NodeId>) -> BTreeSet<NodeId> {
    let mut done = BTreeSet::new();
    for node in dead {
        if bury_one(&announcer, node).await.is_ok() {
            done.insert(node);
        }
    }
    done
}

async fn bury_one(announcer: &Arc<Announcer>, node: NodeId) -> Result<(), NotNow> {
    let engine = &announcer.shared.engine;
    let members = engine.members().await.map_err(|_| NotNow)?.members;
    let of_node = members.into_iter().filter(|member| member.node == node);
    let unmarked = of_node.filter_map(mark::unmarked);
    announcer.depart_all(unmarked.collect()).await?;
    engine.release(node).await.map_err(|_| NotNow)
}
