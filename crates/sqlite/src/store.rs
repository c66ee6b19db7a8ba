//! A store in an SQLite database. In: a path, or a connection. Out: two tables, one of events and one
//! of sources with their positions, written in one transaction.
//!
//! Next: `schema.rs`, the tables; `statements.rs`, what is done with them.

use std::collections::HashMap;
use std::fmt;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use wellspring::Event;
use wellspring::store::{Durability, Store, StoreError, StoreErrorKind, StoredEvent};

use crate::{error, schema, statements};

/// How long a commit waits for another writer of the same database.
const PATIENCE: Duration = Duration::from_secs(5);

/// Events and positions in an SQLite database.
///
/// The tables are `wellspring_events` (`sequence`, `source`, `last_event_id`, `event_type`, `data`,
/// `stored_at` in milliseconds since 1970) and `wellspring_sources` (`id`, `key`, `position`); the
/// database may have others. The journal is a write-ahead log, so that readers and the one writer do
/// not wait for each other. A second program that records the same source is found out:
/// [`StoreErrorKind::Conflict`].
///
/// ```
/// use wellspring::Event;
/// use wellspring::store::Store;
/// use wellspring_sqlite::SqliteStore;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("news.db");
///
/// let mut store = SqliteStore::open(&path)?;
/// store.commit("news", &[Event::new("", "hello", "7")], "7")?;
/// drop(store);
///
/// let mut store = SqliteStore::open(&path)?;
/// assert_eq!(store.position("news")?.as_deref(), Some("7"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Dropping it closes the connection, and the last one of a database that is closed writes the log back
/// into it, which may block for as long as the disk takes: an async program has
/// [`Recorder::finish`](wellspring::store::Recorder::finish) give the store back, and drops it where blocking is
/// allowed (`tokio::task::spawn_blocking(move || drop(store))`).
///
/// # Tables of your own
/// They move together with the position when they are written in the same transaction: either
/// [let the store call you](Self::with_each_commit) in each of its own, or hand it one of yours, with
/// [`commit_in`](Self::commit_in).
pub struct SqliteStore {
    connection: Connection,
    place: String,
    keeps_events: bool,
    each_commit: Option<Box<dyn EachCommit>>,
    /// How often each source was committed, as far as we know: no other program may do it meanwhile.
    commits: HashMap<String, i64>,
}

/// What the program does in the transaction of each commit.
trait EachCommit: Send {
    fn call(
        &mut self,
        transaction: &Transaction<'_>,
        events: &[Event],
        position: &str,
    ) -> rusqlite::Result<()>;
}

