//! A history whose tail is lost.

use std::sync::Arc;

use super::*;
use wellspring_broker::{AppendOutcome, Engine, Epoch, Refusal, TailItem};

/// Fencing an epoch drops what is behind the fork, once.
pub async fn an_epoch_ends_once(engine: Arc<dyn Engine>) {
    let kept = record("kept");
    let tag = kept.tag;
    append(
        &*engine,
        vec![kept, record("lost").with_id("l").with_key(key("l"))],
    )
    .await;
    let epoch = bounds(&*engine).await.lineage.current();
    let fenced = engine.fence(epoch, 1).await.unwrap();
    assert_eq!((fenced.head, fenced.head_tag), (1, tag));
    assert_ne!(fenced.lineage.current(), epoch);
    assert_eq!(fenced.lineage.valid_until(epoch), Some(1));
    let again = engine.fence(epoch, 0).await.unwrap();
    assert_eq!(again, fenced, "it has ended already");
    assert_eq!(engine.find("l").await.unwrap(), None);
    let receipt = stored(&*engine, record("other").with_key(key("l"))).await;
    assert_eq!(
        (receipt.sequence, receipt.duplicate),
        (2, false),
        "what was lost is not known"
    );
    let texts = page(&*engine, 0, all()).await.records;
    let texts: Vec<_> = texts.iter().map(|stored| stored.record.as_ref()).collect();
    assert_eq!(texts, [&b"kept"[..], b"other"]);
}

/// An append in another epoch stores nothing.
pub async fn another_epoch_is_refused(engine: Arc<dyn Engine>) {
    let batch = vec![record("a"), record("b")];
    let outcomes = engine.append(Epoch::new(1), batch).await;
    let refused = AppendOutcome::Refused(Refusal::OtherEpoch);
    assert_eq!(outcomes, [refused.clone(), refused]);
    assert_eq!(bounds(&*engine).await.head, 0);
}

/// Who follows learns that the tail was lost, and goes on behind the fork.
pub async fn the_tail_tells_of_a_loss(engine: Arc<dyn Engine>) {
    append(&*engine, vec![record("a"), record("b"), record("c")]).await;
    let mut had_all = Tail::new(&engine, 0);
    had_all.records(3).await;
    let epoch = bounds(&*engine).await.lineage.current();
    let fenced = engine.fence(epoch, 2).await.unwrap();
    loop {
        match had_all.item().await {
            TailItem::Rewritten(bounds) => {
                assert_eq!(bounds, fenced);
                break;
            }
            TailItem::Live { .. } => {}
            other => panic!("{other:?}"),
        }
    }
    stored(&*engine, record("new")).await;
    let next = had_all.records(1).await;
    assert_eq!(
        (next[0].sequence, next[0].record.as_ref()),
        (3, &b"new"[..])
    );
    let mut new = Tail::new(&engine, 0);
    assert_eq!(new.records(3).await, page(&*engine, 0, all()).await.records);
}
