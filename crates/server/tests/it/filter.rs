//! Subscribers that do not see everything.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::{Reader, waits};
use http_body_util::BodyExt;
use wellspring_proto::{Decoder, Item};
use wellspring_server::{
    Block, Channel, EventRef, EventType, HistoryLimits, LastEventId, Resume, Start, Subscription,
};

fn channel() -> Channel {
    Channel::builder().epoch("e").unwrap().build()
}

fn resuming(id: &str) -> Subscription {
    Subscription::new().last_event_id(LastEventId::new(id).unwrap())
}

fn event_type(name: &'static str) -> EventType<'static> {
    EventType::new(name).unwrap()
}

fn of_type<'a>(event_type: &'a str, data: &'a str) -> Block<'a> {
    Block::data(data).event_type(event_type).unwrap()
}

#[test]
fn only_the_wanted_types_arrive_live_and_replayed() {
    let channel = channel();
    let wanted = || Subscription::new().event_types([event_type("a"), event_type("message")]);
    let mut live = Reader::of(channel.subscribe(wanted()));
    live.frame();
    for (event_type, data) in [("a", "1"), ("b", "2"), ("", "3"), ("b", "4")] {
        channel.publish(of_type(event_type, data)).unwrap();
    }
    let both = "event: a\ndata: 1\nid: e-1\n\ndata: 3\nid: e-3\n\n";
    assert_eq!(live.frame().unwrap(), both);
    assert!(waits(&mut live));
    channel.publish(of_type("b", "5")).unwrap();
    assert!(waits(&mut live), "woken, and nothing to send");
    let mut replayed = Reader::of(channel.subscribe(wanted().start(Start::Oldest)));
    replayed.frame();
    assert_eq!(replayed.frame().unwrap(), both);
}

/// Permissions that are taken away hold for what was published before.
#[test]
fn authorisation_is_asked_again_for_every_replayed_event() {
    let channel = channel();
    let permitted = Arc::new(Mutex::new(HashSet::from(["ann", "bob"])));
    for data in ["ann 1", "bob 2", "ann 3", "bob 4"] {
        channel.publish(data).unwrap();
    }
    let subscription = |id: &str| {
        let permitted = Arc::clone(&permitted);
        resuming(id).filter(move |event: EventRef<'_>| {
            let owner = event.data.split(' ').next().unwrap();
            permitted.lock().unwrap().contains(owner)
        })
    };
    let mut first = Reader::of(channel.subscribe(subscription("e-0")));
    first.frame();
    assert!(first.frame().unwrap().contains("data: bob 2\n"));
    permitted.lock().unwrap().remove("bob");
    let mut again = Reader::of(channel.subscribe(subscription("e-0")));
    again.frame();
    let frame = again.frame().unwrap();
    assert!(frame.contains("ann 1") && frame.contains("ann 3"));
    assert!(!frame.contains("bob"), "{frame}");
    channel.publish("bob 5").unwrap();
    assert!(
        waits(&mut first),
        "a stream that is open already is asked too"
    );
    // Behind its own last event there is nothing for it, and that is no gap.
    let mut end = Reader::of(channel.subscribe(subscription("e-3")));
    end.frame();
    assert!(waits(&mut end));
}

#[test]
fn ids_of_publishers_that_do_not_pass_are_not_told() {
    let channel = channel();
    let secret = || Block::data("x").id("secret").unwrap();
    channel.publish(secret()).unwrap();
    let never = || Subscription::new().filter(|_| false);
    let mut reader = Reader::of(channel.subscribe(never()));
    assert_eq!(reader.frame().unwrap(), ":\nid: e-1\n\n");
    for _ in 0..999 {
        channel.publish(secret()).unwrap();
        assert!(waits(&mut reader));
    }
    channel.publish(secret()).unwrap();
    assert_eq!(reader.frame().unwrap(), "id: e-1001\n\n");
    let resumed = channel.subscribe(resuming("e-1001").filter(|_| false));
    assert_eq!(resumed.resume(), Some(Resume::Found));
}

