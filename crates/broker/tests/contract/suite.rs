//! What every engine owes, as tests. In: a way to open an engine with an empty history. Out: a panic where
//! it does otherwise. A crate with an engine of its own takes this file by its path, and says `contract!`.
//!
//! Next: `order.rs`, `retention.rs`, `epochs.rs`, `presence.rs`.

#[path = "epochs.rs"]
pub(crate) mod epochs;
#[path = "order.rs"]
pub(crate) mod order;
#[path = "presence.rs"]
pub(crate) mod presence;
#[path = "retention.rs"]
pub(crate) mod retention;

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
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A test for each clause, over the engine that the expression opens.
macro_rules! contract {
    ($open:expr) => {
        contract!($open,
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
                crate::suite::$module::$name(engine).await;
            })+
        })+
    };
}
pub(crate) use contract;

pub(crate) fn record(text: &str) -> Append {
    let sum = |sum: u64, byte: u8| sum.wrapping_mul(31).wrapping_add(byte.into());
    let fingerprint = text.bytes().fold(7, sum);
    Append::new(fastrand::u64(..), fingerprint, Bytes::from(text.to_owned()))
}

pub(crate) fn key(text: &str) -> IdempotencyKey {
    IdempotencyKey::new("somebody", text).unwrap()
}

pub(crate) fn all() -> PageLimits {
    PageLimits::new(usize::MAX, usize::MAX)
}

/// Appends in the epoch in force.
pub(crate) async fn append(engine: &dyn Engine, batch: Vec<Append>) -> Vec<AppendOutcome> {
    let epoch = bounds(engine).await.lineage.current();
    timeout(PATIENCE, engine.append(epoch, batch))
        .await
        .unwrap()
}

pub(crate) async fn stored(engine: &dyn Engine, append_one: Append) -> Receipt {
    match append(engine, vec![append_one]).await.as_slice() {
        [AppendOutcome::Appended(receipt)] => *receipt,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn bounds(engine: &dyn Engine) -> Bounds {
    engine.bounds().await.unwrap()
}

pub(crate) async fn page(engine: &dyn Engine, after: u64, limits: PageLimits) -> Page {
    engine.read_after(after, limits).await.unwrap()
}

/// Waits until dropping has come as far as it is to come.
pub(crate) async fn until_horizon(engine: &dyn Engine, horizon: u64) {
    let reached = async {
        while bounds(engine).await.horizon < horizon {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let in_time = timeout(PATIENCE, reached).await;
    in_time.unwrap_or_else(|_| panic!("the horizon does not come to {horizon}"));
}

pub(crate) struct Tail(BoxStream<'static, TailItem>);

impl Tail {
    pub(crate) fn new(engine: &Arc<dyn Engine>, after: u64) -> Self {
        Self(engine.tail(after))
    }

    pub(crate) async fn item(&mut self) -> TailItem {
        let next = poll_fn(|cx| self.0.as_mut().poll_next(cx));
        timeout(PATIENCE, next).await.unwrap().unwrap()
    }

    /// So many records, whatever else comes in between.
    pub(crate) async fn records(&mut self, count: usize) -> Vec<StoredRecord> {
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
