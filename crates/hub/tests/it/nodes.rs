//! Who is subscribed, on two nodes over one history.

use std::sync::Arc;
use std::time::Duration;

use http::Request;
use serde_json::Value;
use tokio::time::{Instant, sleep};
use wellspring_broker::{Engine, MemoryEngine, NodeId};
use wellspring_hub::Hub;

use crate::hub::{PATH, Reader, ask, bearer, hub_over, subscriber};

const EVENTS: &str = "topic=/.well-known/mercure/subscriptions{/topic}{/subscriber}";

async fn node(engine: &Arc<MemoryEngine>) -> Hub {
    let engine: Arc<dyn Engine> = engine.clone();
    hub_over(engine, |settings| {
        settings.subscriptions = true;
        settings.lifetime = None;
    })
    .await
}

async fn listed(hub: &Hub) -> Value {
    let request = Request::get(format!("{PATH}/subscriptions"));
    let request = request.header("authorization", bearer(&subscriber(&["*"])));
    ask(hub, request, "").await.json()
}

/// The topics of those who are there.
async fn topics(hub: &Hub) -> Vec<String> {
    let document = listed(hub).await;
    let all = document["subscriptions"].as_array().unwrap().iter();
    let mut topics: Vec<String> = all
        .map(|one| one["topic"].as_str().unwrap().to_owned())
        .collect();
    topics.sort();
    topics
}

/// Reads until so many are announced as gone, and gives their topics.
async fn gone(watcher: &mut Reader, count: usize) -> Vec<String> {
    loop {
        let data = watcher.data().into_iter();
        let data = data.map(|line| serde_json::from_str::<Value>(line).unwrap());
        let gone = data.filter(|one| one["active"] == false);
        let mut gone: Vec<String> = gone.map(|one| one["topic"].to_string()).collect();
        gone.sort();
        if gone.len() >= count {
            return gone;
        }
        watcher.frame().await.expect("more to come");
    }
}

#[tokio::test(start_paused = true)]
async fn every_node_answers_for_all() {
    let engine = Arc::new(MemoryEngine::new());
    let (one, two) = (node(&engine).await, node(&engine).await);
    let _a = Reader::get(&one, "topic=a").await;
    let b = Reader::get(&two, "topic=b").await;
    for hub in [&one, &two] {
        assert_eq!(topics(hub).await, ["a", "b"]);
    }
    // From the place of the list on, changes come as events, on any node.
    let place = listed(&one).await["lastEventID"].clone();
    let query = format!("{EVENTS}&lastEventID={}", place.as_str().unwrap());
    let mut watcher = Reader::with(&two, &query, &subscriber(&["*"])).await;
    drop(b);
    assert_eq!(gone(&mut watcher, 1).await, ["\"b\""]);
    let came = watcher.data().into_iter();
    let came: Vec<&str> = came
        .filter(|line| line.contains("\"active\":true"))
        .collect();
    assert_eq!(came.len(), 1, "its own only: {came:?}");
}

#[tokio::test(start_paused = true)]
async fn subscribers_of_a_dead_node_are_announced_as_gone_once() {
    let engine = Arc::new(MemoryEngine::new());
    let (one, two) = (node(&engine).await, node(&engine).await);
    let mut watcher = Reader::with(&two, EVENTS, &subscriber(&["*"])).await;
    let of_two = engine.members().await.unwrap().members[0].node;
    let held = [
        Reader::with(&one, "topic=a&topic=b&topic=a", &subscriber(&["*"])).await,
        Reader::get(&one, "match=c").await,
    ];
    // What a node leaves behind that is killed right after it has renewed its lease.
    let dead = NodeId::new(7);
    for member in engine.members().await.unwrap().members {
        if member.node != of_two {
            let name = member.name.replace("urn:uuid:", "urn:uuid:dead-");
            engine.member_put(dead, name, member.bytes).await.unwrap();
        }
    }
    drop(held);
    assert_eq!(gone(&mut watcher, 2).await, ["\"a\"", "\"b\""]);
    engine.lease(dead, Duration::from_secs(15)).await.unwrap();
    let died = Instant::now();
    let all = gone(&mut watcher, 4).await;
    assert_eq!(all, ["\"a\"", "\"a\"", "\"b\"", "\"b\""]);
    assert!(died.elapsed() <= Duration::from_secs(20), "{died:?}");
    sleep(Duration::from_secs(60)).await;
    assert_eq!(topics(&two).await.len(), 1, "the watcher");
    watcher.frame().await.unwrap();
    assert_eq!(gone(&mut watcher, 4).await.len(), 4, "each once");
}

#[tokio::test(start_paused = true)]
async fn a_node_that_was_taken_for_dead_begins_anew() {
    let engine = Arc::new(MemoryEngine::new());
    let hub = node(&engine).await;
    let mut reader = Reader::get(&hub, "topic=a").await;
    let node = engine.members().await.unwrap().members[0].node;
    engine.release(node).await.unwrap();
    reader.rest().await;
    drop(reader);
    let mut again = Reader::get(&hub, "topic=b").await;
    again.until("id: ").await;
    sleep(Duration::from_secs(40)).await;
    assert_eq!(topics(&hub).await, ["b"]);
}

#[tokio::test(start_paused = true)]
async fn a_hub_that_ends_in_good_order_leaves_nobody_behind() {
    let engine = Arc::new(MemoryEngine::new());
    let (one, two) = (node(&engine).await, node(&engine).await);
    let held = Reader::with(&one, "topic=a", &subscriber(&["*"])).await;
    let mut watcher = Reader::with(&two, EVENTS, &subscriber(&["*"])).await;
    one.finish().await;
    assert_eq!(topics(&two).await.len(), 1);
    assert_eq!(gone(&mut watcher, 1).await, ["\"a\""]);
    drop(held);
    let leases = engine.lease(NodeId::new(7), Duration::from_secs(15)).await;
    assert_eq!(leases.unwrap().expired, []);
}