impl<F> EachCommit for F
where
    F: FnMut(&Transaction<'_>, &[Event], &str) -> rusqlite::Result<()> + Send,
{
    fn call(
        &mut self,
        transaction: &Transaction<'_>,
        events: &[Event],
        position: &str,
    ) -> rusqlite::Result<()> {
        self(transaction, events, position)
    }
}

impl SqliteStore {
    /// Opens the database, or makes it.
    ///
    /// # Errors
    /// It cannot be opened or made, is in use, is no SQLite database, or its tables are those of a
    /// later version.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let place = path.as_ref().display().to_string();
        let opened = Connection::open(path).and_then(|connection| {
            connection.busy_timeout(PATIENCE)?;
            connection.pragma_update(None, "journal_mode", "wal")?;
            connection.pragma_update(None, "synchronous", "full")?;
            Ok(connection)
        });
        Self::prepared(opened.map_err(|error| error::of(error, &place))?, place)
    }

    /// Opens a database to read what is stored there, also while another program writes. Commits fail.
    ///
    /// # Errors
    /// As for [`open`](Self::open); or there is nothing.
    pub fn open_read_only(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let place = path.as_ref().display().to_string();
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(path, flags).and_then(|connection| {
            connection.busy_timeout(PATIENCE)?;
            Ok(connection)
        });
        let connection = opened.map_err(|error| error::of(error, &place))?;
        schema::check(&connection).map_err(|error| error.at(&place))?;
        Ok(Self::new(connection, place))
    }

    /// Uses a connection of yours as it is, whatever its journal, and adds our tables.
    ///
    /// # Errors
    /// It cannot be read or written, or our tables in it are those of a later version.
    pub fn with_connection(connection: Connection) -> Result<Self, StoreError> {
        let place = connection.path().unwrap_or_default().to_owned();
        Self::prepared(connection, place)
    }

    /// Sets what a commit outlives: [`Durability::Disk`] unless another is chosen.
    ///
    /// # Errors
    /// The database does not take it.
    pub fn with_durability(self, durability: Durability) -> Result<Self, StoreError> {
        let synchronous = match durability {
            Durability::OperatingSystem => "normal",
            // What is not known yet outlives as much as can be, too.
            _ => "full",
        };
        let set = self
            .connection
            .pragma_update(None, "synchronous", synchronous);
        set.map_err(|error| error::of(error, &self.place))?;
        Ok(self)
    }

    /// Calls this in the transaction of each commit, with its events and its position: what it writes
    /// into other tables moves together with the position. When it fails nothing is committed.
    ///
    /// ```
    /// # use wellspring::Event;
    /// # use wellspring::store::{Store, StoreError};
    /// use wellspring_sqlite::SqliteStore;
    /// let connection = rusqlite::Connection::open_in_memory()?;
    /// connection.execute_batch("CREATE TABLE counts (event_type TEXT PRIMARY KEY, count INTEGER)")?;
    /// let mut store = SqliteStore::with_connection(connection)?.with_each_commit(|tx, events, _| {
    ///     let sql = "INSERT INTO counts VALUES (?1, 1) ON CONFLICT DO UPDATE SET count = count + 1";
    ///     let mut count = tx.prepare(sql)?;
    ///     for event in events {
    ///         count.execute([event.event_type()])?;
    ///     }
    ///     Ok(())
    /// });
    /// store.commit("news", &[Event::new("notice", "disk is full", "7")], "7")?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_each_commit(
        mut self,
        call: impl FnMut(&Transaction<'_>, &[Event], &str) -> rusqlite::Result<()> + Send + 'static,
    ) -> Self {
        self.each_commit = Some(Box::new(call));
        self
    }

    /// Sets whether events are kept in `wellspring_events`. They are by default; a program that keeps what
    /// it needs in tables of its own has no use for them.
    #[must_use]
    pub fn with_events(mut self, kept: bool) -> Self {
        self.keeps_events = kept;
        self
    }

    /// Returns the connection, for queries.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Returns the connection, for whatever else.
    #[must_use]
    pub fn into_connection(self) -> Connection {
        self.connection
    }

    /// Adds our tables to a database, unless they are there: before [`commit_in`](Self::commit_in).
    ///
    /// # Errors
    /// It cannot be written, or our tables in it are those of a later version.
    pub fn prepare(connection: &Connection) -> Result<(), StoreError> {
        let place = connection.path().unwrap_or_default();
        schema::prepare(connection).map_err(|error| error.at(place))
    }

    /// Returns the position of a source, in a transaction of yours or outside of any.
    ///
    /// # Errors
    /// The database cannot be read, or was never [prepared](Self::prepare).
    pub fn position_in(
        connection: &Connection,
        source: &str,
    ) -> Result<Option<String>, StoreError> {
        let place = connection.path().unwrap_or_default();
        let row = statements::source(connection, source);
        let row = row.map_err(|error| error::of(error, place))?;
        Ok(row.map(|row| row.position))
    }

    /// Commits, as [`commit`](Store::commit) does, as a part of a transaction of yours: it is done when yours is. `events`
    /// may be empty, and then only the position moves.
    ///
    /// ```
    /// # use wellspring::EventRef;
    /// # use wellspring::store::{StoreError};
    /// use wellspring_sqlite::SqliteStore;
    /// fn handle(
    ///     connection: &mut rusqlite::Connection,
    ///     event: EventRef<'_>,
    /// ) -> Result<(), Box<dyn std::error::Error>> {
    ///     let transaction = connection.transaction()?;
    ///     transaction.execute("INSERT INTO headlines VALUES (?1)", [event.data])?;
    ///     SqliteStore::commit_in(&transaction, "news", &[], event.last_event_id)?;
    ///     Ok(transaction.commit()?)
    /// }
    /// # let mut connection = rusqlite::Connection::open_in_memory()?;
    /// # connection.execute_batch("CREATE TABLE headlines (text TEXT)")?;
    /// # SqliteStore::prepare(&connection)?;
    /// # handle(&mut connection, EventRef::new("", "hello", "7"))?;
    /// # assert_eq!(SqliteStore::position_in(&connection, "news")?.as_deref(), Some("7"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The database cannot be written, or was never [prepared](Self::prepare).
    pub fn commit_in(
        transaction: &Transaction<'_>,
        source: &str,
        events: &[Event],
        position: &str,
    ) -> Result<(), StoreError> {
        let place = transaction.path().unwrap_or_default();
        let committed = statements::commit(transaction, source, events, position);
        committed.map(drop).map_err(|error| error::of(error, place))
    }

    /// Returns the keys of all sources, in the order of their first commit.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn sources(&mut self) -> Result<Vec<String>, StoreError> {
        let sources = statements::sources(&self.connection);
        sources.map_err(|error| error::of(error, &self.place))
    }

    /// Visits the stored events of a source whose sequence number is greater than `after`, in order,
    /// until the visitor breaks.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// # use wellspring::Event;
    /// # use wellspring::store::{Store, StoreError};
    /// use wellspring_sqlite::SqliteStore;
    /// # let mut store = SqliteStore::with_connection(rusqlite::Connection::open_in_memory()?)?;
    ///
    /// store.commit("news", &[Event::new("", "hello", "7")], "7")?;
    /// store.read("news", 0, |stored| {
    ///     println!("{}: {}", stored.sequence, stored.event.data);
    ///     ControlFlow::Continue(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn read(
        &mut self,
        source: &str,
        after: u64,
        visit: impl FnMut(StoredEvent<'_>) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let read = statements::read(&self.connection, source, after, visit);
        read.map_err(|error| error::of(error, &self.place))
    }

    fn prepared(connection: Connection, place: String) -> Result<Self, StoreError> {
        schema::prepare(&connection).map_err(|error| error.at(&place))?;
        Ok(Self::new(connection, place))
    }

    fn new(connection: Connection, place: String) -> Self {
        Self {
            connection,
            place,
            keeps_events: true,
            each_commit: None,
            commits: HashMap::new(),
        }
    }
}

