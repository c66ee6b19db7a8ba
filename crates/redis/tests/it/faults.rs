//! Servers that die, freeze, forget and fail over, while records are appended all the while.
//!
//! Next: `witness.rs`, which judges; `relay.rs`.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use wellspring_broker::{AppendOutcome, Engine, Refusal, TailItem};
use wellspring_engine_contract::{Tail, bounds, page, record, stored};
use wellspring_redis::RedisOptions;

use crate::relay::Relay;
use crate::server::Server;
use crate::server_or_return;
use crate::witness::Witness;

#[tokio::test]
async fn what_was_answered_for_outlives_kills() {
    let mut server = server_or_return!();
    let witness = Witness::begin(Arc::new(server.engine().await));
    for _ in 0..4 {
        witness.goes_on(200).await;
        server.kill();
        sleep(Duration::from_millis(100)).await;
        server.start_again();
    }
    witness.goes_on(200).await;
    let verdict = witness.end().await;
    assert_eq!((verdict.lost, verdict.gone), (0, 0), "{verdict:?}");
    assert!(
        verdict.answered > 1_000 && verdict.epochs == 4,
        "{verdict:?}"
    );
}

#[tokio::test]
async fn a_frozen_server_is_noticed_and_nothing_comes_twice() {
    let server = server_or_return!();
    let witness = Witness::begin(Arc::new(server.engine().await));
    for _ in 0..2 {
        witness.goes_on(100).await;
        let (stalled, began) = (witness.stalled(), Instant::now());
        server.signal("STOP");
        while witness.stalled() == stalled {
            assert!(began.elapsed() < Duration::from_secs(4), "nobody noticed");
            sleep(Duration::from_millis(10)).await;
        }
        // Appends are given up, and asked for again.
        sleep(Duration::from_secs(4)).await;
        server.signal("CONT");
    }
    witness.goes_on(100).await;
    let verdict = witness.end().await;
    assert_eq!(
        (verdict.lost, verdict.gone, verdict.epochs),
        (0, 0, 0),
        "{verdict:?}"
    );
    assert!(verdict.in_doubt > 0, "{verdict:?}");
}

#[tokio::test]
async fn a_history_that_is_wiped_is_another_one() {
    let server = server_or_return!();
    let witness = Witness::begin(Arc::new(server.engine().await));
    for round in 1..=3 {
        witness.goes_on(200).await;
        let _: () = server.run(&["FLUSHALL"]).await.unwrap();
        while witness.rewritten() < round {
            sleep(Duration::from_millis(5)).await;
        }
    }
    witness.goes_on(200).await;
    let verdict = witness.end().await;
    assert!(verdict.lost > 500 && verdict.epochs == 3, "{verdict:?}");
    assert!(verdict.gone > 500, "{verdict:?}");
}

/// The replica stops following while the primary goes on: what is appended in between is lost with it.
#[tokio::test]
async fn a_failover_that_loses_the_tail_begins_an_epoch() {
    let (primary, replica) = (server_or_return!(), server_or_return!());
    let port = primary.port().to_string();
    let _: () = replica
        .run(&["REPLICAOF", "127.0.0.1", &port])
        .await
        .unwrap();
    let relay = Relay::to(primary.port()).await;
    let url = format!("redis://127.0.0.1:{}", relay.port);
    let engine = RedisOptions::parse(&url).unwrap().open().await.unwrap();
    let witness = Witness::begin(Arc::new(engine));
    witness.goes_on(200).await;
    replica.until_it_follows().await;
    witness.goes_on(200).await;
    let before = witness.answered();
    let _: () = replica.run(&["REPLICAOF", "NO", "ONE"]).await.unwrap();
    witness.goes_on(100).await;
    drop(primary);
    let after = witness.answered();
    relay.lead_to(replica.port());
    witness.goes_on(200).await;
    let verdict = witness.end().await;
    assert_eq!(verdict.epochs, 1, "{verdict:?}");
    // What was under way when it was counted may be on either side.
    let most = after - before + 32;
    let lost = usize::try_from(verdict.lost).unwrap();
    for gone in [lost, verdict.gone] {
        assert!(
            (60..=most).contains(&gone),
            "only the tail is lost, {most}: {verdict:?}"
        );
    }
}

