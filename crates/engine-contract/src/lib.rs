//! What every engine owes, as tests. In: a way to open an engine with an empty history. Out: a panic where
//! it does otherwise. A crate with an engine of its own says `contract!` in a test.
//!
//! Next: `order.rs`, `retention.rs`, `epochs.rs`, `presence.rs`.

#![allow(
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a clause that panics has failed"
)]

pub mod epochs;
pub mod order;
pub mod presence;
pub mod retention;

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_core::stream::BoxStream;
use tokio::time::timeout;
use wellspring_broker::{
    Append, AppendOutcome, Bounds, Engine, IdempotencyKey, Page, PageLimits, Receipt, StoredRecord,
    TailItem,
};

/// How long an engine may take for anything.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A test for each clause, over the engine that the expression opens: a pair of an `Arc<dyn Engine>` and
/// whatever has to live as long as the test. The crate with the tests needs tokio with `macros` and `rt`.
///
/// ```no_run
/// # use std::sync::Arc;
/// # use wellspring_broker::{Engine, MemoryEngine};
/// mod memory {
///     # use super::*;
///     wellspring_engine_contract::contract!((Arc::new(MemoryEngine::new()) as Arc<dyn Engine>, ()));
/// }
/// ```
#[macro_export]
macro_rules! contract {
    ($open:expr) => {
        $crate::contract!($open,
            order: numbers_are_dense, pages_keep_their_limits, a_repeated_id_means_the_earliest,
            a_key_makes_two_appends_one, the_tail_is_the_history, the_tail_shows_that_it_lives,
            many_who_append_have_one_order, behaves_like_a_plain_vector;
            retention: the_oldest_go_first, bytes_count, age_counts;
            epochs: an_epoch_ends_once, another_epoch_is_refused, the_tail_tells_of_a_loss;
            presence: leases_expire, members_are_kept;
        );
    };
    ($open:expr, $($module:ident: $($name:ident),+;)+) => {
        $(mod $module {
            use super::*;
            $(#[tokio::test]
            async fn $name() {
                let (engine, _kept) = $open;
                $crate::$module::$name(engine).await;
            })+
        })+
    };
}
/// Returns a record of this text, with a random tag.
pub fn record(text: &str) -> Append {
    let sum = |sum: u64, byte: u8| sum.wrapping_mul(31).wrapping_add(byte.into());
    let fingerprint = text.bytes().fold(7, sum);
    Append::new(fastrand::u64(..), fingerprint, Bytes::from(text.to_owned()))
}

/// Returns an idempotency key of the one publisher there is.
pub fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::new("publisher", text).unwrap()
}

/// Returns limits that fit any page.
pub fn all() -> PageLimits {
    PageLimits::new(usize::MAX, usize::MAX)
}

/// Appends in the epoch in force.
pub async fn append(engine: &dyn Engine, batch: Vec<Append>) -> Vec<AppendOutcome> {
    let epoch = bounds(engine).await.lineage.current();
    timeout(PATIENCE, engine.append(epoch, batch))
        .await
        .unwrap()
}

/// Appends one record, which has to be stored.
pub async fn stored(engine: &dyn Engine, append_one: Append) -> Receipt {
    match append(engine, vec![append_one]).await.as_slice() {
        [AppendOutcome::Appended(receipt)] => *receipt,
        other => panic!("{other:?}"),
    }
}

/// Returns the bounds, which have to be readable.
pub async fn bounds(engine: &dyn Engine) -> Bounds {
    engine.bounds().await.unwrap()
}

/// Reads a page, which has to be readable.
pub async fn page(engine: &dyn Engine, after: u64, limits: PageLimits) -> Page {
    engine.read_after(after, limits).await.unwrap()
}

/// Waits until dropping has come as far as it is to come.
pub async fn until_horizon(engine: &dyn Engine, horizon: u64) {
    let reached = async {
        while bounds(engine).await.horizon < horizon {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let in_time = timeout(PATIENCE, reached).await;
    in_time.unwrap_or_else(|_| panic!("the horizon does not come to {horizon}"));
}

/// Follows an engine, with a deadline.
#[allow(missing_debug_implementations, reason = "a stream shows nothing")]
pub struct Tail(BoxStream<'static, TailItem>);

impl Tail {
    /// Begins behind this number.
    pub fn new(engine: &Arc<dyn Engine>, after: u64) -> Self {
        Self(engine.tail(after))
    }

    /// Returns the next item.
    pub async fn item(&mut self) -> TailItem {
        let next = poll_fn(|cx| self.0.as_mut().poll_next(cx));
        timeout(PATIENCE, next).await.unwrap().unwrap()
    }

    /// So many records, whatever else comes in between.
    pub async fn records(&mut self, count: usize) -> Vec<StoredRecord> {
        let mut records = Vec::new();
        while records.len() < count {
            match self.item().await {
                TailItem::Records(more) => records.extend(more),
                TailItem::Live { .. } => {}
                other => panic!("{other:?}"),
            }
        }
        records
    }
}
