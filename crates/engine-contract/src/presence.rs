//! Leases and members.

use std::sync::Arc;
use std::time::Duration;

use super::*;
use bytes::Bytes;
use wellspring_broker::{Engine, Lease, Member, NodeId};

/// A lease expires, is seen by others, and is given up by release alone.
pub async fn leases_expire(engine: Arc<dyn Engine>) {
    let [one, two] = [1, u64::MAX].map(NodeId::new);
    let long = Duration::from_secs(600);
    let first = engine.lease(one, long).await.unwrap();
    assert_eq!((first.lease, first.expired), (Lease::New, vec![]));
    assert_eq!(engine.lease(one, long).await.unwrap().lease, Lease::Renewed);
    engine.lease(two, Duration::from_millis(20)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(engine.lease(one, long).await.unwrap().expired, [two]);
    let late = engine.lease(two, long).await.unwrap();
    assert_eq!(late.lease, Lease::Renewed, "not released yet");
    assert_eq!(engine.lease(one, long).await.unwrap().expired, []);
    engine.release(two).await.unwrap();
    assert_eq!(engine.lease(two, long).await.unwrap().lease, Lease::New);
}

/// Members are put, replaced, removed and listed in order.
pub async fn members_are_kept(engine: Arc<dyn Engine>) {
    let [one, two] = [1, 2].map(NodeId::new);
    stored(&*engine, record("x")).await;
    for (node, name, text) in [
        (two, "b", "1"),
        (one, "z", "2"),
        (one, "a", "3"),
        (one, "z", "4"),
    ] {
        let bytes = Bytes::from_static(text.as_bytes());
        engine
            .member_put(node, name.to_owned(), bytes)
            .await
            .unwrap();
    }
    let member = |node, name: &str, text: &'static str| {
        Member::new(node, name.to_owned(), Bytes::from_static(text.as_bytes()))
    };
    let members = engine.members().await.unwrap();
    let expected = [
        member(one, "a", "3"),
        member(one, "z", "4"),
        member(two, "b", "1"),
    ];
    assert_eq!(
        (members.members.as_slice(), members.head),
        (&expected[..], 1)
    );
    engine.member_remove(one, "z").await.unwrap();
    engine.member_remove(one, "z").await.unwrap();
    engine.member_remove(two, "a").await.unwrap();
    let left = engine.members().await.unwrap().members;
    assert_eq!(left, [member(one, "a", "3"), member(two, "b", "1")]);
}