/// The stream alone is deleted: numbers go on behind what was there, and what is gone is told by the horizon.
#[tokio::test]
async fn a_stream_that_is_deleted_goes_on_behind_its_end() {
    let server = server_or_return!();
    let engine: Arc<dyn Engine> = Arc::new(server.engine().await);
    for text in ["a", "b", "c"] {
        stored(&*engine, record(text)).await;
    }
    let before = bounds(&*engine).await;
    let _: () = server.run(&["DEL", "{wellspring}:stream"]).await.unwrap();
    let after = bounds(&*engine).await;
    assert_eq!(
        (after.horizon, after.head, after.head_tag),
        (4, 3, before.head_tag)
    );
    assert_eq!(
        (after.trimmed_tag, &after.lineage),
        (Some(before.head_tag), &before.lineage)
    );
    assert_eq!(stored(&*engine, record("d")).await.sequence, 4);
    let page = page(&*engine, 1, wellspring_engine_contract::all()).await;
    assert_eq!((page.horizon, page.records.len()), (4, 1));
}

#[tokio::test]
async fn a_primary_that_becomes_a_replica_is_left() {
    let server = server_or_return!();
    let engine: Arc<dyn Engine> = Arc::new(server.engine().await);
    stored(&*engine, record("a")).await;
    let mut tail = Tail::new(&engine, 0);
    tail.records(1).await;
    let other = server_or_return!();
    let port = other.port().to_string();
    let _: () = server
        .run(&["REPLICAOF", "127.0.0.1", &port])
        .await
        .unwrap();
    let says = loop {
        if let TailItem::Stalled(says) = tail.item().await
            && says.contains("replica")
        {
            break says;
        }
    };
    assert!(says.contains("name the primary"), "{says}");
    let epoch = wellspring_broker::Epoch::new(1);
    let outcome = engine.append(epoch, vec![record("b")]).await.remove(0);
    let AppendOutcome::Refused(Refusal::Unavailable { reason, .. }) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(reason.contains("replica"), "{reason}");
    server.until_it_follows().await;
    let _: () = server.run(&["REPLICAOF", "NO", "ONE"]).await.unwrap();
    let rewritten = loop {
        if let TailItem::Rewritten(bounds) = tail.item().await {
            break bounds;
        }
    };
    assert_eq!(rewritten.head, 0, "the other server had no history");
}

#[tokio::test]
async fn a_backup_that_is_restored_is_noticed() {
    let mut server = server_or_return!("--save", "", "--appendonly", "no");
    let engine: Arc<dyn Engine> = Arc::new(server.engine().await);
    for text in ["a", "b", "c"] {
        stored(&*engine, record(text)).await;
    }
    let _: () = server.run(&["SAVE"]).await.unwrap();
    for text in ["d", "e"] {
        stored(&*engine, record(text)).await;
    }
    let mut tail = Tail::new(&engine, 0);
    tail.records(5).await;
    let before = bounds(&*engine).await.lineage.current();
    server.kill();
    server.start_again();
    let rewritten = loop {
        if let TailItem::Rewritten(bounds) = tail.item().await {
            break bounds;
        }
    };
    assert_eq!(
        (rewritten.head, rewritten.lineage.valid_until(before)),
        (3, Some(3))
    );
    let epoch = rewritten.lineage.current();
    let next = record("f");
    let outcome = loop {
        // The first finds that its connection is gone.
        match engine.append(epoch, vec![next.clone()]).await.remove(0) {
            AppendOutcome::InDoubt => {}
            outcome => break outcome,
        }
    };
    assert!(matches!(outcome, AppendOutcome::Appended(receipt) if receipt.sequence == 4));
    assert_eq!(tail.records(1).await[0].record.as_ref(), b"f");
}

#[tokio::test]
async fn a_server_without_room_refuses_and_reads_on() {
    let server = server_or_return!();
    let engine: Arc<dyn Engine> = Arc::new(server.engine().await);
    stored(&*engine, record("a")).await;
    let _: () = server
        .run(&["CONFIG", "SET", "maxmemory", "1mb"])
        .await
        .unwrap();
    let epoch = bounds(&*engine).await.lineage.current();
    let outcome = engine.append(epoch, vec![record("b")]).await.remove(0);
    let AppendOutcome::Refused(Refusal::Unavailable { reason, .. }) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(
        reason.contains("has no memory left: raise maxmemory"),
        "{reason}"
    );
    assert_eq!(Tail::new(&engine, 0).records(1).await.len(), 1);
    // Another node may come, to read.
    let other = server.engine().await;
    assert_eq!(bounds(&other).await.head, 1);
    let _: () = server
        .run(&["CONFIG", "SET", "maxmemory", "0"])
        .await
        .unwrap();
    assert_eq!(stored(&*engine, record("b")).await.sequence, 2);
}

#[tokio::test]
async fn scripts_that_the_server_forgot_are_given_again() {
    let server: Server = server_or_return!();
    let engine = server.engine().await;
    stored(&engine, record("a")).await;
    let _: () = server.run(&["SCRIPT", "FLUSH"]).await.unwrap();
    assert_eq!(stored(&engine, record("b")).await.sequence, 2);
}
