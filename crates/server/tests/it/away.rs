//! A subscriber that was away for long, while events go on being published.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http_body_util::BodyExt;
use tokio::time::timeout;
use wellspring_proto::{Decoder, Item};
use wellspring_server::{Channel, EventStream, HistoryLimits, LastEventId, Resume, Subscription};

const AWAY: u64 = 100_000;

/// Reads the numbers up to `last`, in order and none twice; gives the size of the largest frame.
async fn read(mut stream: EventStream, first: u64, last: u64) -> usize {
    let mut decoder = Decoder::new();
    let mut expected = first;
    let mut largest = 0;
    while expected <= last {
        let frame = timeout(Duration::from_secs(60), stream.frame()).await;
        let bytes = frame.unwrap().unwrap().unwrap().into_data().unwrap();
        largest = largest.max(bytes.len());
        let visit = |item: Item<'_>| {
            if let Item::Event(event) = item {
                assert_eq!(event.data, expected.to_string());
                expected += 1;
            }
            ControlFlow::Continue(())
        };
        decoder.decode(&bytes, visit).unwrap();
    }
    largest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn away_for_100_000_events_and_none_is_lost_or_comes_twice() {
    let limits = HistoryLimits::default().with_events(2 * 100_000);
    let builder = Channel::builder().epoch("e").unwrap().history(limits);
    let channel = builder.build();
    for number in 1..=AWAY {
        channel.publish(number.to_string()).unwrap();
    }
    static CAUGHT_UP: AtomicBool = AtomicBool::new(false);
    let publisher = channel.clone();
    let publishing = std::thread::spawn(move || {
        let mut number = AWAY;
        while !CAUGHT_UP.load(Ordering::Relaxed) || number < AWAY + 1_000 {
            number += 1;
            publisher.publish(number.to_string()).unwrap();
            if number.is_multiple_of(8) {
                std::thread::sleep(Duration::from_micros(100));
            }
        }
        number
    });
    let resume = |from: u64| {
        let id = LastEventId::new(format!("e-{from}")).unwrap();
        let stream = channel.subscribe(Subscription::new().last_event_id(id));
        assert_eq!(stream.resume(), Some(Resume::Found));
        stream
    };
    for from in [0, AWAY / 2, AWAY - 10] {
        let largest = read(resume(from), from + 1, AWAY + 100).await;
        assert!(
            largest <= 16 * 1024,
            "a frame at a time, however far behind"
        );
    }
    assert_eq!(channel.stats().pinned_bytes, 0);
    CAUGHT_UP.store(true, Ordering::Relaxed);
    let last = tokio::task::spawn_blocking(|| publishing.join().unwrap());
    let last = last.await.unwrap();
    read(resume(0), 1, last).await;
}
