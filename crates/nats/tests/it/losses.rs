//! What loses records: each is told to whoever follows, with another epoch or another horizon.
//!
//! Next: `cluster.rs`, where a server more can be lost.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use wellspring_broker::{AppendOutcome, Engine, Refusal, TailItem};
use wellspring_engine_contract::{Tail, all, append, bounds, page, record, stored};
use wellspring_nats::NatsEngine;

use crate::server::{Server, copy};
use crate::witness::{persist, rewritten, until};

async fn ask(server: &Server, subject: &str, body: Value) -> Value {
    let client = server.client().await;
    let answer = client
        .request(format!("$JS.API.{subject}"), Bytes::from(body.to_string()))
        .await
        .unwrap();
    let answer: Value = serde_json::from_slice(&answer.payload).unwrap();
    assert!(answer["error"].is_null(), "{answer}");
    answer
}

fn tail(engine: &Arc<NatsEngine>, after: u64) -> Tail {
    Tail::new(&(Arc::clone(engine) as Arc<dyn Engine>), after)
}

async fn fill(engine: &NatsEngine, count: usize) {
    let batch = (0..count).map(|number| record(&number.to_string()));
    append(engine, batch.collect()).await;
}

#[tokio::test]
async fn a_purge_moves_the_horizon() {
    let Some(server) = Server::start() else {
        return;
    };
    let engine = server.engine().await;
    fill(&engine, 20).await;
    let mut read = tail(&engine, 0);
    read.records(20).await;
    let before = bounds(&*engine).await;
    ask(&server, "STREAM.PURGE.wellspring", json!({})).await;
    while !matches!(
        read.item().await,
        TailItem::Live {
            head: 20,
            horizon: 21
        }
    ) {}
    let after = bounds(&*engine).await;
    assert_eq!((after.horizon, after.head), (21, 20));
    assert_eq!(after.lineage, before.lineage);
    // This node has seen the newest, and knows its tag still.
    assert_eq!(after.head_tag, before.head_tag);
    assert_eq!(after.trimmed_tag, Some(before.head_tag));
    assert_eq!(stored(&*engine, record("next")).await.sequence, 21);
    assert_eq!(read.records(1).await[0].sequence, 21);
    assert_eq!(page(&*engine, 3, all()).await.records[0].sequence, 21);
}

#[tokio::test]
async fn a_stream_that_is_deleted_is_made_anew() {
    let Some(server) = Server::start() else {
        return;
    };
    let (one, two) = (server.engine().await, server.engine().await);
    fill(&one, 20).await;
    let old = bounds(&*one).await.lineage.current();
    let mut read = tail(&two, 0);
    read.records(20).await;
    ask(&server, "STREAM.DELETE.wellspring", json!({})).await;
    let told = rewritten(&mut read).await;
    assert_eq!((told.head, told.horizon), (0, 1));
    assert_eq!(told.lineage.valid_until(old), None);
    let refused = one.append(old, vec![record("old")]).await;
    assert_eq!(refused, [AppendOutcome::Refused(Refusal::OtherEpoch)]);
    assert_eq!(persist(&one, &record("new")).await.sequence, 1);
    assert_eq!(read.records(1).await[0].record.as_ref(), b"new");
}

#[tokio::test]
async fn a_copy_of_its_configuration_makes_another_history() {
    let Some(server) = Server::start() else {
        return;
    };
    let (one, late) = (server.engine().await, server.engine().await);
    fill(&one, 20).await;
    let old = bounds(&*one).await.lineage.current();
    let mut read = tail(&one, 0);
    read.records(20).await;
    let info = ask(&server, "STREAM.INFO.wellspring", json!({})).await;
    ask(&server, "STREAM.DELETE.wellspring", json!({})).await;
    let create = "STREAM.CREATE.wellspring";
    ask(&server, create, info["config"].clone()).await;
    let told = rewritten(&mut read).await;
    assert_eq!((told.head, told.lineage.valid_until(old)), (0, None));
    // A node that follows nothing sees it when it appends.
    let refused = late.append(old, vec![record("old")]).await;
    assert_eq!(refused, [AppendOutcome::Refused(Refusal::OtherEpoch)]);
}

/// Appends 30 records more than what the server comes back with; the tails have had all of them.
async fn restored(server: &mut Server, engine: &NatsEngine, reads: &mut [Tail]) {
    let backup = tempfile::tempdir().unwrap();
    fill(engine, 50).await;
    server.kill();
    copy(&server.store(), backup.path());
    server.begin();
    for number in 50..80 {
        persist(engine, &record(&number.to_string())).await;
    }
    for read in reads {
        until(read, 80).await;
    }
    server.kill();
    std::fs::remove_dir_all(server.store()).unwrap();
    copy(backup.path(), &server.store());
    server.begin();
}

