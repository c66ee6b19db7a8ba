//! What the tests share.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_core::Stream;
use tokio::time::timeout;
use wellspring_broker::{
    Broker, BrokerOptions, Delivery, Epoch, MemoryEngine, Published, Selector, Subscribe,
    Subscription, Update,
};

/// Long enough for whatever comes to have come.
const PATIENCE: Duration = Duration::from_secs(21);

pub(crate) fn epoch() -> Epoch {
    Epoch::new(10)
}

pub(crate) fn engine() -> Arc<MemoryEngine> {
    Arc::new(MemoryEngine::with_epoch(epoch()))
}

pub(crate) async fn broker() -> Broker {
    broker_with(BrokerOptions::default()).await
}

pub(crate) async fn broker_with(options: BrokerOptions) -> Broker {
    Broker::open(engine(), options).await.unwrap()
}

pub(crate) fn selector(text: &str) -> Selector {
    Selector::parse(text).unwrap()
}

pub(crate) fn wanted(selectors: &[&str]) -> Subscribe {
    Subscribe::new(selectors.iter().map(|text| selector(text)))
}

pub(crate) fn update(topic: &str, data: &str) -> Update {
    Update::new(topic).unwrap().data(data)
}

pub(crate) async fn publish(broker: &Broker, topic: &str, data: &str) -> Published {
    let published = broker.publish(&update(topic, data), None).await.unwrap();
    assert!(broker.has_seen(&published, PATIENCE).await);
    published
}

/// The next delivery; none at the stream's end.
pub(crate) async fn next(subscription: &mut Subscription) -> Option<Delivery> {
    let next = poll_fn(|cx| Pin::new(&mut *subscription).poll_next(cx));
    timeout(PATIENCE, next).await.expect("something comes")
}

/// Whatever comes by itself, without anything to wait for.
pub(crate) async fn now(subscription: &mut Subscription) -> Option<Delivery> {
    let next = poll_fn(|cx| Pin::new(&mut *subscription).poll_next(cx));
    timeout(Duration::from_millis(50), next)
        .await
        .ok()
        .flatten()
}

/// What is there without waiting.
pub(crate) fn poll_once(subscription: &mut Subscription) -> Poll<Option<Delivery>> {
    let mut context = Context::from_waker(Waker::noop());
    Pin::new(subscription).poll_next(&mut context)
}

/// The bytes of one event, however many frames it comes in.
pub(crate) async fn event(subscription: &mut Subscription) -> String {
    let mut bytes = Vec::new();
    loop {
        match next(subscription).await {
            Some(Delivery::Frame(frame)) => bytes.extend_from_slice(&frame),
            other => panic!("{other:?} instead of a frame, {:?}", subscription.end()),
        }
        if !subscription.is_inside_event() {
            return String::from_utf8(bytes).unwrap();
        }
    }
}

/// The data of the next events.
pub(crate) async fn data(subscription: &mut Subscription, count: usize) -> Vec<String> {
    let mut all = Vec::new();
    for _ in 0..count {
        let event = event(subscription).await;
        let lines = event.lines().filter_map(|line| line.strip_prefix("data: "));
        all.push(lines.collect::<Vec<_>>().join("\n"));
    }
    all
}
