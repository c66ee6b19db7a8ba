//! What is published about members.
//!
//! Next: `announcer.rs`, which publishes it.

use crate::engine::{IdempotencyKey, Member};
use crate::update::Update;

/// Says what is published when a member comes and when it is gone. Each update needs an idempotency key that no
/// other update has: several nodes may publish the same one, and it is stored once.
pub trait Announcements: Send + Sync + 'static {
    /// Returns what is published when this member comes.
    fn arrival(&self, member: &Member) -> Vec<(Update, IdempotencyKey)>;

    /// Returns what is published when this member is gone.
    fn departure(&self, member: &Member) -> Vec<(Update, IdempotencyKey)>;
}
