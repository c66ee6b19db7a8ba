//! A history in an SQLite database. In: records. Out: the same, after a crash too.
//!
//! One thread writes: all appends that wait go into one transaction, with their idempotency keys and with
//! what has to be dropped. Readers have connections of their own and read a page at a time, so that the
//! log of the database can always be written back.
//!
//! Next: `sqlite/schema.rs` for the tables, `sqlite/writer.rs` for the thread, `sqlite/readers.rs`.

mod batch;
mod error;
mod lock;
mod members;
mod readers;
mod schema;
mod shared;
mod trim;
mod writer;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use futures_core::future::BoxFuture;
use futures_core::stream::BoxStream;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::recent::{Local, Recent, Tail};
use super::{
    Append, AppendOutcome, Bounds, Engine, EngineError, EngineLimits, Members, NodeId, Page,
    PageLimits, Refusal, Renewal, Retention, TailItem,
};
use crate::cursor::Epoch;
use readers::Readers;
use shared::Shared;
use writer::{Command, Commands};

/// The largest record, in bytes.
const LARGEST: usize = 64 << 20;

/// For how long an idempotency key is recognised unless another time is set.
const KEY_WINDOW: Duration = Duration::from_secs(600);

/// Keeps the history in a folder of its own, in an SQLite database (feature `sqlite`).
///
/// An append is answered once the operating system reports it on disk: it survives a crash of the
/// process and of the machine. If a write fails so that this is uncertain, the engine takes nothing more
/// until the process is started again. If the disk is full, it refuses appends and still serves
/// readers. Only one process may use the folder at a time.
///
/// ```
/// use std::time::Duration;
/// use wellspring_broker::SqliteEngine;
/// # let folder = tempfile::tempdir()?;
///
/// let engine = SqliteEngine::options()
///     .key_window(Duration::from_secs(3_600))
///     .open(folder.path())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Dropping it writes the database's log back, which may block for as long as the disk
/// takes.
pub struct SqliteEngine {
    shared: Arc<Shared>,
    commands: Commands,
    writer: Option<JoinHandle<()>>,
    /// Held as long as the folder is ours.
    _lock: Mutex<Connection>,
}

/// Configures an [`SqliteEngine`].
#[derive(Clone)]
pub struct SqliteOptions {
    key_window: Duration,
    clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
}

impl fmt::Debug for SqliteOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteOptions")
            .field("key_window", &self.key_window)
            .finish_non_exhaustive()
    }
}

impl SqliteOptions {
    /// Sets for how long an idempotency key is recognised; default 10 minutes.
    #[must_use]
    pub fn key_window(mut self, window: Duration) -> Self {
        self.key_window = window;
        self
    }

    /// Sets the clock for records, keys and leases; default the system's. If the clock is set back,
    /// records, keys and leases are kept for longer.
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Opens the folder, or creates it.
    ///
    /// # Errors
    /// The folder cannot be created, read or written; another process uses it; a newer version wrote it; it
    /// is damaged, or the file in it is not a database.
    pub fn open(self, folder: impl AsRef<Path>) -> Result<SqliteEngine, EngineError> {
        SqliteEngine::open_with(folder.as_ref(), self)
    }
}

/// Milliseconds since 1970.
fn milliseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

impl SqliteEngine {
    /// Opens the folder, or creates it, with the defaults.
    ///
    /// # Errors
    /// As for [`SqliteOptions::open`].
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, EngineError> {
        Self::options().open(folder)
    }

    /// Returns the defaults, to be changed.
    #[must_use]
    pub fn options() -> SqliteOptions {
        SqliteOptions {
            key_window: KEY_WINDOW,
            clock: Arc::new(SystemTime::now),
        }
    }

    fn open_with(folder: &Path, options: SqliteOptions) -> Result<Self, EngineError> {
        std::fs::create_dir_all(folder).map_err(|error| error::folder(&error, folder))?;
        let lock = lock::take(folder)?;
        let place = folder.join("history.db");
        let SqliteOptions { key_window, clock } = options;
        let (connection, stored) = schema::open(&place)?;
        let bounds = stored.bounds();
        let shared = Arc::new(Shared {
            recent: Recent::new(bounds.horizon, bounds.head),
            readers: Readers::new(place.clone()),
            reads: Arc::new(Semaphore::new(readers::MOST)),
            bounds: Mutex::new(bounds),
            place,
        });
        let window = i64::try_from(key_window.as_millis()).unwrap_or(i64::MAX);
        let clock = move || milliseconds(clock());
        let writer = writer::Writer::new(connection, stored, Arc::clone(&shared), window, clock);
        let (commands, writer) = writer.spawn()?;
        Ok(Self {
            shared,
            commands,
            writer: Some(writer),
            _lock: Mutex::new(lock),
        })
    }

