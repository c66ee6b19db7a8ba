//! Members come and go. In: the roll. Out: members in the engine, and events about them, 64 of them at a
//! time, each member's own in order.
//!
//! What the engine does not take is tried again every second. Arrivals have a budget: those beyond it are
//! held back, and one that goes meanwhile comes and goes without an event. Departures need none, since there
//! are no more of them than arrivals.
//!
//! Next: `lease.rs`, for members of other nodes.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::announcements::Announcements;
use super::budget::Budget;
use super::mark;
use super::roll::{Leaving, Roll};
use crate::engine::{IdempotencyKey, Member, NodeId};
use crate::publish::PublishError;
use crate::shared::Shared;
use crate::update::Update;

/// How many members are announced at the same time.
const AT_ONCE: u32 = 64;

/// The engine does not take it at the moment.
#[derive(Debug)]
pub(super) struct NotNow;

pub(super) struct Announcer {
    pub(super) shared: Arc<Shared>,
    announcements: Arc<dyn Announcements>,
    roll: Mutex<Roll>,
    budget: Mutex<Budget>,
    permits: Semaphore,
}

impl Announcer {
    pub(super) fn new(
        shared: Arc<Shared>,
        announcements: Arc<dyn Announcements>,
        node: NodeId,
    ) -> Self {
        let options = &shared.options;
        let most = options.retention.events / 10;
        let budget = Budget::new(options.presence_rate, most, Instant::now());
        Self {
            shared,
            announcements,
            roll: Mutex::new(Roll::new(node)),
            budget: Mutex::new(budget),
            permits: Semaphore::new(AT_ONCE as usize),
        }
    }

    pub(super) fn roll(&self) -> MutexGuard<'_, Roll> {
        self.roll.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Announces a member that has come; false if it is held back. One that waits does so behind others.
    pub(super) async fn announce(&self, member: &Member, waits: bool) -> bool {
        // The semaphore is never closed.
        let permit = self.permits.acquire().await;
        let is_done = self.write_arrival(member, waits).await.is_ok();
        self.roll().settle(member, is_done);
        drop(permit);
        self.work_off_leaving().await;
        is_done
    }

    async fn put(&self, member: &Member, bytes: Bytes) -> Result<(), NotNow> {
        let engine = &self.shared.engine;
        let put = engine.member_put(member.node, member.name.clone(), bytes);
        put.await.map_err(|_| NotNow)
    }

    async fn write_arrival(&self, member: &Member, waits: bool) -> Result<(), NotNow> {
        if !self.roll().is_put(member) {
            self.put(member, mark::there(&member.bytes)).await?;
            self.roll().has_been_put(member);
        }
        let arrival = self.announcements.arrival(member);
        if waits || !self.budget().take(2 * arrival.len(), Instant::now()) {
            return Err(NotNow);
        }
        if self.roll().is_to_be_announced(member) {
            self.publish(arrival).await?;
        }
        Ok(())
    }

    fn budget(&self) -> MutexGuard<'_, Budget> {
        self.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Announces those that were held back, as far as the budget goes.
    pub(super) async fn work_off_held(&self) {
        loop {
            let next = self.roll().next_held();
            let Some(member) = next else { return };
            if !self.announce(&member, false).await {
                return;
            }
        }
    }

    /// Does what is left to do of members that have gone; false if some could not be done.
    pub(super) async fn work_off_leaving(&self) -> bool {
        let held = self.roll().held() as u64;
        let counters = &self.shared.counters;
        counters.presence_held.store(held, Ordering::Relaxed);
        loop {
            let next = self.roll().next_leaving();
            let Some(leaving) = next else { return true };
            if self.depart(&leaving).await.is_err() {
                self.roll().leave_again(leaving);
                return false;
            }
        }
    }

    /// Announces these members of another node as gone.
    pub(super) async fn depart_all(self: &Arc<Self>, members: Vec<Member>) -> Result<(), NotNow> {
        let mut departures = JoinSet::new();
        let mut outcome = Ok(());
        for member in members {
            let announcer = Arc::clone(self);
            let is_announced = true;
            let leaving = Leaving {
                member,
                is_announced,
            };
            if departures.len() >= AT_ONCE as usize {
                let done = departures.join_next().await;
                outcome = outcome.and(done.map_or(Ok(()), |done| done.unwrap_or(Err(NotNow))));
            }
            departures.spawn(async move { announcer.depart(&leaving).await });
        }
        while let Some(done) = departures.join_next().await {
            outcome = outcome.and(done.unwrap_or(Err(NotNow)));
        }
        outcome
    }

    async fn depart(&self, leaving: &Leaving) -> Result<(), NotNow> {
        let _permit = self.permits.acquire().await;
        let Leaving {
            member,
            is_announced,
        } = leaving;
        let engine = &self.shared.engine;
        let departure = match is_announced {
            true => self.announcements.departure(member),
            false => Vec::new(),
        };
        if !departure.is_empty() {
            self.put(member, mark::leaving(&member.bytes)).await?;
            self.publish(departure).await?;
        }
        let removed = engine.member_remove(member.node, &member.name).await;
        removed.map_err(|_| NotNow)
    }

    async fn publish(&self, updates: Vec<(Update, IdempotencyKey)>) -> Result<(), NotNow> {
        for (update, key) in updates {
            match self.shared.publish(&update, Some(key)).await {
                // Another node says it in other words.
                Ok(_) | Err(PublishError::Conflict | PublishError::TooLarge { .. }) => {}
                Err(_) => return Err(NotNow),
            }
        }
        Ok(())
    }

    /// Announces all members as gone, and waits for what is under way. False if something is left to do.
    pub(super) async fn close(&self) -> bool {
        {
            let mut roll = self.roll();
            roll.is_closed = true;
            roll.leave_all();
        }
        self.work_off_leaving().await;
        let _permits = self.permits.acquire_many(AT_ONCE).await;
        self.roll().is_settled()
    }
}
