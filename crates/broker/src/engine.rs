//! What keeps the history. In: records, which it numbers. Out: pages of them, and the tail as it grows.
//!
//! Next: `engine/append.rs`, `engine/page.rs`, `engine/members.rs` for what goes in and out;
//! `engine/memory.rs` for the simplest one, `engine/sqlite.rs` for one on disk.

mod append;
mod error;
mod members;
mod memory;
mod page;
mod recent;
mod retention;
#[cfg(feature = "sqlite")]
mod sqlite;

pub use append::{Append, AppendOutcome, IdempotencyKey, InvalidKey, Receipt, Refusal};
pub use error::{EngineError, EngineErrorKind};
pub use members::{Lease, Member, Members, NodeId, Renewal};
pub use memory::MemoryEngine;
pub use page::{Bounds, EngineLimits, Page, PageLimits, StoredRecord, TailItem};
pub use retention::Retention;
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteEngine, SqliteOptions};

use std::fmt::Debug;
use std::time::Duration;

use bytes::Bytes;
use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;

use crate::cursor::Epoch;

/// Stores records in one total order.
///
/// Records are opaque to it: bytes, and beside them what it has to find them by. Sequence numbers are
/// dense: after n comes n + 1. An engine answers an append only when the record is as durable as it
/// promises.
///
/// An engine need not report lost records: [`Broker`](crate::Broker) checks that numbers follow each
/// other. It must make sure that `tail` and `read_after` never give one number to two records of
/// an epoch, and that a history that lost its newest records goes on under another epoch.
///
/// All calls but `limits` may take as long as the engine's own deadline. If a future is dropped, the
/// outcome of its call is in doubt.
pub trait Engine: Debug + Send + Sync + 'static {
    /// Appends records in this order, and returns the outcome of each. How batches of several callers are
    /// interleaved is the engine's choice. A record whose idempotency key is known is not stored again. A record
    /// without a key is recognised by its tag and fingerprint, if this engine ever answers
    /// [`InDoubt`](AppendOutcome::InDoubt).
    fn append(&self, epoch: Epoch, batch: Vec<Append>) -> BoxFuture<'_, Vec<AppendOutcome>>;

    /// Reads records behind this number, oldest first. If those directly behind it are gone, the page
    /// begins with the oldest there is: its [`horizon`](Page::horizon) says so.
    ///
    /// # Errors
    /// The engine cannot be read.
    fn read_after(
        &self,
        after: u64,
        limits: PageLimits,
    ) -> BoxFuture<'_, Result<Page, EngineError>>;

    /// Finds the earliest retained record with this publisher's id.
    ///
    /// # Errors
    /// The engine cannot be read.
    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<u64>, EngineError>>;

    /// Follows the history behind this number. Yields an item at least every 2 s, and ends only when the
    /// engine is gone for good.
    fn tail(&self, after: u64) -> BoxStream<'static, TailItem>;

    /// Returns where the history begins and ends.
    ///
    /// # Errors
    /// The engine cannot be read.
    fn bounds(&self) -> BoxFuture<'_, Result<Bounds, EngineError>>;

    /// Returns the limits of this engine.
    fn limits(&self) -> EngineLimits;

    /// Sets how much is kept from now on, and drops older records.
    ///
    /// # Errors
    /// The engine cannot be written, or cannot keep by this policy.
    fn trim(&self, retention: Retention) -> BoxFuture<'_, Result<(), EngineError>>;

    /// Ends an epoch behind the record `last` and begins a new one, unless that has happened already:
    /// then nothing changes. Records behind `last` are dropped. Returns the bounds that hold now.
    ///
    /// # Errors
    /// The engine cannot be written.
    fn fence(&self, epoch: Epoch, last: u64) -> BoxFuture<'_, Result<Bounds, EngineError>>;

    /// Renews a node's lease for this time, or begins it, and returns the nodes whose leases have expired. An
    /// expired lease that was not released is renewed like any other.
    ///
    /// # Errors
    /// The engine cannot be written.
    fn lease(&self, node: NodeId, ttl: Duration) -> BoxFuture<'_, Result<Renewal, EngineError>>;

    /// Releases a node's lease. To be called when its members are removed.
    ///
    /// # Errors
    /// The engine cannot be written.
    fn release(&self, node: NodeId) -> BoxFuture<'_, Result<(), EngineError>>;

    /// Adds a member, or replaces what is stored for it.
    ///
    /// # Errors
    /// The engine cannot be written.
    fn member_put(
        &self,
        node: NodeId,
        member: String,
        bytes: Bytes,
    ) -> BoxFuture<'_, Result<(), EngineError>>;

    /// Removes a member, if it is there.
    ///
    /// # Errors
    /// The engine cannot be written.
    fn member_remove<'a>(
        &'a self,
        node: NodeId,
        member: &'a str,
    ) -> BoxFuture<'a, Result<(), EngineError>>;

    /// Returns the members of all nodes.
    ///
    /// # Errors
    /// The engine cannot be read.
    fn members(&self) -> BoxFuture<'_, Result<Members, EngineError>>;
}
