//! What is done with the tables. In: a connection or a transaction. Out: rows.
//!
//! Next: `error.rs`.

use std::ops::ControlFlow;
use std::time::{Duration, SystemTime};

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use wellspring::{Event, EventRef};

use wellspring::store::StoredEvent;

pub(super) struct Source {
    pub(super) position: String,
    /// How often it was committed.
    pub(super) commits: i64,
}

pub(super) fn source(connection: &Connection, key: &str) -> rusqlite::Result<Option<Source>> {
    let sql = "SELECT position, commits FROM wellspring_sources WHERE key = ?1";
    let source = connection.query_row(sql, [key], |row| {
        Ok(Source {
            position: row.get(0)?,
            commits: row.get(1)?,
        })
    });
    source.optional()
}

pub(super) fn sources(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT key FROM wellspring_sources ORDER BY id")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// How often the source had been committed before.
pub(super) fn commit(
    transaction: &Transaction<'_>,
    key: &str,
    events: &[Event],
    position: &str,
) -> rusqlite::Result<i64> {
    let sql = "
        INSERT INTO wellspring_sources (key, position, commits) VALUES (?1, ?2, 1)
        ON CONFLICT (key) DO UPDATE SET position = excluded.position, commits = commits + 1
        RETURNING id, commits - 1";
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let (source, before): (i64, i64) = transaction.query_row(sql, [key, position], row)?;
    let sql = "
        INSERT INTO wellspring_events (source, last_event_id, event_type, data, stored_at)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut insert = transaction.prepare(sql)?;
    let now = i64::try_from(milliseconds(SystemTime::now())).unwrap_or(i64::MAX);
    for event in events {
        insert.execute(params![
            source,
            event.last_event_id(),
            event.event_type(),
            event.data(),
            now
        ])?;
    }
    Ok(before)
}

pub(super) fn read(
    connection: &Connection,
    key: &str,
    after: u64,
    mut visit: impl FnMut(StoredEvent<'_>) -> ControlFlow<()>,
) -> rusqlite::Result<()> {
    let sql = "
        SELECT sequence, last_event_id, event_type, data, stored_at FROM wellspring_events
        WHERE source = (SELECT id FROM wellspring_sources WHERE key = ?1) AND sequence > ?2
        ORDER BY sequence";
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(params![key, after])?;
    while let Some(row) = rows.next()? {
        let text = |column| -> rusqlite::Result<&str> { Ok(row.get_ref(column)?.as_str()?) };
        let number = |column| -> rusqlite::Result<u64> {
            let number: i64 = row.get(column)?;
            Ok(u64::try_from(number).unwrap_or(0))
        };
        let event = EventRef::new(text(2)?, text(3)?, text(1)?);
        let stored = StoredEvent::new(number(0)?, time_of(number(4)?), event);
        if visit(stored).is_break() {
            return Ok(());
        }
    }
    Ok(())
}

/// Milliseconds since 1970; times before count as 1970.
fn milliseconds(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}

/// The time so many milliseconds after 1970, or 1970 when there is no such time.
fn time_of(milliseconds: u64) -> SystemTime {
    let since = Duration::from_millis(milliseconds);
    let time = SystemTime::UNIX_EPOCH.checked_add(since);
    time.unwrap_or(SystemTime::UNIX_EPOCH)
}
