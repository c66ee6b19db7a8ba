//! The tables. In: a file. Out: a connection that may write to it, and what is stored there.
//!
//! Next: `batch.rs`, what is written.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior, params};

use super::error;
use crate::cursor::Epoch;
use crate::engine::{Bounds, EngineError, EngineErrorKind};
use crate::lineage::{Fork, Lineage};

/// The version of the tables below.
const VERSION: i64 = 1;

/// `history` has one row. What it says of the bytes is as of `counted`, and is brought up to date at
/// opening: written with each batch, it would be one page more to write.
const TABLES: &str = "
    CREATE TABLE records (
        sequence INTEGER PRIMARY KEY,
        tag INTEGER NOT NULL,
        came INTEGER NOT NULL,
        id TEXT,
        record BLOB NOT NULL
    );
    CREATE INDEX records_by_id ON records (id, sequence) WHERE id IS NOT NULL;
    CREATE TABLE keys (
        key TEXT PRIMARY KEY,
        sequence INTEGER NOT NULL,
        tag INTEGER NOT NULL,
        fingerprint INTEGER NOT NULL,
        came INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX keys_by_time ON keys (came);
    CREATE TABLE history (
        epoch INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        horizon INTEGER NOT NULL,
        trimmed_tag INTEGER NOT NULL,
        counted INTEGER NOT NULL,
        bytes INTEGER NOT NULL
    );
    CREATE TABLE forks (
        position INTEGER PRIMARY KEY,
        epoch INTEGER NOT NULL,
        last INTEGER NOT NULL
    );
    CREATE TABLE leases (node INTEGER PRIMARY KEY, until INTEGER NOT NULL);
    CREATE TABLE members (
        node INTEGER NOT NULL,
        name TEXT NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (node, name)
    ) WITHOUT ROWID;
";

/// What the writer knows of the database without asking it.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) lineage: Lineage,
    /// One above the head where there is no record.
    pub(super) horizon: u64,
    pub(super) head: u64,
    pub(super) head_tag: u64,
    pub(super) trimmed_tag: u64,
    pub(super) bytes: u64,
    /// Up to here the row in `history` knows the bytes.
    pub(super) counted: u64,
    /// When the newest record came, in milliseconds: the next one never comes before.
    pub(super) came: i64,
}

impl Stored {
    /// Whether the numbers fit each other. Where the file is damaged they may be any.
    fn is_sound(&self) -> bool {
        let most = i64::MAX as u64 / 2;
        (1..=self.head.saturating_add(1)).contains(&self.horizon)
            && self.head < most
            && self.bytes < most
    }

    pub(super) fn bounds(&self) -> Bounds {
        Bounds {
            lineage: self.lineage.clone(),
            horizon: self.horizon,
            head: self.head,
            head_tag: self.head_tag,
            trimmed_tag: Some(self.trimmed_tag),
        }
    }
}

pub(super) fn open(place: &Path) -> Result<(Connection, Stored), EngineError> {
    let failed = |error: rusqlite::Error| error::of(&error, place);
    let mut connection = Connection::open(place).map_err(failed)?;
    match version(&connection).map_err(failed)? {
        0 | VERSION => {}
        newer => return Err(is_newer(place, newer)),
    }
    settings(&connection).map_err(failed)?;
    let stored = prepare(&mut connection).map_err(failed)?;
    match stored.is_sound() {
        true => Ok((connection, stored)),
        false => Err(failed(error::damaged())),
    }
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn is_newer(place: &Path, version: i64) -> EngineError {
    let place = place.display();
    let message = format!(
        "{place}: written by a newer version (format {version}, known here is {VERSION}); use that \
         version, or an empty folder"
    );
    EngineError::new(EngineErrorKind::NewerVersion, message)
}

fn settings(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn prepare(connection: &mut Connection) -> rusqlite::Result<Stored> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if version(&transaction)? == 0 {
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
        let epoch = Epoch::random().number().cast_signed();
        transaction.execute("INSERT INTO history VALUES (?1, 0, 1, 0, 0, 0)", [epoch])?;
    }
    let stored = load(&transaction)?;
    transaction.commit()?;
    Ok(stored)
}

/// Of a column that holds 64 bits.
pub(super) fn bits(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get(column).map(i64::cast_unsigned)
}

fn load(transaction: &Transaction<'_>) -> rusqlite::Result<Stored> {
    let sql = "SELECT epoch, horizon, trimmed_tag, counted, bytes, sequence FROM history";
    let row = |row: &Row<'_>| {
        let column = |column| bits(row, column);
        Ok([
            column(0)?,
            column(1)?,
            column(2)?,
            column(3)?,
            column(4)?,
            column(5)?,
        ])
    };
    let [epoch, horizon, trimmed_tag, counted, bytes, sequence] =
        transaction.query_row(sql, [], row)?;
    let sql = "SELECT sequence, tag, came FROM records ORDER BY sequence DESC LIMIT 1";
    let newest = |row: &Row<'_>| Ok((bits(row, 0)?, bits(row, 1)?, row.get(2)?));
    let newest = transaction.query_row(sql, [], newest).optional()?;
    let (head, head_tag, came) = newest.unwrap_or((sequence, trimmed_tag, 0));
    let sql = "SELECT TOTAL(LENGTH(record)) FROM records WHERE sequence > ?1";
    let uncounted: f64 = transaction.query_row(sql, [counted.cast_signed()], |row| row.get(0))?;
    Ok(Stored {
        lineage: Lineage::with_past(forks(transaction)?, Epoch::new(epoch)),
        horizon,
        head,
        head_tag,
        trimmed_tag,
        bytes: bytes.saturating_add(uncounted as u64),
        counted: head,
        came,
    })
}

fn forks(transaction: &Transaction<'_>) -> rusqlite::Result<Vec<Fork>> {
    let mut forks = transaction.prepare("SELECT epoch, last FROM forks ORDER BY position")?;
    let fork = |row: &Row<'_>| Ok(Fork::new(Epoch::new(bits(row, 0)?), bits(row, 1)?));
    forks.query_map([], fork)?.collect()
}

/// Writes the row of `history`.
pub(super) fn save(transaction: &Transaction<'_>, stored: &mut Stored) -> rusqlite::Result<()> {
    let sql = "UPDATE history SET epoch = ?1, sequence = ?2, horizon = ?3, trimmed_tag = ?4, \
               counted = ?2, bytes = ?5";
    transaction.prepare_cached(sql)?.execute(params![
        stored.lineage.current().number().cast_signed(),
        stored.head.cast_signed(),
        stored.horizon.cast_signed(),
        stored.trimmed_tag.cast_signed(),
        stored.bytes.cast_signed(),
    ])?;
    stored.counted = stored.head;
    Ok(())
}
