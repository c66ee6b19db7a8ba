//! Who is there, on one node and on two.

use std::sync::Arc;
use std::time::Duration;

use super::away::Away;
use super::support::*;
use bytes::Bytes;
use tokio::time::{Instant, sleep};
use wellspring_broker::{
    Announcements, Broker, BrokerOptions, End, Engine, IdempotencyKey, Member, Presence, Retention,
    Start, Subscription, Update,
};

struct Words;

fn announced(member: &Member, word: &str) -> Vec<(Update, IdempotencyKey)> {
    let text = format!("{} is {word}", member.name);
    let key = IdempotencyKey::new(word, &member.name).unwrap();
    vec![(update("/presence", &text), key)]
}

impl Announcements for Words {
    fn arrival(&self, member: &Member) -> Vec<(Update, IdempotencyKey)> {
        announced(member, "here")
    }

    fn departure(&self, member: &Member) -> Vec<(Update, IdempotencyKey)> {
        announced(member, "gone")
    }
}

/// A node, and its members.
async fn node(engine: Arc<dyn Engine>) -> (Broker, Presence) {
    let broker = Broker::open(engine, BrokerOptions::default())
        .await
        .unwrap();
    let presence = broker.presence(Words).await.unwrap();
    (broker, presence)
}

async fn enter(presence: &Presence, names: &[&str]) {
    for name in names {
        presence.enter(name, Bytes::from_static(b"1")).await;
    }
}

async fn names(presence: &Presence) -> Vec<String> {
    let (members, _) = presence.members().await.unwrap();
    members.into_iter().map(|member| member.name).collect()
}

async fn watch(broker: &Broker) -> Subscription {
    broker.subscribe(wanted(&["/presence"])).await.unwrap()
}

async fn sorted(events: &mut Subscription, count: usize) -> Vec<String> {
    let mut all = data(events, count).await;
    all.sort();
    all
}

#[tokio::test(start_paused = true)]
async fn members_come_and_go() {
    let (broker, presence) = node(engine()).await;
    let mut events = watch(&broker).await;
    enter(&presence, &["a", "b", "a"]).await;
    assert_eq!(data(&mut events, 2).await, ["a is here", "b is here"]);
    let (members, cursor) = presence.members().await.unwrap();
    assert_eq!(members.len(), 2);
    assert_eq!((&*members[0].bytes, cursor), (&b"1"[..], broker.cursor()));
    presence.leave("a");
    presence.leave("a");
    assert_eq!(data(&mut events, 1).await, ["a is gone"]);
    assert_eq!(names(&presence).await, ["b"]);
    presence.finish().await;
    assert_eq!(data(&mut events, 1).await, ["b is gone"]);
    enter(&presence, &["c"]).await;
    assert_eq!(names(&presence).await, [""; 0]);
    assert_eq!(now(&mut events).await, None, "each once");
}

#[tokio::test(start_paused = true)]
async fn a_dead_nodes_members_are_announced_once() {
    let engine = engine();
    let dead = node(engine.clone()).await;
    let (first, of_first) = node(engine.clone()).await;
    let (_second, of_second) = node(engine.clone()).await;
    let mut events = watch(&first).await;
    enter(&dead.1, &["a", "b", "c"]).await;
    enter(&of_second, &["d"]).await;
    data(&mut events, 4).await;
    sleep(Duration::from_secs(7)).await;
    drop(dead);
    for presence in [&of_first, &of_second] {
        assert_eq!(names(presence).await.len(), 4, "those of all nodes");
    }
    let before = Instant::now();
    let gone = sorted(&mut events, 3).await;
    assert!(before.elapsed() <= Duration::from_secs(20));
    assert_eq!(gone, ["a is gone", "b is gone", "c is gone"]);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(now(&mut events).await, None, "each once");
    assert_eq!(names(&of_second).await, ["d"]);
}

#[tokio::test(start_paused = true)]
async fn what_a_dead_node_left_half_done_is_done_to_its_end() {
    let engine = Away::new(engine());
    let dead = node(engine.clone()).await;
    let (broker, presence) = node(engine.clone()).await;
    let mut events = watch(&broker).await;
    enter(&dead.1, &["a", "b"]).await;
    data(&mut events, 2).await;
    engine.set(true);
    dead.1.leave("a");
    sleep(Duration::from_secs(1)).await;
    engine.set(false);
    drop(dead);
    assert_eq!(sorted(&mut events, 2).await, ["a is gone", "b is gone"]);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(now(&mut events).await, None);
    assert_eq!(names(&presence).await, [""; 0]);
}

