//! What one transaction does. In: records, and what is known of the database. Out: their places, and what
//! is known then: it counts once the transaction is committed.
//!
//! Next: `trim.rs`.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::schema::{Stored, bits, save};
use super::trim::tag_of;
use crate::cursor::Epoch;
use crate::engine::{Append, IdempotencyKey, Receipt, StoredRecord};

/// After so many records the row of `history` is written, so that opening does not count for long.
const COUNTED_EVERY: u64 = 4_096;

pub(super) struct Batch<'a> {
    pub(super) transaction: &'a Transaction<'a>,
    pub(super) stored: Stored,
    /// What was appended, for those who follow.
    pub(super) appended: Vec<StoredRecord>,
    /// How many of them with a key.
    pub(super) keyed: u64,
    pub(super) now: i64,
    /// For how long keys are recognised, in milliseconds.
    pub(super) key_window: i64,
}

impl Batch<'_> {
    pub(super) fn append(&mut self, append: Append) -> rusqlite::Result<Receipt> {
        let Append {
            tag,
            fingerprint,
            id,
            key,
            record,
        } = append;
        if let Some(key) = &key
            && let Some(first) = self.known(key)?
        {
            return Ok(first.duplicate());
        }
        let sequence = self.stored.head + 1;
        // A clock that goes back must not make records older than those before them.
        let came = self.now.max(self.stored.came);
        let sql = "INSERT INTO records VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = self.transaction.prepare_cached(sql)?;
        let (number, bits) = (sequence.cast_signed(), tag.cast_signed());
        insert.execute(params![number, bits, came, id.as_deref(), &record[..]])?;
        drop(insert);
        let receipt = Receipt::new(sequence, tag, fingerprint);
        if let Some(key) = &key {
            self.remember(key, receipt)?;
            self.keyed += 1;
        }
        self.stored.head = sequence;
        self.stored.head_tag = tag;
        self.stored.came = came;
        self.stored.bytes += record.len() as u64;
        self.appended.push(StoredRecord::new(sequence, tag, record));
        if sequence - self.stored.counted >= COUNTED_EVERY {
            save(self.transaction, &mut self.stored)?;
        }
        Ok(receipt)
    }

    fn known(&self, key: &IdempotencyKey) -> rusqlite::Result<Option<Receipt>> {
        let sql = "SELECT sequence, tag, fingerprint FROM keys WHERE key = ?1 AND came > ?2";
        let since = self.key_time().saturating_sub(self.key_window);
        let receipt = |row: &Row<'_>| Ok(Receipt::new(bits(row, 0)?, bits(row, 1)?, bits(row, 2)?));
        let mut find = self.transaction.prepare_cached(sql)?;
        find.query_row(params![key.as_str(), since], receipt)
            .optional()
    }

    fn remember(&self, key: &IdempotencyKey, receipt: Receipt) -> rusqlite::Result<()> {
        let sql = "INSERT OR REPLACE INTO keys VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut insert = self.transaction.prepare_cached(sql)?;
        let inserted = insert.execute(params![
            key.as_str(),
            receipt.sequence.cast_signed(),
            receipt.tag.cast_signed(),
            receipt.fingerprint.cast_signed(),
            self.key_time(),
        ]);
        inserted.map(drop)
    }

    fn key_time(&self) -> i64 {
        self.now.max(self.stored.came)
    }

    /// Loses what is behind this record, and begins another epoch.
    pub(super) fn fork(&mut self, last: u64) -> rusqlite::Result<()> {
        let last = last.clamp(self.stored.horizon.saturating_sub(1), self.stored.head);
        let number = last.cast_signed();
        let transaction = self.transaction;
        let sql = "SELECT TOTAL(LENGTH(record)) FROM records WHERE sequence > ?1";
        let lost: f64 = transaction.query_row(sql, [number], |row| row.get(0))?;
        transaction.execute("DELETE FROM records WHERE sequence > ?1", [number])?;
        transaction.execute("DELETE FROM keys WHERE sequence > ?1", [number])?;
        let epoch = self.stored.lineage.current().number().cast_signed();
        let sql = "INSERT INTO forks (epoch, last) VALUES (?1, ?2)";
        transaction.execute(sql, [epoch, number])?;
        self.stored.bytes = self.stored.bytes.saturating_sub(lost as u64);
        self.stored.lineage.fork(last, Epoch::random());
        self.stored.head = last;
        let tag = tag_of(transaction, last)?;
        self.stored.head_tag = tag.unwrap_or(self.stored.trimmed_tag);
        save(transaction, &mut self.stored)
    }
}