    async fn ask<T: Send>(
        &self,
        command: impl FnOnce(tokio::sync::oneshot::Sender<T>) -> Command + Send,
    ) -> Option<T> {
        let (answer, answered) = tokio::sync::oneshot::channel();
        self.commands.send(command(answer)).await?;
        answered.await.ok()
    }
}

impl Engine for SqliteEngine {
    fn append(&self, epoch: Epoch, batch: Vec<Append>) -> BoxFuture<'_, Vec<AppendOutcome>> {
        let count = batch.len();
        if batch.iter().any(|append| append.record.len() > LARGEST) {
            // Rare, and a batch is one of few: all of it is refused.
            let refused = AppendOutcome::Refused(Refusal::TooLarge);
            return Box::pin(std::future::ready(vec![refused; count]));
        }
        Box::pin(async move {
            let outcomes = self.ask(|answer| Command::Append {
                epoch,
                batch,
                count,
                answer,
            });
            outcomes
                .await
                .unwrap_or_else(|| vec![AppendOutcome::InDoubt; count])
        })
    }

    fn read_after(
        &self,
        after: u64,
        limits: PageLimits,
    ) -> BoxFuture<'_, Result<Page, EngineError>> {
        Arc::clone(&self.shared).page(after, limits)
    }

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<u64>, EngineError>> {
        let id = id.to_owned();
        let shared = Arc::clone(&self.shared);
        Box::pin(shared.read(move |connection| readers::find(connection, &id)))
    }

    fn tail(&self, after: u64) -> BoxStream<'static, TailItem> {
        Box::pin(Tail::new(Arc::clone(&self.shared), after))
    }

    fn bounds(&self) -> BoxFuture<'_, Result<Bounds, EngineError>> {
        let bounds = self.shared.bounds().clone();
        Box::pin(std::future::ready(Ok(bounds)))
    }

    fn limits(&self) -> EngineLimits {
        EngineLimits::new(LARGEST)
    }

    fn trim(&self, retention: Retention) -> BoxFuture<'_, Result<(), EngineError>> {
        Box::pin(async move {
            let trimmed = self.ask(|answer| Command::Trim { retention, answer });
            trimmed.await.ok_or_else(error::gone)?
        })
    }

    fn fence(&self, epoch: Epoch, last: u64) -> BoxFuture<'_, Result<Bounds, EngineError>> {
        Box::pin(async move {
            let fenced = self.ask(|answer| Command::Fence {
                epoch,
                last,
                answer,
            });
            fenced.await.ok_or_else(error::gone)?
        })
    }

    fn lease(&self, node: NodeId, ttl: Duration) -> BoxFuture<'_, Result<Renewal, EngineError>> {
        Box::pin(async move {
            let renewed = self.ask(|answer| Command::Lease { node, ttl, answer });
            renewed.await.ok_or_else(error::gone)?
        })
    }

    fn release(&self, node: NodeId) -> BoxFuture<'_, Result<(), EngineError>> {
        Box::pin(async move {
            let released = self.ask(|answer| Command::Release { node, answer });
            released.await.ok_or_else(error::gone)?
        })
    }

    fn member_put(
        &self,
        node: NodeId,
        member: String,
        bytes: Bytes,
    ) -> BoxFuture<'_, Result<(), EngineError>> {
        Box::pin(async move {
            let put = self.ask(|answer| Command::Put {
                node,
                member,
                bytes,
                answer,
            });
            put.await.ok_or_else(error::gone)?
        })
    }

    fn member_remove<'a>(
        &'a self,
        node: NodeId,
        member: &'a str,
    ) -> BoxFuture<'a, Result<(), EngineError>> {
        let member = member.to_owned();
        Box::pin(async move {
            let removed = self.ask(|answer| Command::Remove {
                node,
                member,
                answer,
            });
            removed.await.ok_or_else(error::gone)?
        })
    }

    fn members(&self) -> BoxFuture<'_, Result<Members, EngineError>> {
        let shared = Arc::clone(&self.shared);
        let head = shared.bounds().head;
        Box::pin(async move {
            let members = shared.read(members::all).await?;
            Ok(Members::new(members, head))
        })
    }
}

impl fmt::Debug for SqliteEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteEngine")
            .field("place", &self.shared.place)
            .finish_non_exhaustive()
    }
}

impl Drop for SqliteEngine {
    fn drop(&mut self) {
        self.shared.readers.close();
        self.commands.close();
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has nothing left to write.
            let _ = writer.join();
        }
    }
}

#[cfg(test)]
mod tests;