fn conflict(source: &str, place: &str) -> StoreError {
    let detail = format!("another program has recorded {source} since");
    StoreError::new(StoreErrorKind::Conflict, place, &detail)
}

impl Store for SqliteStore {
    fn position(&mut self, source: &str) -> Result<Option<String>, StoreError> {
        let row = statements::source(&self.connection, source);
        let row = row.map_err(|error| error::of(error, &self.place))?;
        let commits = row.as_ref().map_or(0, |row| row.commits);
        self.commits.insert(source.to_owned(), commits);
        Ok(row.map(|row| row.position))
    }

    fn commit(&mut self, source: &str, events: &[Event], position: &str) -> Result<(), StoreError> {
        let failed = |error| error::of(error, &self.place);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed)?;
        let kept = if self.keeps_events { events } else { &[] };
        let before = statements::commit(&transaction, source, kept, position).map_err(failed)?;
        if let Some(each_commit) = &mut self.each_commit {
            let called = each_commit.call(&transaction, events, position);
            called.map_err(failed)?;
        }
        let known = self.commits.get(source);
        if known.is_some_and(|known| *known != before) {
            return Err(conflict(source, &self.place));
        }
        transaction.commit().map_err(failed)?;
        self.commits.insert(source.to_owned(), before + 1);
        Ok(())
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
