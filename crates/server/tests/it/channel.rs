//! A channel seen through its bodies.

use std::time::Duration;

use crate::support::{Reader, waits};
use wellspring_server::{
    Block, Channel, EventType, HistoryLimits, LastEventId, OnGap, PublishError, Resume, Start,
    Subscription,
};

fn channel() -> Channel {
    Channel::builder().epoch("e").unwrap().build()
}

fn resuming(id: &str) -> Subscription {
    Subscription::new().last_event_id(LastEventId::new(id).unwrap())
}

#[test]
fn the_first_frame_is_there_at_once_and_tells_the_position() {
    let channel = channel();
    channel.publish("before").unwrap();
    let stream = channel.subscribe(Subscription::new());
    let mut reader = Reader::of(stream.retry(Duration::from_millis(1500)));
    assert_eq!(reader.frame().unwrap(), ":\nid: e-1\nretry: 1500\n\n");
    assert!(waits(&mut reader));
}

#[test]
fn what_waits_goes_out_in_one_frame() {
    let channel = channel();
    let mut reader = Reader::of(channel.subscribe(Subscription::new()));
    reader.frame();
    assert!(waits(&mut reader));
    channel.publish("one").unwrap();
    let notice = Block::data("two\nlines").event_type("notice").unwrap();
    channel.publish(notice).unwrap();
    assert_eq!(reader.wakes(), 1);
    let frame = "data: one\nid: e-1\n\nevent: notice\ndata: two\ndata: lines\nid: e-2\n\n";
    assert_eq!(reader.frame().unwrap(), frame);
    assert!(waits(&mut reader));
}

#[test]
fn replay_begins_behind_the_last_event_id() {
    let channel = channel();
    for data in ["one", "two", "three"] {
        channel.publish(data).unwrap();
    }
    let stream = channel.subscribe(resuming("e-1"));
    assert_eq!(stream.resume(), Some(Resume::Found));
    let mut reader = Reader::of(stream);
    assert_eq!(reader.frame().unwrap(), ":\n");
    let rest = "data: two\nid: e-2\n\ndata: three\nid: e-3\n\n";
    assert_eq!(reader.frame().unwrap(), rest);
    let from_start = Subscription::new().start(Start::Oldest);
    let mut reader = Reader::of(channel.subscribe(from_start));
    assert_eq!(reader.frame().unwrap(), ":\nid: e-0\n\n");
    assert!(reader.frame().unwrap().starts_with("data: one\n"));
}

#[test]
fn ids_of_publishers_are_found_or_unknown() {
    let channel = channel();
    for id in ["a", "b", "c"] {
        channel.publish(Block::data(id).id(id).unwrap()).unwrap();
    }
    let mut reader = Reader::of(channel.subscribe(resuming("b")));
    reader.frame();
    assert_eq!(reader.frame().unwrap(), "id: c\ndata: c\n\n");
    assert_eq!(
        channel.subscribe(resuming("x")).resume(),
        Some(Resume::Unknown)
    );
    let mut live = Reader::of(channel.subscribe(Subscription::new()));
    assert_eq!(live.frame().unwrap(), ":\nid: c\n\n");
}

#[test]
fn blocks_without_data_get_no_id() {
    let channel = channel();
    let mut reader = Reader::of(channel.subscribe(Subscription::new()));
    reader.frame();
    channel.publish(Block::empty().comment("hi")).unwrap();
    channel.publish(Block::data("x").id("").unwrap()).unwrap();
    assert_eq!(reader.frame().unwrap(), ": hi\n\nid:\ndata: x\n\n");
}

#[test]
fn a_resume_with_a_gap_is_told_of_it() {
    let limits = HistoryLimits::default().with_events(2);
    let channel = Channel::builder()
        .epoch("e")
        .unwrap()
        .history(limits)
        .build();
    for number in 1..=5 {
        channel.publish(number.to_string()).unwrap();
    }
    let stream = channel.subscribe(resuming("e-1"));
    assert_eq!(stream.resume(), Some(Resume::Expired { missed: 2 }));
    let mut reader = Reader::of(stream);
    let opening = reader.frame().unwrap();
    assert!(opening.starts_with(":\n: gap: expired;"), "{opening}");
    assert!(opening.ends_with("\nid: e-3\n\n"), "{opening}");
    assert!(reader.frame().unwrap().starts_with("data: 4\n"));

    let gap = EventType::new("missed").unwrap();
    let stream = channel.subscribe(resuming("old-7").gap_event(gap));
    assert_eq!(stream.resume(), Some(Resume::OtherEpoch));
    assert_eq!(
        Reader::of(stream).frame().unwrap(),
        ":\nevent: missed\nid: e-3\ndata: {\"reason\":\"other-epoch\",\"asked\":\"old-7\",\
         \"resumesAfter\":\"e-3\",\"missed\":null}\n\n"
    );
    assert_eq!((channel.stats().gaps, channel.stats().missed), (2, 2));
}

