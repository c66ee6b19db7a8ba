//! What is kept, and what goes.

use std::sync::Arc;
use std::time::Duration;

use super::*;
use wellspring_broker::{Engine, Retention};

/// Dropping by count takes the oldest, and never the newest.
pub async fn the_oldest_go_first(engine: Arc<dyn Engine>) {
    let batch: Vec<_> = (0..20)
        .map(|n| record(&n.to_string()).with_id(format!("{n}")))
        .collect();
    let tags: Vec<_> = batch.iter().map(|append| append.tag).collect();
    append(&*engine, batch).await;
    engine
        .trim(Retention::default().with_events(5))
        .await
        .unwrap();
    until_horizon(&*engine, 16).await;
    let kept = bounds(&*engine).await;
    assert_eq!((kept.horizon, kept.head), (16, 20));
    assert_eq!(
        kept.trimmed_tag,
        Some(tags[14]),
        "of the newest that is gone"
    );
    let page = page(&*engine, 3, all()).await;
    assert_eq!(
        (page.horizon, page.records[0].sequence, page.records.len()),
        (16, 16, 5)
    );
    assert_eq!(engine.find("14").await.unwrap(), None);
    assert_eq!(engine.find("15").await.unwrap(), Some(16));
    stored(&*engine, record("one more")).await;
    until_horizon(&*engine, 17).await;
    engine
        .trim(Retention::default().with_events(0))
        .await
        .unwrap();
    until_horizon(&*engine, 21).await;
    let kept = bounds(&*engine).await;
    assert_eq!((kept.horizon, kept.head), (21, 21), "the newest stays");
}

/// Dropping by bytes takes the oldest, and never the newest.
pub async fn bytes_count(engine: Arc<dyn Engine>) {
    engine
        .trim(Retention::default().with_bytes(1_000))
        .await
        .unwrap();
    for _ in 0..5 {
        stored(&*engine, record(&"x".repeat(300))).await;
    }
    until_horizon(&*engine, 3).await;
    assert_eq!(bounds(&*engine).await.horizon, 3);
    stored(&*engine, record(&"x".repeat(5_000))).await;
    until_horizon(&*engine, 6).await;
    let kept = bounds(&*engine).await;
    assert_eq!(
        (kept.horizon, kept.head),
        (6, 6),
        "the newest stays, however large"
    );
}

/// Dropping by age takes the oldest, and never the newest.
pub async fn age_counts(engine: Arc<dyn Engine>) {
    append(&*engine, vec![record("a"), record("b"), record("c")]).await;
    engine
        .trim(Retention::default().with_age(Duration::from_millis(50)))
        .await
        .unwrap();
    until_horizon(&*engine, 3).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let kept = bounds(&*engine).await;
    assert_eq!(
        (kept.horizon, kept.head),
        (3, 3),
        "the newest stays, however old"
    );
}
