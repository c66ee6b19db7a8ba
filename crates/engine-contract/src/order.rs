//! One total order, and what is found in it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::*;
use wellspring_broker::{AppendOutcome, Engine, PageLimits, StoredRecord, TailItem};

/// After n comes n + 1, from 1 on, and receipts say so.
pub async fn numbers_are_dense(engine: Arc<dyn Engine>) {
    let empty = bounds(&*engine).await;
    assert_eq!(
        (empty.horizon, empty.head, empty.trimmed_tag),
        (1, 0, Some(0))
    );
    assert!(page(&*engine, 0, all()).await.records.is_empty());
    let batch: Vec<_> = (0..5).map(|number| record(&number.to_string())).collect();
    let sent: Vec<_> = batch
        .iter()
        .map(|append| (append.tag, append.fingerprint))
        .collect();
    let mut outcomes = append(&*engine, batch).await;
    let last = record("last");
    let last_tag = last.tag;
    outcomes.extend(append(&*engine, vec![last]).await);
    for (index, outcome) in outcomes.iter().enumerate() {
        let AppendOutcome::Appended(receipt) = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(receipt.sequence, index as u64 + 1);
        assert!(!receipt.duplicate);
        if let Some(sent) = sent.get(index) {
            assert_eq!((receipt.tag, receipt.fingerprint), *sent);
        }
    }
    let bounds = bounds(&*engine).await;
    assert_eq!(
        (bounds.horizon, bounds.head, bounds.head_tag),
        (1, 6, last_tag)
    );
    let page = page(&*engine, 2, all()).await;
    let texts: Vec<_> = page
        .records
        .iter()
        .map(|stored| stored.record.as_ref())
        .collect();
    assert_eq!(texts, [&b"2"[..], b"3", b"4", b"last"]);
    assert_eq!(
        (page.records[0].sequence, page.records[0].tag),
        (3, sent[2].0)
    );
    assert_eq!((page.horizon, page.head), (1, 6));
}

/// A page has as much as its limits allow, and at least one record.
pub async fn pages_keep_their_limits(engine: Arc<dyn Engine>) {
    append(
        &*engine,
        (0..10).map(|_| record(&"x".repeat(100))).collect(),
    )
    .await;
    let lengths = [
        (PageLimits::new(3, usize::MAX), 3),
        (PageLimits::new(100, 350), 3),
        (PageLimits::new(100, 1), 1),
        (PageLimits::new(0, 0), 1),
        (all(), 10),
    ];
    for (limits, length) in lengths {
        assert_eq!(
            page(&*engine, 0, limits).await.records.len(),
            length,
            "{limits:?}"
        );
    }
    for after in [10, 11, 1 << 62, u64::MAX] {
        assert!(
            page(&*engine, after, all()).await.records.is_empty(),
            "{after}"
        );
    }
}

/// A publisher's id finds the earliest record that has it.
pub async fn a_repeated_id_means_the_earliest(engine: Arc<dyn Engine>) {
    for id in ["a", "b", "a", "ü"] {
        stored(&*engine, record(id).with_id(id)).await;
    }
    stored(&*engine, record("none")).await;
    for (id, found) in [
        ("a", Some(1)),
        ("b", Some(2)),
        ("ü", Some(4)),
        ("A", None),
        ("", None),
    ] {
        assert_eq!(engine.find(id).await.unwrap(), found, "{id}");
    }
}

/// A known key stores nothing, and is answered with the first receipt.
pub async fn a_key_makes_two_appends_one(engine: Arc<dyn Engine>) {
    let first = stored(&*engine, record("a").with_key(key("k"))).await;
    let again = stored(&*engine, record("a").with_key(key("k"))).await;
    assert_eq!(again, first.duplicate());
    let other = stored(&*engine, record("b").with_key(key("k"))).await;
    assert_eq!(
        other,
        first.duplicate(),
        "the fingerprint tells that it is another"
    );
    let batch = vec![
        record("c").with_key(key("l")),
        record("c").with_key(key("l")),
    ];
    let outcomes = append(&*engine, batch).await;
    let [
        AppendOutcome::Appended(first),
        AppendOutcome::Appended(second),
    ] = outcomes[..]
    else {
        panic!("{outcomes:?}")
    };
    assert_eq!((first.sequence, second), (2, first.duplicate()));
    assert_eq!(bounds(&*engine).await.head, 2);
}

