//! What becomes of a publish.

use std::sync::Arc;
use std::time::Duration;

use super::support::*;
use wellspring_broker::{
    Broker, BrokerOptions, Cursor, IdempotencyKey, MemoryEngine, PublishError, Update, UpdateError,
};

fn key(text: &str) -> Option<IdempotencyKey> {
    Some(IdempotencyKey::new("issuer alice", text).unwrap())
}

#[tokio::test]
async fn a_key_makes_two_publishes_one() {
    let broker = broker().await;
    let order = update("/orders", "7");
    let first = broker.publish(&order, key("k")).await.unwrap();
    let again = broker.publish(&order, key("k")).await.unwrap();
    assert_eq!(
        (again.id.as_str(), again.cursor),
        (first.id.as_str(), first.cursor)
    );
    assert!(again.duplicate && !first.duplicate);
    let other = broker.publish(&update("/orders", "8"), key("k")).await;
    assert_eq!(other, Err(PublishError::Conflict));
    let bob = IdempotencyKey::new("issuer bob", "k").ok();
    let of_bob = broker.publish(&order, bob).await.unwrap();
    assert_eq!(of_bob.cursor.sequence, 2);
    let stats = broker.stats();
    assert_eq!(
        (stats.published, stats.duplicates, stats.refused),
        (2, 1, 1)
    );
}

#[tokio::test]
async fn a_key_is_forgotten_after_its_window() {
    let engine = MemoryEngine::new().with_key_window(Duration::ZERO);
    let broker = Broker::open(Arc::new(engine), BrokerOptions::default())
        .await
        .unwrap();
    let first = broker
        .publish(&update("/orders", "7"), key("k"))
        .await
        .unwrap();
    let second = broker
        .publish(&update("/orders", "8"), key("k"))
        .await
        .unwrap();
    assert_ne!(first.cursor, second.cursor);
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let broker = broker_with(BrokerOptions::default().with_publish_limit(100)).await;
    let large = update("/news", &"x".repeat(100));
    let refused = broker.publish(&large, None).await;
    assert_eq!(refused, Err(PublishError::TooLarge { limit: 100 }));
}

#[tokio::test]
async fn an_id_is_the_publishers_or_a_cursor() {
    let broker = broker().await;
    let named = update("/news", "x").id("mine").unwrap();
    assert_eq!(broker.publish(&named, None).await.unwrap().id, "mine");
    let own = broker.publish(&update("/news", "x"), None).await.unwrap();
    assert_eq!(own.id.parse(), Ok(own.cursor));
}

#[test]
fn reserved_ids_are_refused() {
    let with = |id: &str| Update::new("t").unwrap().id(id).map(drop);
    let cursor = Cursor::new(epoch(), 7, 9).to_string();
    for id in ["#", "#x", cursor.as_str()] {
        assert_eq!(with(id), Err(UpdateError::ReservedId), "{id}");
    }
    assert_eq!(with(""), Err(UpdateError::IdLength));
    assert_eq!(with(&"x".repeat(1_025)), Err(UpdateError::IdLength));
    assert!(matches!(with("a\nb"), Err(UpdateError::Field(_))));
    for id in ["a#", "~", "~x", "urn:uuid:7", &"x".repeat(1_024)] {
        assert_eq!(with(id), Ok(()), "{id}");
    }
}

#[test]
fn topics_have_limits() {
    let long = "x".repeat(4_097);
    assert_eq!(Update::new(long).map(drop), Err(UpdateError::TopicTooLong));
    let mut update = Update::new("0").unwrap();
    for number in 1..1_000 {
        update = update.alternate(number.to_string()).unwrap();
    }
    let one_more = update.alternate("x").map(drop);
    assert_eq!(one_more, Err(UpdateError::TooManyTopics));
}