#[tokio::test]
async fn a_backup_begins_an_epoch_where_it_ends() {
    let Some(mut server) = Server::start() else {
        return;
    };
    let (one, two) = (server.engine().await, server.engine().await);
    let old = bounds(&*one).await.lineage.current();
    let mut reads = [tail(&one, 0), tail(&two, 0)];
    restored(&mut server, &one, &mut reads).await;
    let mut told = Vec::new();
    for read in &mut reads {
        told.push(rewritten(read).await);
    }
    assert_eq!(told[0], told[1], "both nodes come to the same");
    assert_eq!((told[0].head, told[0].horizon), (50, 1));
    assert_eq!(told[0].lineage.valid_until(old), Some(50));
    assert_ne!(told[0].lineage.current(), old);
    assert_eq!(persist(&two, &record("new")).await.sequence, 51);
    for read in &mut reads {
        let next = read.records(1).await;
        assert_eq!(
            (next[0].sequence, next[0].record.as_ref()),
            (51, &b"new"[..])
        );
    }
    let late = two.append(old, vec![record("late")]).await;
    assert_eq!(late, [AppendOutcome::Refused(Refusal::OtherEpoch)]);
    // Who takes the old epoch for the one in force is told again.
    assert_eq!(rewritten(&mut reads[1]).await.lineage, told[0].lineage);
}

#[tokio::test]
async fn what_others_append_to_a_backup_stays() {
    let Some(mut server) = Server::start() else {
        return;
    };
    let one = server.engine().await;
    let old = bounds(&*one).await.lineage.current();
    let mut reads = [tail(&one, 0)];
    restored(&mut server, &one, &mut reads).await;
    let [mut read] = reads;
    // A node that knows nothing of what was lost appends before the other one has found out.
    let fresh = server.engine().await;
    let mut appended = 0;
    for number in 0..40 {
        let text = format!("other {number}");
        let outcomes = fresh.append(old, vec![record(&text)]).await;
        appended += u64::from(matches!(outcomes[0], AppendOutcome::Appended(_)));
    }
    let told = rewritten(&mut read).await;
    assert_eq!((told.head, told.lineage.valid_until(old)), (50, Some(50)));
    assert!(appended > 0);
    let others = until(&mut read, 50 + appended).await;
    assert_eq!(others[0].sequence, 51);
    assert!(
        others
            .iter()
            .all(|other| other.record.starts_with(b"other "))
    );
    assert_eq!(others, page(&*fresh, 50, all()).await.records);
}

#[tokio::test]
async fn a_hole_in_the_middle_moves_the_horizon() {
    let Some(server) = Server::start() else {
        return;
    };
    let engine = server.engine().await;
    fill(&engine, 20).await;
    let mut read = tail(&engine, 0);
    read.records(20).await;
    ask(&server, "STREAM.MSG.DELETE.wellspring", json!({ "seq": 7 })).await;
    while !matches!(
        read.item().await,
        TailItem::Live {
            head: 20,
            horizon: 8
        }
    ) {}
    assert_eq!(page(&*engine, 2, all()).await.records[0].sequence, 8);
    let mut late = tail(&engine, 0);
    assert_eq!(late.records(1).await[0].sequence, 8);
    stored(&*engine, record("next")).await;
    assert_eq!(read.records(1).await[0].sequence, 21);
}

#[tokio::test]
async fn a_foreign_message_takes_its_place() {
    let Some(server) = Server::start() else {
        return;
    };
    let engine = server.engine().await;
    fill(&engine, 2).await;
    let epoch = bounds(&*engine).await.lineage.current();
    let client = server.client().await;
    let subject = format!("wellspring.{epoch}.none");
    client.request(subject, "hello".into()).await.unwrap();
    stored(&*engine, record("next")).await;
    let records = tail(&engine, 0).records(4).await;
    let texts: Vec<_> = records
        .iter()
        .map(|record| record.record.as_ref())
        .collect();
    assert_eq!(texts, [&b"0"[..], b"1", b"", b"next"]);
    assert_eq!(records[3].sequence, 4);
}

#[tokio::test]
async fn a_lease_of_a_stream_that_is_gone_is_new() {
    use wellspring_broker::{Lease, NodeId};
    let Some(server) = Server::start() else {
        return;
    };
    let engine = server.engine().await;
    let (node, ttl) = (NodeId::new(7), Duration::from_secs(60));
    engine.lease(node, ttl).await.unwrap();
    ask(&server, "STREAM.DELETE.wellspring-presence", json!({})).await;
    let mut renewed = engine.lease(node, ttl).await;
    if renewed.is_err() {
        renewed = engine.lease(node, ttl).await;
    }
    assert_eq!(renewed.unwrap().lease, Lease::New);
}
