//! Idempotency keys, for a while. In: keys with what they stand for. Out: whether one is known.
//!
//! Next: `store.rs`.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use crate::engine::append::{IdempotencyKey, Receipt};

/// For how long a key is recognised unless another time is set.
pub(super) const WINDOW: Duration = Duration::from_secs(600);

/// The most keys: beyond it the oldest are forgotten.
const MOST: usize = 1_000_000;

#[derive(Debug)]
pub(super) struct Keys {
    pub(super) window: Duration,
    known: HashMap<IdempotencyKey, Receipt>,
    in_order: VecDeque<(Duration, IdempotencyKey)>,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            window: WINDOW,
            known: HashMap::new(),
            in_order: VecDeque::new(),
        }
    }
}

impl Keys {
    pub(super) fn find(&mut self, key: &IdempotencyKey, now: Duration) -> Option<Receipt> {
        while let Some((came, _)) = self.in_order.front() {
            if now.saturating_sub(*came) < self.window && self.in_order.len() <= MOST {
                break;
            }
            if let Some((_, key)) = self.in_order.pop_front() {
                self.known.remove(&key);
            }
        }
        self.known.get(key).copied()
    }

    pub(super) fn remember(&mut self, key: IdempotencyKey, receipt: Receipt, now: Duration) {
        self.in_order.push_back((now, key.clone()));
        self.known.insert(key, receipt);
    }

    /// Forgets the keys of records that were lost.
    pub(super) fn forget_behind(&mut self, last: u64) {
        self.known.retain(|_, receipt| receipt.sequence <= last);
        self.in_order
            .retain(|(_, key)| self.known.contains_key(key));
    }
}
