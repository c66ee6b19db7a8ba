//! Events of more than one frame.

use super::support::*;
use wellspring_broker::{Broker, BrokerOptions, Delivery, End, Retention, SLICE_BYTES, Start};

#[tokio::test]
async fn a_large_event_comes_in_slices_live_and_replayed() {
    let broker = broker_with(BrokerOptions::default().with_window(1, 1)).await;
    let mut live = broker.subscribe(wanted(&["*"])).await.unwrap();
    let sizes = [100_000, 10, 5_000, 70_000, 70_000, 1];
    for size in sizes {
        publish(&broker, "/news", &"x".repeat(size)).await;
    }
    let replayed = wanted(&["*"]).start(Start::Earliest);
    let mut replayed = broker.subscribe(replayed).await.unwrap();
    for size in sizes {
        for subscription in [&mut live, &mut replayed] {
            assert_eq!(data(subscription, 1).await, ["x".repeat(size)]);
        }
    }
}

async fn in_the_middle(broker: &Broker) -> wellspring_broker::Subscription {
    let mut subscription = broker.subscribe(wanted(&["*"])).await.unwrap();
    publish(broker, "/news", &"x".repeat(20_000)).await;
    let Some(Delivery::Frame(frame)) = next(&mut subscription).await else {
        panic!("a frame")
    };
    assert!(frame.len() == SLICE_BYTES && subscription.is_inside_event());
    assert_eq!(subscription.position(), None);
    subscription
}

#[tokio::test]
async fn an_event_that_has_left_the_memory_goes_on_from_the_history() {
    let broker = broker_with(BrokerOptions::default().with_window(1, 1)).await;
    let mut subscription = in_the_middle(&broker).await;
    publish(&broker, "/news", "next").await;
    let whole = "id: ~a.1.0000\ndata: \n\n".len() + 20_000;
    assert_eq!(event(&mut subscription).await.len(), whole - SLICE_BYTES);
    assert_eq!(data(&mut subscription, 1).await, ["next"]);
}

#[tokio::test]
async fn an_event_that_is_gone_ends_those_in_the_middle_of_it() {
    let retention = Retention::default().with_events(1);
    let options = BrokerOptions::default().with_retention(retention);
    let options = options.with_latest(0, 0);
    let broker = broker_with(options).await;
    let mut subscription = in_the_middle(&broker).await;
    publish(&broker, "/news", "next").await;
    // The horizon is told with the next sign of life.
    while broker.stats().horizon < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(next(&mut subscription).await, None);
    assert_eq!(subscription.end(), Some(End::CutShort));
}
