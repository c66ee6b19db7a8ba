//! Engines that answer late, wrongly, or not at all.

use std::sync::Arc;

use super::scripted::Scripted;
use super::support::*;
use wellspring_broker::{
    Append, AppendOutcome, Broker, BrokerOptions, Delivery, Engine, GapReason, OnLag, PublishError,
    Refusal, Retention, Start,
};

async fn over(engine: &Arc<Scripted>, options: BrokerOptions) -> Broker {
    let engine = Arc::clone(engine) as Arc<dyn Engine>;
    Broker::open(engine, options).await.unwrap()
}

/// A failed fsync: the first attempt may be stored, and the second one says only that nothing more is.
#[tokio::test(start_paused = true)]
async fn what_is_in_doubt_stays_in_doubt() {
    let stopped = Refusal::Stopped {
        reason: "writing failed".to_owned(),
    };
    let answers = [
        (
            vec![
                AppendOutcome::InDoubt,
                AppendOutcome::Refused(stopped.clone()),
            ],
            true,
        ),
        (
            vec![
                AppendOutcome::InDoubt,
                AppendOutcome::Refused(Refusal::TooLarge),
            ],
            true,
        ),
        (vec![AppendOutcome::Refused(stopped)], false),
    ];
    for (outcomes, is_in_doubt) in answers {
        let engine = Arc::new(Scripted::new());
        *engine.outcomes.lock().unwrap() = outcomes.into();
        let broker = over(&engine, BrokerOptions::default()).await;
        let refused = broker.publish(&update("/t", "x"), None).await.unwrap_err();
        assert_eq!(refused == PublishError::InDoubt, is_in_doubt, "{refused:?}");
    }
}

/// Who has begun to read a page and is not polled any more holds nobody up.
#[tokio::test]
async fn a_reader_that_stands_still_holds_no_page_back() {
    let engine = Arc::new(Scripted::new());
    let broker = over(&engine, BrokerOptions::default().with_window(1, 1)).await;
    let mut ids = Vec::new();
    for number in 0..40 {
        ids.push(publish(&broker, "/t", &number.to_string()).await.id);
    }
    engine.open.send_replace(false);
    let mut still = Vec::new();
    for id in &ids[..20] {
        let resumed = wanted(&["/t"]).start(Start::After(id.clone()));
        let mut subscription = broker.subscribe(resumed).await.unwrap();
        assert!(poll_once(&mut subscription).is_pending());
        still.push(subscription);
    }
    engine.open.send_replace(true);
    let resumed = wanted(&["/t"]).start(Start::After(ids[30].clone()));
    let mut moving = broker.subscribe(resumed).await.unwrap();
    assert_eq!(data(&mut moving, 2).await, ["31", "32"]);
}

/// The history forks while the tail is being begun anew: nobody tells the node.
#[tokio::test]
async fn a_fork_between_two_tails_is_noticed() {
    let engine = Arc::new(Scripted::new());
    let broker = over(&engine, BrokerOptions::default()).await;
    let mut reader = broker.subscribe(wanted(&["/t"])).await.unwrap();
    for number in 1..=3 {
        publish(&broker, "/t", &number.to_string()).await;
    }
    data(&mut reader, 3).await;
    engine.cut_tail();
    while broker.readiness().live {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let epoch = engine.bounds().await.unwrap().lineage.current();
    engine.fence(epoch, 1).await.unwrap();
    let told = next(&mut reader).await;
    let Some(Delivery::Gap(gap)) = told else {
        panic!("{told:?}")
    };
    assert_eq!((gap.reason, gap.after.sequence), (GapReason::Rewritten, 1));
    let published = publish(&broker, "/t", "other").await;
    assert_eq!(published.cursor.sequence, 2);
    assert_eq!(data(&mut reader, 1).await, ["other"]);
}

/// Some of a batch are dropped at once: what follows the history is still told of those that stay.
#[tokio::test]
async fn a_batch_that_is_more_than_is_kept_leaves_no_hole_for_good() {
    let engine = Arc::new(Scripted::new());
    let retention = Retention::default().with_events(1);
    let broker = over(&engine, BrokerOptions::default().with_retention(retention)).await;
    let wanted = wanted(&["/t"]).on_lag(OnLag::Gap);
    let mut reader = broker.subscribe(wanted).await.unwrap();
    publish(&broker, "/t", "first").await;
    data(&mut reader, 1).await;
    let epoch = broker.cursor().epoch;
    let record = |number| Append::new(number, number, vec![0].into());
    engine.append(epoch, (0..3).map(record).collect()).await;
    let last = broker.publish(&update("/t", "last"), None).await.unwrap();
    assert!(
        broker
            .has_seen(&last, std::time::Duration::from_secs(10))
            .await
    );
    loop {
        match next(&mut reader).await {
            Some(Delivery::Gap(_)) => {}
            Some(Delivery::Frame(frame)) => {
                break assert!(String::from_utf8_lossy(&frame).contains("data: last"));
            }
            other => panic!("{other:?}, {:?}", reader.end()),
        }
    }
}