/// Following gives what reading gives, from any place.
pub async fn the_tail_is_the_history(engine: Arc<dyn Engine>) {
    append(
        &*engine,
        (0..3_000).map(|n| record(&n.to_string())).collect(),
    )
    .await;
    let mut from_the_first = Tail::new(&engine, 0);
    let mut from_the_middle = Tail::new(&engine, 1_500);
    let mut from_the_head = Tail::new(&engine, 3_000);
    let first = from_the_first.records(3_000).await;
    assert_eq!(first, page(&*engine, 0, all()).await.records);
    assert_eq!(from_the_middle.records(1_500).await, first[1_500..]);
    let TailItem::Live { head: 3_000, .. } = from_the_head.item().await else {
        panic!("nothing follows")
    };
    append(&*engine, vec![record("next"), record("one more")]).await;
    for tail in [
        &mut from_the_first,
        &mut from_the_middle,
        &mut from_the_head,
    ] {
        let next = tail.records(2).await;
        assert_eq!(next, page(&*engine, 3_000, all()).await.records);
    }
}

/// Following an idle history gives an item at least every 2 s.
pub async fn the_tail_shows_that_it_lives(engine: Arc<dyn Engine>) {
    let mut tail = Tail::new(&engine, 0);
    for _ in 0..3 {
        let item = timeout(Duration::from_secs(2), tail.item()).await;
        assert!(
            matches!(item, Ok(TailItem::Live { head: 0, .. })),
            "{item:?}"
        );
    }
}

/// Appends of several callers have one order, and each caller its own.
pub async fn many_who_append_have_one_order(engine: Arc<dyn Engine>) {
    let mut tail = Tail::new(&engine, 0);
    let tasks = (0..8).map(|task| {
        let engine = Arc::clone(&engine);
        tokio::spawn(async move {
            for number in 0..50 {
                stored(&*engine, record(&format!("{task} {number:02}"))).await;
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let all = page(&*engine, 0, all()).await.records;
    assert_eq!(tail.records(400).await, all);
    let mut newest: HashMap<Vec<u8>, Vec<u8>> = HashMap::new();
    for (
        index,
        StoredRecord {
            sequence, record, ..
        },
    ) in all.iter().enumerate()
    {
        assert_eq!(*sequence, index as u64 + 1);
        let (task, number) = record.split_at(1);
        let before = newest.insert(task.to_vec(), number.to_vec());
        assert!(before.is_none_or(|before| before < number.to_vec()));
    }
    assert_eq!((all.len(), newest.len()), (400, 8));
}

/// Appends with ids and keys in any order, against a list.
pub async fn behaves_like_a_plain_vector(engine: Arc<dyn Engine>) {
    let mut rng = fastrand::Rng::with_seed(14);
    let mut model: Vec<(String, Option<String>)> = Vec::new();
    let mut keys: HashMap<String, u64> = HashMap::new();
    for step in 0..300 {
        let text = format!("{step}");
        let id = rng.bool().then(|| format!("id{}", rng.u8(0..20)));
        let chosen = rng.bool().then(|| format!("key{}", rng.u8(0..40)));
        let mut one = record(&text);
        one.id = id.as_deref().map(Box::from);
        one.key = chosen.as_deref().map(key);
        let receipt = stored(&*engine, one).await;
        let known = chosen.as_ref().and_then(|key| keys.get(key)).copied();
        assert_eq!(receipt.duplicate, known.is_some());
        assert_eq!(receipt.sequence, known.unwrap_or(model.len() as u64 + 1));
        if known.is_none() {
            model.push((text, id));
            keys.extend(chosen.map(|key| (key, receipt.sequence)));
        }
        let after = rng.usize(0..=model.len());
        let limit = rng.usize(1..9);
        let page = page(&*engine, after as u64, PageLimits::new(limit, usize::MAX)).await;
        let texts = page.records.iter().map(|stored| stored.record.to_vec());
        let expected = model[after..].iter().take(limit);
        assert!(texts.eq(expected.map(|(text, _)| text.clone().into_bytes())));
        let id = format!("id{}", rng.u8(0..20));
        let found = model
            .iter()
            .position(|(_, known)| known.as_ref() == Some(&id));
        let found = found.map(|index| index as u64 + 1);
        assert_eq!(engine.find(&id).await.unwrap(), found);
    }
}
