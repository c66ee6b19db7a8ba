//! What becomes of a place that a client brings.

use std::time::Duration;

use super::support::*;
use wellspring_broker::{
    Broker, BrokerOptions, Cursor, Delivery, Engine, Epoch, GapReason, OnLag, Resume, Retention,
    Start, SubscribeError, Subscription,
};

async fn after(broker: &Broker, id: impl ToString) -> Subscription {
    let wanted = wanted(&["*"]).start(Start::After(id.to_string()));
    broker.subscribe(wanted).await.unwrap()
}

/// Of which the last four are kept.
async fn ten_published() -> (Broker, Vec<Cursor>) {
    let retention = Retention::default().with_events(4);
    let options = BrokerOptions::default().with_retention(retention);
    let options = options.with_ahead_patience(Duration::from_millis(20));
    let broker = broker_with(options).await;
    let mut cursors = vec![Cursor::new(epoch(), 0, 0)];
    for number in 1..=10 {
        let published = publish(&broker, "/news", &number.to_string()).await;
        cursors.push(published.cursor);
    }
    (broker, cursors)
}

#[tokio::test]
async fn all_outcomes_of_a_cursor() {
    let (broker, cursors) = ten_published().await;
    let mistagged = |sequence: usize| Cursor {
        tag: cursors[sequence].tag ^ 1,
        ..cursors[sequence]
    };
    let elsewhere = Cursor::new(Epoch::new(11), 8, 0);
    let ahead = Cursor::new(epoch(), 11, 0);
    let cases = [
        (cursors[10], Resume::Found, None),
        (cursors[8], Resume::Found, Some("9")),
        (cursors[6], Resume::Found, Some("7")),
        (cursors[5], Resume::Expired { missed: 1 }, Some("7")),
        (cursors[0], Resume::Expired { missed: 6 }, Some("7")),
        (mistagged(6), Resume::NeverExisted, Some("7")),
        (mistagged(8), Resume::NeverExisted, Some("7")),
        (elsewhere, Resume::OtherEpoch, Some("7")),
        (ahead, Resume::NeverExisted, Some("7")),
    ];
    for (cursor, outcome, first) in cases {
        let mut subscription = after(&broker, cursor).await;
        assert_eq!(subscription.resume(), Some(outcome), "{cursor}");
        match first {
            Some(first) => assert_eq!(data(&mut subscription, 1).await, [first], "{cursor}"),
            None => assert_eq!(now(&mut subscription).await, None),
        }
    }
    assert_eq!(
        after(&broker, "whatever").await.resume(),
        Some(Resume::Unknown)
    );
}

#[tokio::test]
async fn a_publishers_id_means_its_earliest_occurrence() {
    let broker = broker().await;
    for (id, text) in [("a", "1"), ("b", "2"), ("a", "3")] {
        let update = update("/news", text).id(id).unwrap();
        let published = broker.publish(&update, None).await.unwrap();
        assert!(broker.has_seen(&published, Duration::from_secs(9)).await);
    }
    let mut subscription = after(&broker, "a").await;
    assert_eq!(subscription.resume(), Some(Resume::Found));
    assert_eq!(data(&mut subscription, 2).await, ["2", "3"]);
    assert_eq!(after(&broker, "c").await.resume(), Some(Resume::Unknown));
}

#[tokio::test]
async fn the_place_before_anything_is_found() {
    let broker = broker().await;
    let before = broker.cursor();
    assert_eq!(before, Cursor::new(epoch(), 0, 0));
    publish(&broker, "/news", "1").await;
    let mut subscription = after(&broker, before).await;
    assert_eq!(subscription.resume(), Some(Resume::Found));
    assert_eq!(data(&mut subscription, 1).await, ["1"]);
}

#[tokio::test]
async fn replay_meets_live() {
    let broker = broker_with(BrokerOptions::default().with_window(8, 1 << 20)).await;
    for number in 1..=2_000 {
        let topic = if number % 2 == 0 { "/even" } else { "/odd" };
        publish(&broker, topic, &number.to_string()).await;
    }
    let wanted = wanted(&["/even"]).start(Start::Earliest);
    let mut subscription = broker.subscribe(wanted).await.unwrap();
    for number in 1..=1_000 {
        assert_eq!(data(&mut subscription, 1).await, [(number * 2).to_string()]);
        publish(&broker, "/even", &(2_000 + number * 2).to_string()).await;
    }
    for number in 1_001..=2_000 {
        assert_eq!(data(&mut subscription, 1).await, [(number * 2).to_string()]);
    }
    assert_eq!(now(&mut subscription).await, None);
}

