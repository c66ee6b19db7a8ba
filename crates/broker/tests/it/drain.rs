//! The end of a node.

use std::time::Duration;

use super::support::*;
use wellspring_broker::{End, SubscribeError};

#[tokio::test(start_paused = true)]
async fn subscriptions_end_one_after_the_other() {
    let broker = broker().await;
    let mut subscriptions = Vec::new();
    for _ in 0..100 {
        subscriptions.push(broker.subscribe(wanted(&["*"])).await.unwrap());
    }
    let draining = tokio::spawn({
        let broker = broker.clone();
        async move { broker.drain(Duration::from_secs(10)).await }
    });
    tokio::time::sleep(Duration::from_secs(5)).await;
    let mut ended = 0;
    for subscription in &mut subscriptions {
        let _ = poll_once(subscription);
        ended += usize::from(subscription.end() == Some(End::Drained));
    }
    assert!((30..=99).contains(&ended), "{ended} of 100 half way");
    let refused = broker.subscribe(wanted(&["*"])).await.map(drop);
    assert_eq!(refused, Err(SubscribeError::Draining));
    draining.await.unwrap();
    for subscription in &mut subscriptions {
        assert_eq!(next(subscription).await, None);
    }
    assert_eq!(broker.stats().subscribers, 0);
    assert!(!broker.readiness().is_ready());
}

#[tokio::test]
async fn the_last_handle_ends_all() {
    let broker = broker().await;
    let mut subscription = broker.subscribe(wanted(&["*"])).await.unwrap();
    assert!(broker.readiness().is_ready());
    drop(broker);
    assert_eq!(next(&mut subscription).await, None);
    assert_eq!(subscription.end(), Some(End::Closed));
}
