//! Publishers and subscribers at the same time, on several threads. A12: no event is delivered twice or
//! lost, whenever a subscriber joins, leaves and resumes.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::support::{Reader, waits};
use http_body_util::BodyExt;
use tokio::time::timeout;
use wellspring_proto::{Decoder, Item};
use wellspring_server::{
    Channel, EventStream, HistoryLimits, LastEventId, Resume, Start, Subscription,
};

const EVENTS: u64 = 20_000;

/// Reads the numbers of `stream` on from `expected`, at most `frames` frames; tells whether it ended.
async fn read(
    mut stream: EventStream,
    decoder: &mut Decoder,
    expected: &mut u64,
    frames: usize,
) -> bool {
    for _ in 0..frames {
        let Some(frame) = stream.frame().await else {
            return true;
        };
        let visit = |item: Item<'_>| {
            if let Item::Event(event) = item {
                assert_eq!(event.data, expected.to_string());
                *expected += 1;
            }
            ControlFlow::Continue(())
        };
        let bytes = frame.unwrap().into_data().unwrap();
        decoder.decode(&bytes, visit).unwrap();
    }
    false
}

/// Joins, reads some frames, leaves, and resumes, until the channel is closed.
async fn come_and_go(channel: Channel, mut rng: fastrand::Rng) -> u64 {
    let mut expected = 1;
    let mut decoder = Decoder::new();
    let mut subscription = Subscription::new().start(Start::Oldest);
    loop {
        let stream = channel.subscribe(subscription);
        assert!(matches!(stream.resume(), None | Some(Resume::Found)));
        decoder.start_stream();
        if read(stream, &mut decoder, &mut expected, rng.usize(1..60)).await {
            return expected - 1;
        }
        let id = LastEventId::new(decoder.last_event_id()).unwrap();
        subscription = Subscription::new().last_event_id(id);
        if rng.u8(0..4) == 0 {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a12_replay_and_live_meet_without_a_seam() {
    let channel = Channel::new();
    let seeds = 0..24;
    let readers: Vec<_> = seeds
        .map(|seed| {
            let rng = fastrand::Rng::with_seed(seed);
            tokio::spawn(come_and_go(channel.clone(), rng))
        })
        .collect();
    for number in 1..=EVENTS {
        assert_eq!(channel.publish(number.to_string()).unwrap().value(), number);
        if number % 64 == 0 {
            tokio::task::yield_now().await;
        }
    }
    channel.close();
    for reader in readers {
        let seen = timeout(Duration::from_secs(60), reader).await.unwrap();
        assert_eq!(seen.unwrap(), EVENTS);
    }
    assert_eq!(channel.subscriber_count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_publishers_share_one_order_and_nobody_sleeps_through_an_event() {
    let channel = Channel::new();
    let count_events = |mut stream: EventStream| async move {
        let mut ids = Vec::new();
        while let Some(frame) = stream.frame().await {
            let bytes = frame.unwrap().into_data().unwrap();
            let text = std::str::from_utf8(&bytes).unwrap().to_owned();
            ids.extend(text.lines().filter_map(|line| {
                let (_, sequence) = line.strip_prefix("id: ")?.split_once('-')?;
                sequence.parse::<u64>().ok()
            }));
        }
        ids
    };
    let readers: Vec<_> = (0..8)
        .map(|_| tokio::spawn(count_events(channel.subscribe(Subscription::new()))))
        .collect();
    let publishers: Vec<_> = (0..4)
        .map(|_| {
            let channel = channel.clone();
            std::thread::spawn(move || {
                for _ in 0..2_000 {
                    channel.publish("x").unwrap();
                }
            })
        })
        .collect();
    tokio::task::spawn_blocking(move || publishers.into_iter().for_each(|p| p.join().unwrap()))
        .await
        .unwrap();
    // No publish follows that could wake a sleeper by chance; closing wakes everybody.
    channel.close();
    let expected: Vec<u64> = (0..=8_000).collect();
    for reader in readers {
        assert_eq!(reader.await.unwrap(), expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_event_wakes_a_sleeping_subscriber() {
    let channel = Channel::new();
    let mut stream = channel.subscribe(Subscription::new()).without_keep_alive();
    stream.frame().await;
    for number in 0..2_000 {
        let publisher = channel.clone();
        let publish = tokio::spawn(async move { publisher.publish(number.to_string()) });
        let frame = timeout(Duration::from_secs(20), stream.frame()).await;
        let bytes = frame.unwrap().unwrap().unwrap().into_data().unwrap();
        assert!(bytes.starts_with(format!("data: {number}\n").as_bytes()));
        publish.await.unwrap().unwrap();
    }
}

#[test]
fn a_slow_subscriber_holds_nobody_up_and_memory_is_bounded() {
    let limits = HistoryLimits::default().with_bytes(200_000);
    let channel = Channel::builder().history(limits).build();
    let mut fast = Reader::of(channel.subscribe(Subscription::new()));
    let mut slow: Vec<_> = (0..20)
        .map(|_| channel.subscribe(Subscription::new()))
        .map(Reader::of)
        .collect();
    fast.frame();
    for reader in &mut slow {
        reader.frame();
        assert!(waits(reader));
    }
    let data = "x".repeat(100);
    for _ in 0..20_000 {
        channel.publish(data.as_str()).unwrap();
        assert!(fast.frame().unwrap().starts_with("data: xxx"));
        assert!(waits(&mut fast));
    }
    let stats = channel.stats();
    assert!(stats.history_bytes <= 200_000, "{stats:?}");
    assert_eq!(stats.pinned_bytes, 0, "{stats:?}");
    assert_eq!(stats.gaps, 0, "nobody slow has read yet");
    for reader in &mut slow {
        assert_eq!(reader.wakes(), 1, "once, until it reads");
        assert!(reader.frame().unwrap().starts_with(": gap: slow;"));
        assert!(reader.frame().unwrap().starts_with("data: xxx"));
    }
    assert_eq!(channel.stats().gaps, 20);
}
