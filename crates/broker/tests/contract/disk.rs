//! What only an engine on disk can do wrong. In: folders, processes that are killed, files that are torn.
//! Out: what is found at the next opening.
//!
//! Next: `disk/child.rs`, the process that is killed.

mod child;
mod crash;
mod damage;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use wellspring_broker::{Engine, EngineErrorKind, Retention, SqliteEngine};
use wellspring_engine_contract::*;

pub(crate) fn open(folder: &Path) -> SqliteEngine {
    SqliteEngine::open(folder).unwrap()
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path());
    append(
        &engine,
        (0..9_000)
            .map(|n| record(&n.to_string()).with_id("id"))
            .collect(),
    )
    .await;
    let first = stored(&engine, record("keyed").with_key(key("k"))).await;
    let retention = Retention::default().with_events(8_000).with_bytes(30_000);
    engine.trim(retention).await.unwrap();
    until_horizon(&engine, 1_002).await;
    let epoch = bounds(&engine).await.lineage.current();
    engine.fence(epoch, first.sequence).await.unwrap();
    let (kept, records) = (bounds(&engine).await, page(&engine, 0, all()).await.records);
    drop(engine);
    let engine = open(folder.path());
    assert_eq!(bounds(&engine).await, kept);
    assert_eq!(page(&engine, 0, all()).await.records, records);
    assert_eq!(engine.find("id").await.unwrap(), Some(kept.horizon));
    let again = stored(&engine, record("keyed").with_key(key("k"))).await;
    assert_eq!(again, first.duplicate());
    // The bytes are counted on, so that the same limit keeps as much as before.
    engine.trim(retention).await.unwrap();
    let next = stored(&engine, record("5 in all")).await;
    assert_eq!(next.sequence, first.sequence + 1);
    until_horizon(&engine, kept.horizon + 1).await;
    assert!(bounds(&engine).await.horizon <= kept.horizon + 4);
}

#[tokio::test]
async fn a_folder_is_of_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let engine = open(folder.path());
    let refused = SqliteEngine::open(folder.path()).unwrap_err();
    assert_eq!(refused.kind(), EngineErrorKind::InUse);
    assert!(
        refused.to_string().contains("in use by another process"),
        "{refused}"
    );
    drop(engine);
    drop(open(folder.path()));
}

#[tokio::test]
async fn a_clock_that_goes_back_drops_nothing_early() {
    let folder = tempfile::tempdir().unwrap();
    let seconds = Arc::new(AtomicU64::new(1_000_000));
    let clock = Arc::clone(&seconds);
    let now = move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed));
    let options = SqliteEngine::options().key_window(Duration::from_secs(60));
    let engine = options.clock(now).open(folder.path()).unwrap();
    let retention = Retention::default().with_age(Duration::from_secs(60));
    engine.trim(retention).await.unwrap();
    let first = stored(&engine, record("first").with_key(key("k"))).await;
    seconds.store(1_000, Ordering::Relaxed);
    for text in ["second", "third", "fourth"] {
        stored(&engine, record(text)).await;
    }
    let again = stored(&engine, record("first").with_key(key("k"))).await;
    assert_eq!(again, first.duplicate());
    engine.trim(retention).await.unwrap();
    assert_eq!(bounds(&engine).await.horizon, 1, "nothing is a minute old");
    // When the clock has come past where it was, they are as old as the newest before.
    seconds.store(1_000_061, Ordering::Relaxed);
    stored(&engine, record("fifth")).await;
    until_horizon(&engine, 5).await;
    let later = stored(&engine, record("first").with_key(key("k"))).await;
    assert_eq!((later.sequence, later.duplicate), (6, false));
}
