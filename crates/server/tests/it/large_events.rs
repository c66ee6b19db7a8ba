//! Events larger than a frame come in slices, and never torn: whatever happens to a reader in the middle
//! of one comes behind its end.

use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::support::{Reader, waits};
use wellspring_server::{
    Block, Channel, Drain, EventStream, EventType, HistoryLimits, LastEventId, LeaveReason, OnGap,
    Presence, Resume, Start, Subscription,
};

const FRAME: usize = 16 << 10;
const LARGE: usize = 1_000_000;

fn large(letter: &str) -> String {
    letter.repeat(LARGE)
}

/// Keeps the newest event only.
fn channel() -> Channel {
    let limits = HistoryLimits::default().with_events(1);
    let builder = Channel::builder().epoch("e").unwrap();
    builder.history(limits).build()
}

/// Reads frames of at most 16 KiB until a blank line ends one.
fn event(reader: &mut Reader) -> String {
    let mut text = String::new();
    while !text.ends_with("\n\n") {
        let frame = reader.frame().unwrap();
        assert!(!frame.is_empty() && frame.len() <= FRAME, "{}", frame.len());
        text.push_str(&frame);
    }
    text
}

/// A reader that has taken the first slice of a large event.
fn in_the_middle(channel: &Channel, subscription: Subscription) -> Reader {
    let mut reader = Reader::of(channel.subscribe(subscription));
    event(&mut reader);
    channel.publish(large("a")).unwrap();
    let slice = reader.frame().unwrap();
    assert!(slice.starts_with("data: aaa") && slice.len() == FRAME);
    reader
}

/// The rest of it, to its end.
fn rest(reader: &mut Reader) {
    let rest = event(reader);
    assert!(rest.starts_with("aaa") && rest.ends_with("a\nid: e-1\n\n"));
    assert_eq!(FRAME + rest.len(), "data: \nid: e-1\n\n".len() + LARGE);
}

#[test]
fn live_replayed_and_filtered() {
    let channel = channel();
    let everything = Subscription::new().start(Start::Oldest);
    let messages = || [EventType::new("message").unwrap()];
    let subscriptions = [
        everything.clone(),
        everything.clone().event_types(messages()),
        everything.clone().filter(|event| event.data.len() == LARGE),
    ];
    let open = |subscription: &Subscription| {
        let mut reader = Reader::of(channel.subscribe(subscription.clone()));
        assert_eq!(event(&mut reader), ":\nid: e-0\n\n");
        reader
    };
    let mut live: Vec<_> = subscriptions.iter().map(open).collect();
    channel.publish(large("a")).unwrap();
    let replay = |subscription: &Subscription| {
        let mut reader = Reader::of(channel.subscribe(subscription.clone()));
        event(&mut reader);
        reader
    };
    live.extend(subscriptions.iter().map(replay));
    let expected = format!("data: {}\nid: e-1\n\n", large("a"));
    for reader in &mut live {
        assert!(event(reader) == expected);
        assert!(waits(reader));
    }
    channel
        .publish(Block::data(large("b")).event_type("other").unwrap())
        .unwrap();
    for reader in [1, 4] {
        let reader = &mut live[reader];
        assert_eq!(event(reader), "id: e-2\n\n", "skipped as a whole, and told");
    }
}

#[test]
fn a_gap_comes_behind_the_event() {
    let channel = channel();
    let mut reader = in_the_middle(&channel, Subscription::new());
    for data in ["two", "three"] {
        channel.publish(data).unwrap();
    }
    assert!(channel.stats().pinned_bytes >= LARGE);
    rest(&mut reader);
    assert_eq!(channel.stats().pinned_bytes, 0);
    assert!(event(&mut reader).starts_with(": gap: slow;"));
    assert_eq!(event(&mut reader), "data: three\nid: e-3\n\n");
}

#[test]
fn a_disconnection_comes_behind_the_event() {
    let channel = channel();
    let subscription = Subscription::new().on_gap(OnGap::Disconnect);
    let mut reader = in_the_middle(&channel, subscription);
    for data in ["two", "three"] {
        channel.publish(data).unwrap();
    }
    rest(&mut reader);
    assert_eq!(reader.frame(), None);
}

#[tokio::test]
async fn a_farewell_comes_behind_the_event() {
    let channel = channel();
    let mut reader = in_the_middle(&channel, Subscription::new());
    let farewell = Block::data("b".repeat(LARGE))
        .event_type("farewell")
        .unwrap();
    channel
        .drain(Drain::over(Duration::ZERO).farewell(farewell))
        .await;
    rest(&mut reader);
    let farewell = event(&mut reader);
    assert!(farewell.starts_with("event: farewell\ndata: bbb") && farewell.len() > LARGE);
    assert_eq!(reader.frame(), None);
    assert!(reader.is_end_stream());
}

#[test]
fn an_end_comes_behind_the_event() {
    let channel = channel();
    let mut reader = in_the_middle(&channel, Subscription::new());
    channel.close();
    rest(&mut reader);
    assert_eq!(reader.frame(), None);
}