#[test]
fn a_subscriber_that_falls_out_of_the_history_skips_or_is_disconnected() {
    let limits = HistoryLimits::default().with_events(3);
    let channel = Channel::builder()
        .epoch("e")
        .unwrap()
        .history(limits)
        .build();
    let gap = EventType::new("gap").unwrap();
    let mut skips = Reader::of(channel.subscribe(Subscription::new().gap_event(gap)));
    let leaves = Subscription::new().on_gap(OnGap::Disconnect);
    let mut leaves = Reader::of(channel.subscribe(leaves));
    skips.frame();
    leaves.frame();
    for number in 1..=10 {
        channel.publish(number.to_string()).unwrap();
    }
    let signal = skips.frame().unwrap();
    let data = "{\"reason\":\"slow\",\"asked\":\"e-0\",\"resumesAfter\":\"e-7\",\"missed\":7}";
    assert_eq!(signal, format!("event: gap\nid: e-7\ndata: {data}\n\n"));
    assert!(skips.frame().unwrap().starts_with("data: 8\n"));
    assert_eq!(leaves.frame(), None);
    let stats = channel.stats();
    assert_eq!((stats.gaps, stats.missed, stats.disconnected), (2, 14, 1));
    assert_eq!(stats.subscribers, 1);
}

#[test]
fn closing_ends_every_body_after_what_was_published() {
    let channel = channel();
    let mut readers: Vec<_> = (0..3)
        .map(|_| Reader::of(channel.subscribe(Subscription::new())))
        .collect();
    readers.iter_mut().take(2).for_each(|reader| {
        reader.frame();
        assert!(waits(reader));
    });
    channel.publish("last words").unwrap();
    channel.close();
    for (reader, first) in readers.iter_mut().zip([false, false, true]) {
        if first {
            assert!(reader.frame().unwrap().starts_with(":\n"));
        }
        assert!(reader.frame().unwrap().starts_with("data: last words\n"));
        assert_eq!(reader.frame(), None);
        assert!(reader.is_end_stream());
    }
    assert_eq!(channel.publish("too late"), Err(PublishError::Closed));
    assert!(channel.is_closed());
    assert_eq!(channel.subscriber_count(), 0);
    let mut late = Reader::of(channel.subscribe(resuming("e-0")));
    late.frame();
    assert!(late.frame().unwrap().starts_with("data: last words\n"));
    assert_eq!(late.frame(), None);
}

#[test]
fn the_last_handle_closes_the_channel() {
    let channel = channel();
    let mut reader = Reader::of(channel.subscribe(Subscription::new()));
    reader.frame();
    let other = channel.clone();
    drop(channel);
    assert!(waits(&mut reader));
    drop(other);
    assert_eq!(reader.wakes(), 1);
    assert_eq!(reader.frame(), None);
}

#[test]
fn what_cannot_be_published_is_refused_and_changes_nothing() {
    let channel = Channel::builder().epoch("e").unwrap();
    let channel = channel.publish_limit(1_000).build();
    let own = Block::data("x").id("e-5").unwrap();
    assert_eq!(channel.publish(own), Err(PublishError::ReservedId));
    let foreign = Block::data("x").id("f-5").unwrap();
    assert_eq!(channel.publish(foreign).unwrap().value(), 1);
    let lines = "\n".repeat(500);
    let too_large = PublishError::TooLarge {
        length: 501 * 6 + 1,
        limit: 1_000,
    };
    assert_eq!(channel.publish(lines), Err(too_large));
    let enormous = PublishError::TooLarge {
        length: 100_000_000,
        limit: 1_000,
    };
    assert_eq!(channel.publish("x".repeat(100_000_000)), Err(enormous));
    assert_eq!(channel.stats().published, 1);
}

#[test]
fn an_event_larger_than_the_history_still_arrives() {
    let limits = HistoryLimits::default().with_bytes(1_000);
    let channel = Channel::builder().history(limits).build();
    let mut reader = Reader::of(channel.subscribe(Subscription::new()));
    reader.frame();
    let large = "x".repeat(100_000);
    channel.publish(large.as_str()).unwrap();
    let mut text = String::new();
    while !text.ends_with("\n\n") {
        text.push_str(&reader.frame().unwrap());
    }
    assert!(text.contains(&large));
}

#[test]
fn an_event_past_its_age_is_not_delivered() {
    let limits = HistoryLimits::default().with_age(Duration::from_millis(20));
    let channel = Channel::builder().history(limits).build();
    channel.publish("soon gone").unwrap();
    let subscription = Subscription::new().start(Start::Oldest);
    std::thread::sleep(Duration::from_millis(40));
    let mut reader = Reader::of(channel.subscribe(subscription));
    reader.frame();
    assert!(waits(&mut reader));
    assert_eq!(channel.stats().history_events, 0);
}
