//! Connections that read. In: a question. Out: its answer, in a transaction as short as the question.
//!
//! Next: `members.rs`.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use rusqlite::{Connection, OpenFlags, Row};

use super::schema::bits;
use crate::engine::{PageLimits, StoredRecord};

/// How many connections there are: so many may read at the same time.
pub(super) const MOST: usize = 8;

pub(super) struct Readers {
    place: PathBuf,
    /// None once they are closed.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl Readers {
    pub(super) fn new(place: PathBuf) -> Self {
        Self {
            place,
            idle: Mutex::new(Some(Vec::new())),
        }
    }

    pub(super) fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let idle = self.idle().as_mut().and_then(Vec::pop);
        let connection = idle.map_or_else(|| self.connect(), Ok)?;
        let answer = read(&connection)?;
        if let Some(idle) = self.idle().as_mut() {
            idle.push(connection);
        }
        Ok(answer)
    }

    /// Closes those that are idle, and from now on each when it has answered. The last connection to a
    /// database writes its log back when it is closed, and one that only reads cannot: so these go before
    /// the writer does.
    pub(super) fn close(&self) {
        drop(self.idle().take());
    }

    fn idle(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.place, flags)?;
        connection.pragma_update(None, "cache_size", -4_096)?;
        Ok(connection)
    }
}

pub(super) fn after(
    connection: &Connection,
    after: u64,
    limits: PageLimits,
) -> rusqlite::Result<Vec<StoredRecord>> {
    let sql = "SELECT sequence, tag, record FROM records WHERE sequence > ?1 ORDER BY sequence \
               LIMIT ?2";
    let most = i64::try_from(limits.records.max(1)).unwrap_or(i64::MAX);
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([after, most])?;
    let mut records: Vec<StoredRecord> = Vec::new();
    let mut bytes = 0;
    while let Some(row) = rows.next()? {
        let sequence = bits(row, 0)?;
        // What a page has is without a hole, whatever the file has.
        let follows = records
            .last()
            .is_none_or(|last| last.sequence + 1 == sequence);
        let record = row.get_ref(2)?.as_blob()?;
        bytes += record.len();
        if !follows || !records.is_empty() && bytes > limits.bytes {
            break;
        }
        let record = Bytes::copy_from_slice(record);
        records.push(StoredRecord::new(sequence, bits(row, 1)?, record));
    }
    Ok(records)
}

pub(super) fn find(connection: &Connection, id: &str) -> rusqlite::Result<Option<u64>> {
    let sql = "SELECT MIN(sequence) FROM records WHERE id = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = |row: &Row<'_>| row.get::<_, Option<i64>>(0);
    Ok(statement.query_row([id], found)?.map(i64::cast_unsigned))
}