#[tokio::test(start_paused = true)]
async fn a_keep_alive_comes_behind_the_event() {
    let channel = channel();
    let mut reader = in_the_middle(&channel, Subscription::new());
    tokio::time::advance(Duration::from_secs(60)).await;
    rest(&mut reader);
    assert!(waits(&mut reader));
}

#[test]
fn the_latest_of_a_key_is_not_torn_either() {
    let channel = channel();
    let subscription = || {
        Subscription::new()
            .start(Start::Oldest)
            .on_gap(OnGap::Latest)
    };
    let mut reader = Reader::of(channel.subscribe(subscription()));
    event(&mut reader);
    channel.publish_keyed("key", large("a")).unwrap();
    channel.publish("two").unwrap();
    assert!(event(&mut reader).starts_with(": gap: slow;"));
    assert_eq!(reader.frame().unwrap().len(), FRAME);
    channel.publish_keyed("key", "newer").unwrap();
    assert!(channel.stats().pinned_bytes >= LARGE);
    rest(&mut reader);
    assert_eq!(channel.stats().pinned_bytes, 0);
    assert_eq!(event(&mut reader), "data: newer\nid: e-3\n\n");
}

/// Readers that are stuck in more events than the history could hold.
#[test]
fn a_reader_in_an_event_that_cannot_be_kept_ends_and_resumes() {
    let (sender, left) = mpsc::channel();
    let limits = HistoryLimits::default().with_bytes(LARGE * 5 / 2);
    let builder = Channel::builder().history(limits).epoch("e").unwrap();
    let hook = move |presence: &Presence<'_>| {
        if let Presence::Left { reason, .. } = presence {
            sender.send(*reason).unwrap();
        }
    };
    let channel = builder.on_presence(hook).build();
    let mut stuck: Vec<_> = (0..8)
        .map(|_| {
            let mut reader = Reader::of(channel.subscribe(Subscription::new()));
            event(&mut reader);
            channel.publish(large("a")).unwrap();
            reader.frame();
            reader
        })
        .collect();
    // Two in the history, two kept for their readers.
    let stats = channel.stats();
    assert!(stats.pinned_bytes <= LARGE * 5 / 2, "{stats:?}");
    let first = &mut stuck[0];
    assert_eq!(
        first.frame(),
        None,
        "half an event, which nobody dispatches"
    );
    assert!(first.is_end_stream());
    assert_eq!(left.try_recv(), Ok(LeaveReason::Slow));
    assert_eq!(channel.stats().disconnected, 1);
    for (reader, number) in stuck.iter_mut().zip(1..).skip(4) {
        assert!(event(reader).ends_with(&format!("a\nid: e-{number}\n\n")));
    }
    // Its client comes back with what it has got.
    let id = LastEventId::new("e-0").unwrap();
    let resumed = channel.subscribe(Subscription::new().last_event_id(id));
    assert_eq!(resumed.resume(), Some(Resume::Expired { missed: 6 }));
    drop(stuck);
    assert_eq!(channel.stats().pinned_bytes, 0);
}

#[test]
fn what_nobody_waits_for_any_more_is_let_go_of_at_once() {
    let channel = channel();
    let reader = in_the_middle(&channel, Subscription::new());
    channel.publish("two").unwrap();
    assert!(channel.stats().pinned_bytes >= LARGE);
    drop(reader);
    assert_eq!(channel.stats().pinned_bytes, 0);
}

/// Blocks that are ready at once.
struct Blocks(Vec<Block<'static>>);

impl futures_core::Stream for Blocks {
    type Item = Block<'static>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.pop())
    }
}

#[test]
fn generated_blocks_come_in_slices() {
    let blocks = Blocks(vec![Block::data("after"), Block::data(large("a"))]);
    let mut reader = Reader::of(EventStream::new(blocks));
    assert_eq!(reader.frame().unwrap(), ":\n");
    assert!(event(&mut reader) == format!("data: {}\n\n", large("a")));
    assert_eq!(event(&mut reader), "data: after\n\n");
    assert_eq!(reader.frame(), None);
}

#[test]
fn an_opening_does_not_grow_with_ids() {
    let channel = channel();
    let long = "\u{1}".repeat(1 << 20);
    channel
        .publish(Block::data("x").id(long.as_str()).unwrap())
        .unwrap();
    let own = Reader::of(channel.subscribe(Subscription::new())).frame();
    assert_eq!(own.unwrap(), ":\nid: e-1\n\n", "which resumes as well");
    let asked = LastEventId::new(long).unwrap();
    let subscription = Subscription::new().last_event_id(asked);
    channel.publish("y").unwrap();
    let subscriptions = [
        subscription.clone(),
        subscription.gap_event(EventType::new("gap").unwrap()),
    ];
    for subscription in subscriptions {
        let mut reader = Reader::of(channel.subscribe(subscription));
        assert!(reader.frame().unwrap().len() <= FRAME);
        assert_eq!(event(&mut reader), "data: y\nid: e-2\n\n");
    }
}
