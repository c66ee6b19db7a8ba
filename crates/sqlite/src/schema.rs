//! The tables. In: a database. Out: the same with our tables in it, or why not.
//!
//! Next: `statements.rs`.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use wellspring::store::{StoreError, StoreErrorKind};

use crate::error;

/// The version of the tables below.
const VERSION: i64 = 1;

/// Version 1. The user's database may have a `user_version` of its own, so ours has a table.
const TABLES: &str = "
    CREATE TABLE wellspring_version (version INTEGER NOT NULL);
    CREATE TABLE wellspring_sources (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        position TEXT NOT NULL,
        commits INTEGER NOT NULL
    );
    CREATE TABLE wellspring_events (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        source INTEGER NOT NULL REFERENCES wellspring_sources (id),
        last_event_id TEXT NOT NULL,
        event_type TEXT NOT NULL,
        data TEXT NOT NULL,
        stored_at INTEGER NOT NULL
    );
    CREATE INDEX wellspring_events_by_source ON wellspring_events (source);
    INSERT INTO wellspring_version VALUES (1);
";

/// Why the tables cannot be used.
pub(super) enum Unusable {
    Sqlite(rusqlite::Error),
    Newer(i64),
    Missing,
}

impl From<rusqlite::Error> for Unusable {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl Unusable {
    pub(super) fn at(self, place: &str) -> StoreError {
        match self {
            Self::Sqlite(error) => error::of(error, place),
            Self::Newer(version) => {
                let detail = format!("its tables have version {version}, known here is {VERSION}");
                StoreError::new(StoreErrorKind::NewerVersion, place, &detail)
            }
            Self::Missing => {
                let detail = "the database has no tables of events";
                StoreError::new(StoreErrorKind::NotAStore, place, detail)
            }
        }
    }
}

/// Adds the tables unless they are there.
pub(super) fn prepare(connection: &Connection) -> Result<(), Unusable> {
    if matches!(check(connection), Err(Unusable::Missing)) {
        create(connection)?;
    }
    check(connection)
}

/// Whether the tables are there, and are those we know.
pub(super) fn check(connection: &Connection) -> Result<(), Unusable> {
    if !exists(connection)? {
        return Err(Unusable::Missing);
    }
    let sql = "SELECT version FROM wellspring_version";
    match connection.query_row(sql, [], |row| row.get(0))? {
        VERSION => Ok(()),
        version => Err(Unusable::Newer(version)),
    }
}

fn exists(connection: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'wellspring_version'";
    let found = connection.query_row(sql, [], |_| Ok(())).optional()?;
    Ok(found.is_some())
}

/// Inside a transaction of the user's there can be no other; his will do.
fn create(connection: &Connection) -> rusqlite::Result<()> {
    if !connection.is_autocommit() {
        return connection.execute_batch(TABLES);
    }
    let behavior = TransactionBehavior::Immediate;
    let transaction = rusqlite::Transaction::new_unchecked(connection, behavior)?;
    // Another program may have been faster.
    if !exists(&transaction)? {
        transaction.execute_batch(TABLES)?;
    }
    transaction.commit()
}
