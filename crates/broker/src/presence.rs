//! Who is there, on all nodes. In: members of this node that come and go. Out: leases that are renewed,
//! and departures that are published once each, of nodes that died too.
//!
//! Next: `engine/members.rs`, what the engine keeps.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::cursor::Cursor;
use crate::end::End;
use crate::engine::{EngineError, IdempotencyKey, Lease, Member, NodeId};
use crate::publish::PublishError;
use crate::shared::Shared;
use crate::update::Update;

/// How long a lease is.
const LEASE: Duration = Duration::from_secs(15);

/// How often it is renewed.
const RENEWAL: Duration = Duration::from_secs(5);

/// Says what is published when a member is gone. The keys make it happen once, whichever nodes see it.
pub trait Departures: Send + Sync + 'static {
    /// Returns the updates for this member, each with a key that no other departure has.
    fn of(&self, member: &Member) -> Vec<(Update, IdempotencyKey)>;
}

impl<F> Departures for F
where
    F: Fn(&Member) -> Vec<(Update, IdempotencyKey)> + Send + Sync + 'static,
{
    fn of(&self, member: &Member) -> Vec<(Update, IdempotencyKey)> {
        self(member)
    }
}

/// The members of this node, and of all others.
///
/// The node has a lease of 15 s that it renews every 5 s. Whoever sees a lease expire publishes the
/// departures of its members, removes them, and gives the lease up last: what is done half is done again.
/// A node that finds its own lease gone was taken for dead: its subscriptions end, and come back.
///
/// To be kept as long as the node is there. Dropping it leaves lease and members to the other nodes.
pub struct Presence {
    inner: Arc<Inner>,
    task: JoinHandle<()>,
}

struct Inner {
    shared: Arc<Shared>,
    departures: Arc<dyn Departures>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    node: NodeId,
    members: BTreeMap<String, Bytes>,
    /// Members that have gone, whose departure could not be published yet.
    leaving: Vec<Member>,
}

impl Presence {
    pub(crate) async fn begin(
        shared: Arc<Shared>,
        departures: Arc<dyn Departures>,
    ) -> Result<Self, EngineError> {
        let node = NodeId::random();
        shared.engine.lease(node, LEASE).await?;
        let inner = Arc::new(Inner {
            shared,
            departures,
            state: Mutex::new(State {
                node,
                members: BTreeMap::new(),
                leaving: Vec::new(),
            }),
        });
        let task = tokio::spawn(keep(Arc::clone(&inner)));
        Ok(Self { inner, task })
    }

    /// Returns the name of this node's present lease.
    #[must_use]
    pub fn node(&self) -> NodeId {
        self.inner.lock().node
    }

    /// Says that a member is there, or something else of it.
    ///
    /// # Errors
    /// The engine cannot be written.
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<(), EngineError> {
        let node = {
            let mut state = self.inner.lock();
            state.members.insert(name.to_owned(), bytes.clone());
            state.node
        };
        let engine = &self.inner.shared.engine;
        engine.member_put(node, name.to_owned(), bytes).await
    }

    /// Says that a member is gone: its departures are published, then it is removed. What the engine does
    /// not take now is tried again with each renewal. Does nothing for one that is not there.
    pub async fn remove(&self, name: &str) {
        let leaving = {
            let mut state = self.inner.lock();
            let node = state.node;
            let bytes = state.members.remove(name);
            bytes.map(|bytes| Member::new(node, name.to_owned(), bytes))
        };
        if let Some(member) = leaving {
            self.inner.depart_or_keep(member).await;
        }
    }

    /// Returns the members of all nodes, and the place in the history that the answer was made at: what
    /// changes after it is published behind it.
    ///
    /// # Errors
    /// The engine cannot be read.
    pub async fn members(&self) -> Result<(Vec<Member>, Cursor), EngineError> {
        let shared = &self.inner.shared;
        // Taken first: a change in between is in the list and comes again, rather than in neither.
        let cursor = {
            let node = shared.node();
            node.cursor(node.head())
        };
        let members = shared.engine.members().await?;
        Ok((members.members, cursor))
    }

    /// Removes all members of this node, with their departures, and gives its lease up.
    pub async fn finish(self) {
        let members: Vec<String> = self.inner.lock().members.keys().cloned().collect();
        for name in members {
            self.remove(&name).await;
        }
        let (node, left) = {
            let state = self.inner.lock();
            (state.node, state.leaving.len())
        };
        if left == 0 {
            // If this fails, the lease expires without members.
            let _ = self.inner.shared.engine.release(node).await;
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl fmt::Debug for Presence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.inner.lock();
        f.debug_struct("Presence")
            .field("node", &state.node)
            .field("members", &state.members.len())
            .finish_non_exhaustive()
    }
}

async fn keep(inner: Arc<Inner>) {
    let mut renewals = interval(RENEWAL);
    renewals.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        renewals.tick().await;
        // What fails is tried again at the next renewal.
        let _ = inner.renew().await;
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn renew(&self) -> Result<(), EngineError> {
        let node = self.lock().node;
        let renewal = self.shared.engine.lease(node, LEASE).await?;
        if renewal.lease == Lease::New {
            self.begin_anew(node).await?;
        }
        for expired in renewal.expired {
            self.bury(expired).await?;
        }
        let leaving = std::mem::take(&mut self.lock().leaving);
        for member in leaving {
            self.depart_or_keep(member).await;
        }
        Ok(())
    }

    /// The lease was gone: the members have been announced as gone.
    async fn begin_anew(&self, node: NodeId) -> Result<(), EngineError> {
        let next = NodeId::random();
        {
            let mut state = self.lock();
            state.node = next;
            state.members.clear();
        }
        self.shared.end_present(End::TakenForDead);
        self.shared.engine.release(node).await?;
        self.shared.engine.lease(next, LEASE).await.map(drop)
    }

    /// Announces the members of a dead node as gone, and gives its lease up last.
    async fn bury(&self, node: NodeId) -> Result<(), EngineError> {
        let members = self.shared.engine.members().await?.members;
        for member in members.into_iter().filter(|member| member.node == node) {
            if self.depart(&member).await.is_err() {
                return Ok(());
            }
        }
        self.shared.engine.release(node).await
    }

    async fn depart_or_keep(&self, member: Member) {
        if self.depart(&member).await.is_err() {
            self.lock().leaving.push(member);
        }
    }

    async fn depart(&self, member: &Member) -> Result<(), PublishError> {
        for (update, key) in self.departures.of(member) {
            match self.shared.publish(&update, Some(key)).await {
                // Another node says it in other words.
                Ok(_) | Err(PublishError::Conflict | PublishError::TooLarge { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let removed = self.shared.engine.member_remove(member.node, &member.name);
        removed.await.map_err(|_| PublishError::InDoubt)
    }
}
