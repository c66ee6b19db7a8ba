//! Records in memory. In: records, and the time as an argument. Out: pages of them. Pure: no clock, no
//! lock, no tasks.
//!
//! Next: `keys.rs`, `../recent.rs`.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::keys::Keys;
use crate::cursor::Epoch;
use crate::engine::append::{Append, Receipt};
use crate::engine::page::{Bounds, Page, PageLimits, StoredRecord};
use crate::engine::retention::Retention;
use crate::lineage::Lineage;

#[derive(Debug)]
pub(super) struct Store {
    lineage: Lineage,
    entries: VecDeque<Entry>,
    /// The number of the oldest entry; one above the head if there is none.
    horizon: u64,
    bytes: u64,
    trimmed_tag: u64,
    /// The numbers of the records with an id, oldest first.
    ids: HashMap<Arc<str>, VecDeque<u64>>,
    keys: Keys,
    retention: Retention,
}

#[derive(Debug)]
struct Entry {
    stored: StoredRecord,
    id: Option<Arc<str>>,
    came: Duration,
}

impl Store {
    pub(super) fn new(epoch: Epoch) -> Self {
        Self {
            lineage: Lineage::new(epoch),
            entries: VecDeque::new(),
            horizon: 1,
            bytes: 0,
            trimmed_tag: 0,
            ids: HashMap::new(),
            keys: Keys::default(),
            retention: Retention::default(),
        }
    }

    pub(super) fn epoch(&self) -> Epoch {
        self.lineage.current()
    }

    pub(super) fn head(&self) -> u64 {
        self.horizon + self.entries.len() as u64 - 1
    }

    pub(super) fn horizon(&self) -> u64 {
        self.horizon
    }

    pub(super) fn set_key_window(&mut self, window: Duration) {
        self.keys.window = window;
    }

    pub(super) fn set_retention(&mut self, retention: Retention) {
        self.retention = retention;
    }

    pub(super) fn append(&mut self, append: Append, now: Duration) -> Receipt {
        let Append {
            tag,
            fingerprint,
            id,
            key,
            record,
        } = append;
        if let Some(first) = key.as_ref().and_then(|key| self.keys.find(key, now)) {
            return first.duplicate();
        }
        let sequence = self.head() + 1;
        let receipt = Receipt::new(sequence, tag, fingerprint);
        if let Some(key) = key {
            self.keys.remember(key, receipt, now);
        }
        let id = id.map(|id| self.remember_id(&id, sequence));
        self.bytes += record.len() as u64;
        self.entries.push_back(Entry {
            stored: StoredRecord::new(sequence, tag, record),
            id,
            came: now,
        });
        receipt
    }

    fn remember_id(&mut self, id: &str, sequence: u64) -> Arc<str> {
        let known = self.ids.get_key_value(id).map(|(id, _)| Arc::clone(id));
        let id = known.unwrap_or_else(|| id.into());
        let numbers = self.ids.entry(Arc::clone(&id)).or_default();
        numbers.push_back(sequence);
        id
    }

    /// Drops what the policy no longer keeps.
    pub(super) fn trim(&mut self, now: Duration) {
        let Retention { events, bytes, age } = self.retention;
        while self.entries.len() > 1 {
            let count = self.entries.len() as u64;
            let came = self.entries.front().map_or(now, |entry| entry.came);
            let aged = age.is_some_and(|age| now.saturating_sub(came) > age);
            if count <= events && self.bytes <= bytes && !aged {
                return;
            }
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        let Some(Entry { stored, id, .. }) = self.entries.pop_front() else {
            return;
        };
        self.horizon += 1;
        self.bytes -= stored.record.len() as u64;
        self.trimmed_tag = stored.tag;
        let Some(id) = id else { return };
        if let Some(numbers) = self.ids.get_mut(&id) {
            numbers.pop_front();
            if numbers.is_empty() {
                self.ids.remove(&id);
            }
        }
    }

    /// Loses what is behind this record, and begins another epoch.
    pub(super) fn fork(&mut self, last: u64) {
        while self.head() > last && !self.entries.is_empty() {
            let lost = self.entries.pop_back();
            self.bytes -= lost
                .as_ref()
                .map_or(0, |entry| entry.stored.record.len() as u64);
            let id = lost.and_then(|entry| entry.id);
            let numbers = id.and_then(|id| self.ids.get_mut(&id));
            numbers.map(VecDeque::pop_back);
        }
        self.keys.forget_behind(last);
        self.lineage.fork(self.head(), Epoch::random());
    }

    fn index_after(&self, after: u64) -> usize {
        let index = (after.saturating_add(1)).saturating_sub(self.horizon);
        usize::try_from(index).unwrap_or(usize::MAX)
    }

    /// All records behind this one.
    pub(super) fn after(&self, after: u64) -> Vec<StoredRecord> {
        let entries = self.entries.iter().skip(self.index_after(after));
        entries.map(|entry| entry.stored.clone()).collect()
    }

    pub(super) fn page(&mut self, after: u64, limits: PageLimits, now: Duration) -> Page {
        self.trim(now);
        let mut bytes = 0;
        let entries = self.entries.iter().skip(self.index_after(after));
        let fitting = entries.take(limits.records.max(1)).take_while(|entry| {
            let is_first = bytes == 0;
            bytes += entry.stored.record.len();
            is_first || bytes <= limits.bytes
        });
        let records = fitting.map(|entry| entry.stored.clone()).collect();
        Page::new(self.epoch(), records, self.horizon, self.head())
    }

    /// The earliest record with this id.
    pub(super) fn find(&mut self, id: &str, now: Duration) -> Option<u64> {
        self.trim(now);
        self.ids.get(id)?.front().copied()
    }

    pub(super) fn bounds(&mut self, now: Duration) -> Bounds {
        self.trim(now);
        Bounds {
            lineage: self.lineage.clone(),
            horizon: self.horizon,
            head: self.head(),
            head_tag: self.entries.back().map_or(0, |entry| entry.stored.tag),
            trimmed_tag: Some(self.trimmed_tag),
        }
    }
}