/// A subscriber of rare events does not come back to find that its place has left the history.
#[test]
fn a_long_run_of_skipped_events_is_no_gap() {
    let limits = HistoryLimits::default().with_events(100);
    let builder = Channel::builder().epoch("e").unwrap().history(limits);
    let channel = builder.build();
    let rare = || resuming("e-0").event_types([event_type("rare")]);
    let mut reader = Reader::of(channel.subscribe(rare()));
    reader.frame();
    let mut decoder = Decoder::new();
    for _ in 0..1_000 {
        channel.publish(of_type("frequent", "x")).unwrap();
        while let std::task::Poll::Ready(frame) = reader.poll() {
            let visit = |item: Item<'_>| {
                assert!(!matches!(item, Item::Event(_)));
                ControlFlow::Continue(())
            };
            decoder.decode(frame.unwrap().as_bytes(), visit).unwrap();
        }
    }
    drop(reader);
    let id = LastEventId::new(decoder.last_event_id()).unwrap();
    let resumed = channel.subscribe(rare().last_event_id(id));
    assert_eq!(resumed.resume(), Some(Resume::Found));
    assert_eq!(channel.stats().gaps, 0);
}

#[tokio::test(start_paused = true)]
async fn the_comment_in_silence_tells_the_position() {
    let channel = channel();
    let mut stream = channel.subscribe(Subscription::new().filter(|_| false));
    let mut frame = async || {
        let bytes = stream.frame().await.unwrap().unwrap().into_data().unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    };
    frame().await;
    channel.publish("x").unwrap();
    channel.publish("x").unwrap();
    assert_eq!(frame().await, ":\nid: e-2\n\n");
    assert_eq!(frame().await, ":\n");
    drop(channel);
}

#[test]
fn a_predicate_may_use_the_channel_and_others_have_their_turn() {
    let channel = channel();
    let handle = channel.clone();
    let never = move |_: EventRef<'_>| handle.subscriber_count() > 5;
    let subscription = Subscription::new().start(Start::Oldest).filter(never);
    let mut reader = Reader::of(channel.subscribe(subscription));
    reader.frame();
    let data = "x".repeat(8_000);
    for _ in 0..40 {
        channel.publish(data.as_str()).unwrap();
    }
    assert!(waits(&mut reader), "after some frames");
    assert_eq!(reader.wakes(), 1, "by itself, to go on");
    assert!(reader.frame().unwrap().starts_with("id: e-"));
}

/// A filter sees what it saw before, and no order of publishing, reading and leaving makes an event
/// come twice or go missing.
#[test]
fn a_filtered_subscriber_gets_every_event_of_its_own_once() {
    for seed in 0..10 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let channel = channel();
        let mine = || resuming("e-0").filter(|event| event.data.starts_with("mine"));
        let mut subscription = mine();
        let mut decoder = Decoder::new();
        let mut expected = Vec::new();
        let mut got = Vec::new();
        for number in 0..60 {
            for _ in 0..rng.usize(0..40) {
                let owner = if rng.u8(0..9) == 0 { "mine" } else { "theirs" };
                let data = format!(
                    "{owner} {} {}",
                    expected.len(),
                    "x".repeat(rng.usize(0..900))
                );
                channel.publish(data.as_str()).unwrap();
                if owner == "mine" {
                    expected.push(data);
                }
            }
            let stream = channel.subscribe(subscription);
            assert_eq!(stream.resume(), Some(Resume::Found));
            let mut reader = Reader::of(stream.keep_alive(Duration::from_secs(1)));
            decoder.start_stream();
            for _ in 0..rng.usize(0..6).max(if number == 59 { 1_000 } else { 0 }) {
                let std::task::Poll::Ready(Some(frame)) = reader.poll() else {
                    continue;
                };
                let visit = |item: Item<'_>| {
                    if let Item::Event(event) = item {
                        got.push(event.data.to_owned());
                    }
                    ControlFlow::Continue(())
                };
                decoder.decode(frame.as_bytes(), visit).unwrap();
            }
            let id = LastEventId::new(decoder.last_event_id());
            subscription = mine().last_event_id(id.unwrap_or(LastEventId::new("e-0").unwrap()));
        }
        assert_eq!(got, expected, "seed {seed}");
    }
}
