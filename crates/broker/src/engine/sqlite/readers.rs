//! Connections that read. In: a question. Out: its answer, in a transaction as short as the question.
//!
//! Next: `members.rs`.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use rusqlite::{Connection, OpenFlags, Row};

use super::schema::bits;
use crate::engine::{PageLimits, StoredRecord};

/// How many connections there are: so many may read at the same time.
pub(super) const MOST: usize = 8;

pub(super) struct Readers {
    place: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    pub(super) fn new(place: PathBuf) -> Self {
        Self {
            place,
            idle: Mutex::default(),
        }
    }

    pub(super) fn with<T>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let connection = idle.map_or_else(|| self.connect(), Ok)?;
        let answer = read(&connection)?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(connection);
        Ok(answer)
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
