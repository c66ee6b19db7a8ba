//! Who gets what, live.

use super::support::*;
use wellspring_broker::Start;

#[tokio::test]
async fn each_gets_what_it_wants_in_order() {
    let broker = broker().await;
    let mut books = broker.subscribe(wanted(&["/books/{id}"])).await.unwrap();
    let mut both = wanted(&["/books/7", "/news", "/books/{id}"]);
    both = both.start(Start::Live);
    let mut both = broker.subscribe(both).await.unwrap();
    for (topic, data) in [
        ("/books/7", "a"),
        ("/news", "b"),
        ("/other", "c"),
        ("/books/8", "d"),
    ] {
        publish(&broker, topic, data).await;
    }
    assert_eq!(data(&mut books, 2).await, ["a", "d"]);
    assert_eq!(data(&mut both, 3).await, ["a", "b", "d"], "each once");
    assert_eq!(now(&mut both).await, None);
    assert_eq!(broker.stats().selectors, 3);
    drop((books, both));
    let stats = broker.stats();
    assert_eq!(
        (stats.selectors, stats.subscribers, stats.joined),
        (0, 0, 2)
    );
}

#[tokio::test]
async fn a_private_event_is_for_those_with_a_grant() {
    let broker = broker().await;
    let mut without = broker.subscribe(wanted(&["*"])).await.unwrap();
    let of = |user: &str| wanted(&["*"]).grants([selector(&format!("/users/{user}/{{x}}"))]);
    let mut alice = broker.subscribe(of("alice")).await.unwrap();
    let mut bob = broker.subscribe(of("bob")).await.unwrap();
    let secret = update("/orders/7", "secret")
        .alternate("/users/alice/orders")
        .unwrap();
    broker.publish(&secret.private(true), None).await.unwrap();
    publish(&broker, "/news", "public").await;
    assert_eq!(data(&mut alice, 2).await, ["secret", "public"]);
    assert_eq!(data(&mut bob, 1).await, ["public"]);
    assert_eq!(data(&mut without, 1).await, ["public"]);
    let first = |who: wellspring_broker::Subscribe| who.start(Start::Earliest);
    let mut replayed = broker.subscribe(first(of("alice"))).await.unwrap();
    assert_eq!(data(&mut replayed, 2).await, ["secret", "public"]);
    let mut replayed = broker.subscribe(first(of("bob"))).await.unwrap();
    assert_eq!(data(&mut replayed, 1).await, ["public"]);
}

#[tokio::test]
async fn a_grant_without_a_wish_is_no_subscription() {
    let broker = broker().await;
    let wanted = wanted(&["/news"]).grants([selector("*")]);
    let mut subscription = broker.subscribe(wanted).await.unwrap();
    let private = update("/orders/7", "secret").private(true);
    broker.publish(&private, None).await.unwrap();
    publish(&broker, "/news", "public").await;
    assert_eq!(data(&mut subscription, 1).await, ["public"]);
}

#[tokio::test]
async fn a_position_moves_past_what_is_not_wanted() {
    let broker = broker().await;
    let mut subscription = broker.subscribe(wanted(&["/news"])).await.unwrap();
    assert_eq!(now(&mut subscription).await, None);
    let last = publish(&broker, "/other", "x").await;
    assert_eq!(subscription.position(), Some(last.cursor));
    let resumed = wanted(&["/news"]).start(Start::After(last.cursor.to_string()));
    let resumed = broker.subscribe(resumed).await.unwrap();
    assert!(resumed.resume().unwrap().is_found());
}
