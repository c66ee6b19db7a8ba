//! Who is there.

use std::time::Duration;

use super::support::*;
use bytes::Bytes;
use wellspring_broker::{
    Broker, BrokerOptions, End, Engine, IdempotencyKey, Member, Presence, Start, Update,
};

fn departures(member: &Member) -> Vec<(Update, IdempotencyKey)> {
    let key = IdempotencyKey::new("gone", &member.name).unwrap();
    vec![(
        update("/presence", &format!("{} is gone", member.name)),
        key,
    )]
}

async fn names(presence: &Presence) -> Vec<String> {
    let (members, _) = presence.members().await.unwrap();
    members.into_iter().map(|member| member.name).collect()
}

#[tokio::test(start_paused = true)]
async fn members_come_and_go() {
    let broker = broker().await;
    let mut events = broker.subscribe(wanted(&["/presence"])).await.unwrap();
    let presence = broker.presence(departures).await.unwrap();
    presence.put("a", Bytes::from_static(b"1")).await.unwrap();
    presence.put("b", Bytes::from_static(b"2")).await.unwrap();
    assert_eq!(names(&presence).await, ["a", "b"]);
    presence.remove("a").await;
    presence.remove("a").await;
    assert_eq!(names(&presence).await, ["b"]);
    assert_eq!(data(&mut events, 1).await, ["a is gone"]);
    presence.finish().await;
    assert_eq!(data(&mut events, 1).await, ["b is gone"]);
    assert_eq!(now(&mut events).await, None, "each once");
}

#[tokio::test(start_paused = true)]
async fn a_dead_nodes_members_are_announced_once() {
    let engine = engine();
    let open = || Broker::open(engine.clone(), BrokerOptions::default());
    let (dead, first, second) = (
        open().await.unwrap(),
        open().await.unwrap(),
        open().await.unwrap(),
    );
    let of_dead = dead.presence(departures).await.unwrap();
    for name in ["a", "b", "c"] {
        of_dead.put(name, Bytes::new()).await.unwrap();
    }
    drop((of_dead, dead));
    let mut events = first.subscribe(wanted(&["*"])).await.unwrap();
    let _first = first.presence(departures).await.unwrap();
    let of_second = second.presence(departures).await.unwrap();
    assert_eq!(names(&of_second).await, ["a", "b", "c"]);
    let before = tokio::time::Instant::now();
    let mut gone = data(&mut events, 3).await;
    assert!(before.elapsed() <= Duration::from_secs(20));
    gone.sort();
    assert_eq!(gone, ["a is gone", "b is gone", "c is gone"]);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(now(&mut events).await, None, "each once");
    assert_eq!(names(&of_second).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_node_that_was_taken_for_dead_ends_its_streams() {
    let engine = engine();
    let broker = Broker::open(engine.clone(), BrokerOptions::default())
        .await
        .unwrap();
    let presence = broker.presence(departures).await.unwrap();
    let mut subscription = broker.subscribe(wanted(&["*"])).await.unwrap();
    let node = presence.node();
    engine.release(node).await.unwrap();
    assert_eq!(next(&mut subscription).await, None);
    assert_eq!(subscription.end(), Some(End::TakenForDead));
    assert_ne!(presence.node(), node);
    let again = wanted(&["*"]).start(Start::Earliest);
    assert!(broker.subscribe(again).await.is_ok());
}