/// Who asks for the list and follows from its cursor on knows who is there at any time.
#[tokio::test(start_paused = true)]
async fn a_list_and_what_follows_it_fit_together() {
    let engine = Away::new(engine());
    engine.remove_slowly();
    let (broker, presence) = node(engine).await;
    let mut events = watch(&broker).await;
    enter(&presence, &["a", "b"]).await;
    let (first, _) = presence.members().await.unwrap();
    // The departure is published, and the member not removed yet.
    presence.leave("a");
    data(&mut events, 3).await;
    let (second, cursor) = presence.members().await.unwrap();
    assert_eq!((first.len(), second.len()), (2, 1));
    let follows = wanted(&["/presence"]).start(Start::After(cursor.to_string()));
    let mut follows = broker.subscribe(follows).await.unwrap();
    assert_eq!(now(&mut follows).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_node_that_was_taken_for_dead_ends_its_streams() {
    let engine = engine();
    let (broker, presence) = node(engine.clone()).await;
    let (other, of_other) = node(engine.clone()).await;
    let mut events = watch(&other).await;
    enter(&presence, &["a"]).await;
    let mut subscription = broker.subscribe(wanted(&["*"])).await.unwrap();
    let node = presence.node();
    engine.release(node).await.unwrap();
    assert_eq!(next(&mut subscription).await, None);
    assert_eq!(subscription.end(), Some(End::TakenForDead));
    assert_ne!(presence.node(), node);
    // What the other nodes did not see under the old name is found when that expires.
    presence.leave("a");
    enter(&presence, &["b"]).await;
    sleep(Duration::from_secs(20)).await;
    assert_eq!(
        sorted(&mut events, 3).await,
        ["a is gone", "a is here", "b is here"]
    );
    sleep(Duration::from_secs(60)).await;
    assert_eq!(names(&of_other).await, ["b"]);
    assert_eq!(now(&mut events).await, None);
    let mut again = broker.subscribe(wanted(&["*"])).await.unwrap();
    assert_eq!(now(&mut again).await, None);
    assert_eq!(again.end(), None);
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_was_away_makes_nobody_dead() {
    let engine = Away::new(engine());
    let (first, of_first) = node(engine.clone()).await;
    let (second, of_second) = node(engine.clone()).await;
    let mut events = watch(&first).await;
    enter(&of_first, &["a"]).await;
    enter(&of_second, &["b"]).await;
    data(&mut events, 2).await;
    engine.set(true);
    sleep(Duration::from_secs(40)).await;
    enter(&of_second, &["c"]).await;
    of_first.leave("a");
    engine.set(false);
    assert_eq!(sorted(&mut events, 2).await, ["a is gone", "c is here"]);
    sleep(Duration::from_secs(60)).await;
    assert_eq!(now(&mut events).await, None);
    assert_eq!(names(&of_first).await, ["b", "c"]);
    let subscription = second.subscribe(wanted(&["*"])).await.unwrap();
    assert_eq!(subscription.end(), None);
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_members_does_not_push_events_out() {
    let options = BrokerOptions::default()
        .with_retention(Retention::default().with_events(1_000))
        .with_presence_rate(10);
    let broker = Broker::open(engine(), options).await.unwrap();
    for n in 0..800 {
        publish(&broker, "/kept", &n.to_string()).await;
    }
    let presence = broker.presence(Words).await.unwrap();
    let storm: Vec<String> = (0..500).map(|n| format!("{n:03}")).collect();
    for name in &storm {
        presence.enter(name, Bytes::new()).await;
    }
    assert_eq!(names(&presence).await, storm, "the list has them all");
    assert_eq!(broker.stats().presence_held, 450, "two events each");
    assert_eq!(broker.stats().head, 850);
    sleep(Duration::from_millis(10_500)).await;
    assert_eq!(broker.stats().presence_held, 400, "the oldest first");
    for name in storm.iter().rev() {
        presence.leave(name);
    }
    sleep(Duration::from_secs(60)).await;
    assert_eq!(names(&presence).await, [""; 0]);
    let stats = broker.stats();
    assert_eq!(
        (stats.head, stats.presence_held),
        (1_000, 0),
        "100 came and went, the others without an event"
    );
    assert_eq!(stats.horizon, 1, "all that was published is still there");
    let all = wanted(&["/presence"]).start(Start::Earliest);
    let mut events = broker.subscribe(all).await.unwrap();
    let events = data(&mut events, 200).await;
    assert_eq!(events[..50].last().unwrap(), "049 is here");
    let mut gone: Vec<&str> = events[100..].iter().map(|text| &text[..3]).collect();
    gone.sort_unstable();
    let came: Vec<&str> = events[..100].iter().map(|text| &text[..3]).collect();
    assert_eq!(came, gone);
}