#[tokio::test]
async fn who_is_too_slow_is_ended_or_told() {
    let (broker, _) = ten_published().await;
    let lagging = wanted(&["/news"]);
    let mut ended = broker.subscribe(lagging.clone()).await.unwrap();
    let mut told = broker.subscribe(lagging.on_lag(OnLag::Gap)).await.unwrap();
    let mut idle = broker.subscribe(wanted(&["/other"])).await.unwrap();
    for subscription in [&mut ended, &mut told, &mut idle] {
        assert_eq!(now(subscription).await, None);
    }
    for number in 11..=20 {
        publish(&broker, "/news", &number.to_string()).await;
    }
    assert_eq!(next(&mut ended).await, None);
    assert_eq!(ended.end(), Some(wellspring_broker::End::Lagged));
    let Some(Delivery::Gap(gap)) = next(&mut told).await else {
        panic!("a gap")
    };
    assert_eq!((gap.reason, gap.missed), (GapReason::Lagged, Some(6)));
    assert_eq!(
        after(&broker, gap.after).await.resume(),
        Some(Resume::Found)
    );
    assert_eq!(data(&mut told, 4).await, ["17", "18", "19", "20"]);
    publish(&broker, "/other", "21").await;
    assert_eq!(
        data(&mut idle, 1).await,
        ["21"],
        "it was owed nothing before"
    );
    assert_eq!(broker.stats().gaps, 2);
}

#[tokio::test]
async fn who_is_too_slow_may_get_the_latest_of_each_topic() {
    let retention = Retention::default().with_events(4);
    let broker = broker_with(BrokerOptions::default().with_retention(retention)).await;
    let slow = wanted(&["/{x}"]).on_lag(OnLag::Latest);
    let mut slow = broker.subscribe(slow).await.unwrap();
    assert_eq!(now(&mut slow).await, None);
    for number in 1..=40 {
        let topic = ["/a", "/b", "/c", "other"][number % 4];
        publish(&broker, topic, &number.to_string()).await;
    }
    // The newest four have a, b and c again.
    publish(&broker, "/b", &"x".repeat(9_000)).await;
    for number in 42..=45 {
        publish(&broker, "/a", &number.to_string()).await;
    }
    while broker.stats().horizon < 42 {
        tokio::task::yield_now().await;
    }
    let Some(Delivery::Gap(gap)) = next(&mut slow).await else {
        panic!("a gap")
    };
    assert_eq!(gap.missed, Some(41));
    let missed = data(&mut slow, 3).await;
    assert_eq!(missed, ["38", "40", &"x".repeat(9_000)]);
    assert_eq!(data(&mut slow, 4).await, ["42", "43", "44", "45"]);
    assert_eq!((now(&mut slow).await, broker.stats().gaps), (None, 1));
}

#[tokio::test]
async fn a_lost_tail_is_told() {
    let engine = engine();
    let options = BrokerOptions::default();
    let broker = Broker::open(engine.clone(), options).await.unwrap();
    let mut had_all = broker.subscribe(wanted(&["*"])).await.unwrap();
    let mut had_three = broker.subscribe(wanted(&["*"])).await.unwrap();
    let mut cursors = Vec::new();
    for number in 1..=5 {
        let published = publish(&broker, "/news", &number.to_string()).await;
        cursors.push(published.cursor);
    }
    assert_eq!(data(&mut had_all, 5).await, ["1", "2", "3", "4", "5"]);
    assert_eq!(data(&mut had_three, 3).await, ["1", "2", "3"]);
    engine.fence(epoch(), 3).await.unwrap();
    let Some(Delivery::Gap(gap)) = next(&mut had_all).await else {
        panic!("a gap")
    };
    assert_eq!((gap.reason, gap.after), (GapReason::Rewritten, cursors[2]));
    let again = publish(&broker, "/news", "new 4").await;
    assert_eq!(again.cursor.sequence, 4);
    assert_ne!(again.cursor.epoch, epoch());
    assert_eq!(data(&mut had_all, 1).await, ["new 4"]);
    assert_eq!(data(&mut had_three, 1).await, ["new 4"]);
    for (cursor, outcome) in [
        (cursors[2], Resume::Found),
        (cursors[3], Resume::OtherEpoch),
        (cursors[4], Resume::OtherEpoch),
    ] {
        let mut resumed = after(&broker, cursor).await;
        assert_eq!(resumed.resume(), Some(outcome), "{cursor}");
        assert_eq!(
            data(&mut resumed, 1).await,
            ["new 4"],
            "not from the beginning"
        );
    }
}

#[tokio::test]
async fn a_subscription_wants_something() {
    let broker = broker().await;
    let refused = broker.subscribe(wanted(&[])).await.map(drop);
    assert_eq!(refused, Err(SubscribeError::NoSelector));
}

/// A quarter of a megabyte, read from the engine by two at a hundredth of a megabyte a second each.
#[tokio::test(start_paused = true)]
async fn replay_has_a_rate_for_all_together() {
    let options = BrokerOptions::default()
        .with_window(1, 1)
        .with_replay_rate(20_000);
    let broker = broker_with(options).await;
    for _ in 0..60 {
        publish(&broker, "/news", &"x".repeat(4_000)).await;
    }
    let began = tokio::time::Instant::now();
    let readers = (0..2).map(|_| {
        let broker = broker.clone();
        tokio::spawn(async move {
            let all = wanted(&["*"]).start(Start::Earliest);
            let mut reader = broker.subscribe(all).await.unwrap();
            data(&mut reader, 60).await.len()
        })
    });
    for reader in readers.collect::<Vec<_>>() {
        assert_eq!(reader.await.unwrap(), 60);
    }
    // All but the first second's and the last page's that each takes.
    let seconds = began.elapsed().as_secs_f64();
    assert!((15.0..=25.0).contains(&seconds), "{seconds}");
    assert_eq!(broker.stats().delivered, 120);
}
