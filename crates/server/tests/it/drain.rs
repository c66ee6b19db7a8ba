//! Shutting down at a pace, by a paused clock.

use std::time::Duration;

use crate::support::{Reader, waits};
use http_body_util::BodyExt;
use tokio::time::{Instant, sleep, timeout};
use wellspring_server::{
    Block, Channel, Drain, EventStream, HistoryLimits, LastEventId, RefusalReason, Resume,
    Subscription,
};

const DURATION: Duration = Duration::from_secs(10);

/// Reads to the end; gives what came last, and when the end came.
async fn read_to_end(mut stream: EventStream, begin: Instant) -> (String, Duration) {
    let mut last = String::new();
    while let Some(frame) = stream.frame().await {
        let bytes = frame.unwrap().into_data().unwrap();
        last = String::from_utf8(bytes.to_vec()).unwrap();
    }
    (last, begin.elapsed())
}

#[tokio::test(start_paused = true)]
async fn subscribers_end_evenly_and_with_a_farewell() {
    let channel = Channel::new();
    let begin = Instant::now();
    let subscribe = |_| channel.subscribe(Subscription::new());
    let streams: Vec<_> = (0..500).map(subscribe).collect();
    let readers = streams
        .into_iter()
        .map(|s| tokio::spawn(read_to_end(s, begin)));
    let readers: Vec<_> = readers.collect();
    let farewell = Block::data("bye").event_type("farewell").unwrap();
    channel
        .drain(Drain::over(DURATION).farewell(farewell))
        .await;
    let drained = begin.elapsed();
    assert!(drained >= DURATION * 9 / 10 && drained <= DURATION);
    assert!(channel.is_closed());
    let mut ended = Vec::new();
    for reader in readers {
        let (last, at) = reader.await.unwrap();
        assert_eq!(last, "event: farewell\ndata: bye\n\n");
        ended.push(at.as_secs_f64());
    }
    for second in 0..10 {
        let second = f64::from(second);
        let count = ended
            .iter()
            .filter(|at| (second..second + 1.0).contains(*at));
        let count = count.count();
        assert!((40..=60).contains(&count), "{count} of 500 at {second} s");
    }
}

#[tokio::test(start_paused = true)]
async fn who_has_not_had_its_turn_is_served_and_newcomers_are_refused() {
    let channel = Channel::new();
    let begin = Instant::now();
    let streams: Vec<_> = (0..20)
        .map(|_| channel.subscribe(Subscription::new()))
        .collect();
    let readers = streams
        .into_iter()
        .map(|s| tokio::spawn(read_to_end(s, begin)));
    let readers: Vec<_> = readers.collect();
    let draining = channel.clone();
    let drain = tokio::spawn(async move { draining.drain(DURATION).await });
    // Between two steps of the drain, so that it is clear who was there.
    sleep(Duration::from_millis(55)).await;
    for number in 0..9 {
        sleep(Duration::from_secs(1)).await;
        channel.publish(number.to_string()).unwrap();
        let refusal = channel.try_subscribe(Subscription::new()).unwrap_err();
        assert_eq!(refusal.reason(), RefusalReason::Draining);
        assert_eq!(refusal.status(), 503);
    }
    drain.await.unwrap();
    for reader in readers {
        let (last, at) = reader.await.unwrap();
        let told = ((at.as_secs_f64() - 0.055).floor() - 1.0).min(8.0);
        let expected = format!("data: {told}\n");
        let first = told < 0.0 && last.starts_with(":\nid: ");
        assert!(first || last.starts_with(&expected), "{at:?}: {last}");
    }
    assert!(channel.publish("too late").is_err());
}

#[tokio::test(start_paused = true)]
async fn it_is_over_when_nobody_is_left() {
    let channel = Channel::new();
    let begin = Instant::now();
    channel.drain(DURATION).await;
    assert_eq!(begin.elapsed(), Duration::ZERO);
    assert!(channel.is_closed());

    let channel = Channel::new();
    let stream = channel.subscribe(Subscription::new());
    tokio::spawn(async move {
        sleep(Duration::from_secs(3)).await;
        drop(stream);
    });
    let begin = Instant::now();
    channel.drain(DURATION).await;
    assert!(begin.elapsed() < Duration::from_millis(3_200));
}

#[tokio::test(start_paused = true)]
async fn who_does_not_read_does_not_hold_it_up_and_can_resume() {
    let history = HistoryLimits::default();
    let builder = Channel::builder().epoch("e").unwrap().history(history);
    let channel = builder.build();
    let mut behind = Reader::of(channel.subscribe(Subscription::new()));
    behind.frame();
    for _ in 0..10_000 {
        channel.publish("x").unwrap();
    }
    assert!(behind.frame().unwrap().starts_with("data: x\nid: e-1\n"));
    let begin = Instant::now();
    channel.drain(DURATION).await;
    assert_eq!(begin.elapsed(), DURATION);
    assert_eq!(behind.frame(), None, "though much waits");
    let id = LastEventId::new("e-500").unwrap();
    let resumed = channel.subscribe(Subscription::new().last_event_id(id));
    assert_eq!(resumed.resume(), Some(Resume::Found));
    let (last, _) = timeout(DURATION, read_to_end(resumed, begin))
        .await
        .unwrap();
    assert_eq!(last, ":\n", "ended at once");
}

#[tokio::test(start_paused = true)]
async fn whose_turn_it_is_gets_what_waits_first() {
    let channel = Channel::new();
    let mut reader = Reader::of(channel.subscribe(Subscription::new()));
    reader.frame();
    channel.publish("waits").unwrap();
    let draining = channel.clone();
    let drain = Drain::over(DURATION).farewell(Block::data("bye"));
    let drain = tokio::spawn(async move { draining.drain(drain).await });
    sleep(DURATION - Duration::from_secs(1)).await;
    assert!(reader.frame().unwrap().starts_with("data: waits\n"));
    assert_eq!(reader.frame().unwrap(), "data: bye\n\n");
    assert_eq!(reader.frame(), None);
    drain.await.unwrap();
}

/// Neither a drain that is given up nor one that comes on top does harm.
#[tokio::test(start_paused = true)]
async fn a_drain_can_be_given_up_and_begun_again() {
    let channel = Channel::new();
    let mut reader = Reader::of(channel.subscribe(Subscription::new()));
    let mut later = Reader::of(channel.subscribe(Subscription::new()));
    reader.frame();
    later.frame();
    let given_up = timeout(Duration::from_millis(1), channel.drain(DURATION)).await;
    assert!(given_up.is_err());
    assert!(waits(&mut later), "not its turn");
    assert!(channel.try_subscribe(Subscription::new()).is_err());
    channel.publish("still here").unwrap();
    assert!(later.frame().unwrap().starts_with("data: still here"));
    channel.drain(Duration::ZERO).await;
    assert_eq!(later.frame(), None);
    drop(reader);
}

/// No panic, and nobody waits.
#[test]
fn outside_of_a_runtime_all_end_at_once() {
    let channel = Channel::new();
    let mut reader = Reader::of(channel.subscribe(Subscription::new()));
    reader.frame();
    assert!(waits(&mut reader));
    let mut drain = Box::pin(channel.drain(DURATION));
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(drain.as_mut().poll(&mut cx).is_ready());
    assert_eq!(reader.wakes(), 1);
    assert_eq!(reader.frame(), None);
}
