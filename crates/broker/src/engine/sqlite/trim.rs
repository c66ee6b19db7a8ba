//! What is dropped. In: a transaction, and what is to be kept. Out: what is stored then.
//!
//! A part of what is beyond the limits is dropped with each batch, so that no batch waits for long.
//!
//! Next: back to `writer.rs`.

use rusqlite::{Row, Transaction};

use super::schema::{Stored, bits, save};
use crate::engine::Retention;

/// The most records that are dropped with one batch, if it has less than half as many.
const MOST: u64 = 512;

/// So many records more than allowed may be there, so that not every batch has to drop one.
fn slack(retention: Retention) -> u64 {
    (retention.events / 16).min(1_024)
}

/// The most keys that are forgotten at once, where nothing else is to be done.
pub(super) const KEYS: u64 = 1_024;

/// Whether there may be more to drop.
pub(super) fn trim(
    transaction: &Transaction<'_>,
    stored: &mut Stored,
    retention: Retention,
    now: i64,
    came: u64,
) -> rusqlite::Result<bool> {
    let excess = |horizon: u64, bytes: u64| {
        let count = stored.head + 1 - horizon;
        count > 1 && (count > retention.events || bytes > retention.bytes)
    };
    let count = stored.head + 1 - stored.horizon;
    let due = count > retention.events.saturating_add(slack(retention))
        || count > 1 && stored.bytes > retention.bytes;
    if !due && retention.age.is_none() || count <= 1 {
        return Ok(false);
    }
    let age = retention
        .age
        .map(|age| i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
    let aged = |came: i64| age.is_some_and(|age| now.saturating_sub(came) > age);
    let sql = "SELECT sequence, LENGTH(record), tag, came FROM records ORDER BY sequence LIMIT ?1";
    let most = MOST.max(came * 2).min(count - 1);
    let (mut horizon, mut bytes, mut tag) = (stored.horizon, stored.bytes, stored.trimmed_tag);
    {
        let mut oldest = transaction.prepare_cached(sql)?;
        let mut rows = oldest.query([most.cast_signed()])?;
        while let Some(row) = rows.next()? {
            let (length, row_came): (u64, i64) = (bits(row, 1)?, row.get(3)?);
            if !(due && excess(horizon, bytes) || aged(row_came)) {
                break;
            }
            horizon = bits(row, 0)? + 1;
            bytes = bytes.saturating_sub(length);
            tag = bits(row, 2)?;
        }
    }
    let dropped = horizon - stored.horizon;
    if dropped == 0 {
        return Ok(false);
    }
    let sql = "DELETE FROM records WHERE sequence < ?1";
    transaction
        .prepare_cached(sql)?
        .execute([horizon.cast_signed()])?;
    (stored.horizon, stored.bytes, stored.trimmed_tag) = (horizon, bytes, tag);
    save(transaction, stored)?;
    Ok(dropped >= most)
}

/// Forgets keys that came before this time, at most so many.
pub(super) fn forget_keys(
    transaction: &Transaction<'_>,
    before: i64,
    most: u64,
) -> rusqlite::Result<()> {
    let sql = "DELETE FROM keys WHERE key IN \
               (SELECT key FROM keys WHERE came < ?1 ORDER BY came LIMIT ?2)";
    transaction
        .prepare_cached(sql)?
        .execute([before, most.cast_signed()])
        .map(drop)
}

/// The tag of a record, for those that lose what is behind it.
pub(super) fn tag_of(
    transaction: &Transaction<'_>,
    sequence: u64,
) -> rusqlite::Result<Option<u64>> {
    let sql = "SELECT tag FROM records WHERE sequence = ?1";
    let mut tag = transaction.prepare_cached(sql)?;
    let mut tags = tag.query_map([sequence.cast_signed()], |row: &Row<'_>| bits(row, 0))?;
    tags.next().transpose()
}
