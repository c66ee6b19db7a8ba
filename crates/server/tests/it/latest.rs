//! Events with keys: what a subscriber gets that has fallen out of the history.

use std::collections::BTreeMap;

use crate::support::{Reader, waits};
use wellspring_server::{
    Block, Channel, EventRef, EventType, HistoryLimits, LastEventId, LatestLimits, OnGap, Resume,
    Subscription,
};

fn channel(events: usize) -> Channel {
    let limits = HistoryLimits::default().with_events(events);
    let builder = Channel::builder().epoch("e").unwrap();
    builder.history(limits).build()
}

fn latest() -> Subscription {
    Subscription::new().on_gap(OnGap::Latest)
}

fn resuming(id: &str) -> Subscription {
    latest().last_event_id(LastEventId::new(id).unwrap())
}

/// The events of a frame, as `data@sequence`.
fn events(frame: &str) -> Vec<String> {
    let blocks = frame.split_terminator("\n\n");
    let event = |block: &str| {
        let data = block.lines().find_map(|line| line.strip_prefix("data: "))?;
        let id = block.lines().find_map(|line| line.strip_prefix("id: e-"))?;
        Some(format!("{data}@{id}"))
    };
    blocks.filter_map(event).collect()
}

#[test]
fn a_slow_subscriber_gets_the_latest_of_each_key_instead_of_the_gap() {
    let channel = channel(2);
    let gap = EventType::new("gap").unwrap();
    let mut reader = Reader::of(channel.subscribe(latest().gap_event(gap)));
    reader.frame();
    for (key, data) in [("a", "a1"), ("b", "b2"), ("a", "a3")] {
        channel.publish_keyed(key, data).unwrap();
    }
    channel.publish("keyless 4").unwrap();
    for (key, data) in [("c", "c5"), ("b", "b6"), ("d", "d7")] {
        channel.publish_keyed(key, data).unwrap();
    }
    // In the history: b6 and d7, so b2 is out of date.
    let data = "{\"reason\":\"slow\",\"asked\":\"e-0\",\"resumesAfter\":\"e-0\",\"missed\":3}";
    let signal = format!("event: gap\nid: e-0\ndata: {data}\n\n");
    assert_eq!(reader.frame().unwrap(), signal);
    assert_eq!(events(&reader.frame().unwrap()), ["a3@3", "c5@5"]);
    assert_eq!(events(&reader.frame().unwrap()), ["b6@6", "d7@7"]);
    assert!(waits(&mut reader));
    let stats = channel.stats();
    assert_eq!(
        (stats.gaps, stats.missed, stats.latest_delivered),
        (1, 3, 2)
    );
    assert_eq!(stats.latest_events, 2);
    assert_eq!(
        stats.latest_bytes,
        2 * ("data: a3\nid: e-3\n\n".len() + 1 + 96)
    );
}

#[test]
fn a_resume_that_has_expired_gets_the_latest_since() {
    let channel = channel(1);
    for (key, data) in [("a", "a1"), ("b", "b2"), ("c", "c3"), ("d", "d4")] {
        channel.publish_keyed(key, data).unwrap();
    }
    let stream = channel.subscribe(resuming("e-1"));
    assert_eq!(stream.resume(), Some(Resume::Expired { missed: 2 }));
    let mut reader = Reader::of(stream);
    let opening = reader.frame().unwrap();
    assert!(opening.contains("events missed: 0;"), "{opening}");
    assert!(opening.ends_with("\nid: e-1\n\n"), "{opening}");
    assert_eq!(events(&reader.frame().unwrap()), ["b2@2", "c3@3"]);
    assert_eq!(events(&reader.frame().unwrap()), ["d4@4"]);
    // Cut off in between, it goes on where it was.
    let mut again = Reader::of(channel.subscribe(resuming("e-2")));
    again.frame();
    assert_eq!(events(&again.frame().unwrap()), ["c3@3"]);
    // What was missed is not known: all there is.
    let mut stranger = Reader::of(channel.subscribe(resuming("f-2")));
    assert!(stranger.frame().unwrap().ends_with("\nid: e-0\n\n"));
    assert_eq!(events(&stranger.frame().unwrap()), ["a1@1", "b2@2", "c3@3"]);
    assert_eq!(events(&stranger.frame().unwrap()), ["d4@4"]);
    assert_eq!(channel.stats().missed, 0);
    let found = channel.subscribe(resuming("e-3"));
    assert_eq!(found.resume(), Some(Resume::Found));
}

#[test]
fn a_filter_holds_for_the_latest_too() {
    let channel = channel(1);
    let odd = |event: EventRef<'_>| event.data != "b2";
    let mut reader = Reader::of(channel.subscribe(latest().filter(odd)));
    reader.frame();
    for (key, data) in [("a", "a1"), ("b", "b2"), ("c", "c3"), ("d", "d4")] {
        channel.publish_keyed(key, data).unwrap();
    }
    assert!(reader.frame().unwrap().starts_with(": gap: slow;"));
    assert_eq!(events(&reader.frame().unwrap()), ["a1@1", "c3@3"]);
}

#[test]
fn without_keys_it_skips() {
    let channel = channel(1);
    let mut reader = Reader::of(channel.subscribe(latest()));
    reader.frame();
    for number in 1..=5 {
        channel.publish(number.to_string()).unwrap();
    }
    assert!(reader.frame().unwrap().contains("events missed: 4;"));
    assert_eq!(events(&reader.frame().unwrap()), ["5@5"]);
    assert_eq!((channel.stats().gaps, channel.stats().missed), (1, 4));
}

/// Whatever a subscriber's pace: it ends with the state that was published last, its ids only rise, and
/// every event is delivered or counted as missed.
#[test]
fn state_is_right_in_the_end_at_any_pace() {
    for seed in 0..40 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let history = HistoryLimits::default().with_events(rng.usize(1..20));
        let builder = Channel::builder().epoch("e").unwrap().history(history);
        let channel = builder
            .latest(LatestLimits::default().with_keys(10))
            .build();
        let mut reader = Reader::of(channel.subscribe(latest()));
        let mut published = BTreeMap::new();
        let mut state = BTreeMap::new();
        let mut last = 0;
        let mut delivered = 0;
        let mut read = |reader: &mut Reader, state: &mut BTreeMap<String, String>| {
            let Some(frame) = reader.frame() else {
                return false;
            };
            for event in events(&frame) {
                let (data, sequence) = event.split_once('@').unwrap();
                let sequence: u64 = sequence.parse().unwrap();
                assert!(sequence > last, "seed {seed}: {sequence} after {last}");
                last = sequence;
                delivered += 1;
                let (key, value) = data.split_once('=').unwrap();
                state.insert(key.to_owned(), value.to_owned());
            }
            true
        };
        for number in 0..500 {
            let key = format!("k{}", rng.u8(0..10));
            let data = Block::data(format!("{key}={number}"));
            channel.publish_keyed(&key, data).unwrap();
            published.insert(key, number.to_string());
            if rng.u8(0..30) == 0 {
                read(&mut reader, &mut state);
            }
        }
        channel.close();
        while read(&mut reader, &mut state) {}
        assert_eq!(state, published, "seed {seed}");
        assert_eq!(delivered + channel.stats().missed, 500, "seed {seed}");
    }
}
