//! From publish to event: a channel, a real server, a real event source, and what goes wrong between
//! them.

#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::time::Duration;

use support::{PATIENCE, channel, next_data, next_datas, numbers, open, source, until};
use wellspring::{Cause, ReadyState, Signal};
use wellspring_e2e::server::ChannelServer;
use wellspring_server::{Block, Channel, HistoryLimits};

/// Publishes numbers while the connection is cut again and again.
#[tokio::test]
async fn replay_and_live_meet_without_a_seam_across_cuts() {
    const EVENTS: u64 = 3_000;
    let channel = channel("seam");
    let server = ChannelServer::start(channel.clone()).await.unwrap();
    for number in 0..500 {
        channel.publish(number.to_string()).unwrap();
    }
    let publisher = tokio::spawn(async move {
        for number in 500..EVENTS {
            channel.publish(number.to_string()).unwrap();
            if number % 5 == 0 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        }
        channel
    });
    let mut source = source(&server.url("/oldest")).build().unwrap();
    let mut cuts = 0;
    for number in 0..EVENTS {
        assert_eq!(next_data(&mut source).await, number.to_string());
        if number % 300 == 299 && cuts < 8 {
            server.cut();
            cuts += 1;
        }
    }
    assert_eq!(cuts, 8);
    assert_eq!(server.requests(), 1 + cuts);
    drop(publisher.await.unwrap());
}

#[tokio::test]
async fn types_ids_and_lines_arrive_as_they_were_published() {
    let channel = channel("e");
    let server = ChannelServer::start(channel.clone()).await.unwrap();
    let mut source = source(&server.url("/oldest")).build().unwrap();
    channel.publish("a\r\nb\rc\n").unwrap();
    let named = Block::data("").event_type("notice").unwrap();
    channel.publish(named.id("é").unwrap()).unwrap();
    channel.publish(" 🦀").unwrap();
    let mut seen = Vec::new();
    while seen.len() < 3 {
        let event = source.next().await.unwrap().unwrap();
        seen.push(format!("{event:?}"));
    }
    let event = |kind, data, id| format!("{:?}", wellspring::EventRef::new(kind, data, id));
    let expected = [
        event("message", "a\nb\nc\n", "e-1"),
        event("notice", "", "é"),
        event("message", " 🦀", "e-3"),
    ];
    assert_eq!(seen, expected);
    server.cut();
    channel.publish("after").unwrap();
    assert_eq!(next_data(&mut source).await, "after");
}

#[tokio::test]
async fn a_live_source_resumes_even_if_it_was_cut_before_its_first_event() {
    let channel = channel("e");
    channel.publish("before").unwrap();
    let server = ChannelServer::start(channel.clone()).await.unwrap();
    let mut source = source(&server.url("/")).build().unwrap();
    assert_eq!(open(&mut source).await, None);
    // Reads the id of its place.
    let position = tokio::time::timeout(PATIENCE, async {
        while source.last_event_id().is_empty() {
            let mut signals = source.signals();
            signals.next().await.unwrap().unwrap();
        }
    });
    position.await.unwrap();
    assert_eq!(source.last_event_id(), "e-1");
    server.cut();
    channel.publish("missed").unwrap();
    assert_eq!(open(&mut source).await.as_deref(), Some("found"));
    assert_eq!(next_data(&mut source).await, "missed");
}

#[tokio::test]
async fn an_expired_position_is_said_and_reading_goes_on_at_the_oldest() {
    let limits = HistoryLimits::default().with_events(3);
    let builder = Channel::builder().history(limits).epoch("e").unwrap();
    let channel = builder.build();
    let server = ChannelServer::start(channel.clone()).await.unwrap();
    let mut source = source(&server.url("/oldest"))
        .comments(true)
        .build()
        .unwrap();
    channel.publish("0").unwrap();
    assert_eq!(next_data(&mut source).await, "0");
    server.cut();
    for number in 1..11 {
        channel.publish(number.to_string()).unwrap();
    }
    assert_eq!(open(&mut source).await.as_deref(), Some("expired"));
    let mut comments = Vec::new();
    let mut signals = source.signals();
    let first = loop {
        match signals.next().await.unwrap().unwrap() {
            Signal::Comment(text) => comments.push(text.to_owned()),
            Signal::Message(event) => break event.data.to_owned(),
            _ => {}
        }
    };
    let gap = comments.iter().find(|comment| comment.starts_with(" gap:"));
    assert!(gap.unwrap().contains("events missed: 7"), "{comments:?}");
    assert_eq!(first, "8");
    assert_eq!(next_datas(&mut source, 2).await, ["9", "10"]);
    assert_eq!(channel.stats().missed, 7);
}

#[tokio::test]
async fn another_life_of_the_channel_is_said_and_read_from_its_oldest() {
    let one = channel("one");
    let server = ChannelServer::start(one.clone()).await.unwrap();
    let mut source = source(&server.url("/oldest")).build().unwrap();
    one.publish("of one").unwrap();
    assert_eq!(next_data(&mut source).await, "of one");

    let two = channel("two");
    two.publish("of two").unwrap();
    drop(server.replace(two));
    server.cut();
    assert_eq!(open(&mut source).await.as_deref(), Some("other-epoch"));
    assert_eq!(next_data(&mut source).await, "of two");
    assert_eq!(source.last_event_id(), "two-1");
}

/// A server that makes the same history again, with the same epoch, has not been away.
#[tokio::test]
async fn a_rebuilt_history_of_the_same_epoch_resumes() {
    let rebuilt = |events: u64| {
        let channel = channel("same");
        for number in 0..events {
            channel.publish(number.to_string()).unwrap();
        }
        channel
    };
    let server = ChannelServer::start(rebuilt(5)).await.unwrap();
    let mut source = source(&server.url("/oldest")).build().unwrap();
    assert_eq!(next_datas(&mut source, 5).await, numbers(0..5));
    drop(server.replace(rebuilt(9)));
    server.cut();
    assert_eq!(open(&mut source).await.as_deref(), Some("found"));
    assert_eq!(next_datas(&mut source, 4).await, numbers(5..9));
}

#[tokio::test]
async fn dropping_or_closing_a_source_ends_its_subscription() {
    let channel = channel("e");
    let server = ChannelServer::start(channel.clone()).await.unwrap();
    let mut dropped = source(&server.url("/")).build().unwrap();
    let mut closed = source(&server.url("/")).build().unwrap();
    open(&mut dropped).await;
    open(&mut closed).await;
    assert_eq!(channel.subscriber_count(), 2);
    drop(dropped);
    until(|| channel.subscriber_count() == 1).await;
    closed.close();
    assert!(closed.next().await.is_none());
    until(|| channel.subscriber_count() == 0).await;
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn a_closed_channel_ends_its_streams_and_sources_come_back_to_the_next() {
    let old = channel("same");
    let server = ChannelServer::start(old.clone()).await.unwrap();
    let mut source = source(&server.url("/oldest")).build().unwrap();
    old.publish("0").unwrap();
    assert_eq!(next_data(&mut source).await, "0");
    old.publish("last words").unwrap();
    let next = channel("same");
    for data in ["0", "last words", "back"] {
        next.publish(data).unwrap();
    }
    drop(server.replace(next));
    old.close();
    assert_eq!(next_data(&mut source).await, "last words");
    let mut signals = source.signals();
    match signals.next().await.unwrap().unwrap() {
        Signal::Reconnecting(lost) => {
            assert!(matches!(lost.cause, Cause::EndOfBody), "{lost:?}");
            assert_eq!(lost.delay, Duration::from_millis(100));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(source.ready_state(), ReadyState::Connecting);
    assert_eq!(next_data(&mut source).await, "back");
    assert_eq!(old.subscriber_count(), 0);
}

/// The slow one is told of its gap and goes on; the other one misses nothing.
#[tokio::test]
async fn a_slow_source_holds_up_nobody() {
    const EVENTS: usize = 4_000;
    let limits = HistoryLimits::default().with_bytes(1 << 20);
    let channel = Channel::builder().history(limits).build();
    let server = ChannelServer::start(channel.clone()).await.unwrap();
    let slow = source(&server.url("/")).comments(true);
    let (mut slow, mut quick) = (
        slow.build().unwrap(),
        source(&server.url("/")).build().unwrap(),
    );
    open(&mut slow).await;
    open(&mut quick).await;
    let padding = "x".repeat(4_000);
    for number in 0..EVENTS {
        channel.publish(format!("{number} {padding}")).unwrap();
        let data = next_data(&mut quick).await;
        assert!(data.starts_with(&format!("{number} ")), "{number}");
    }
    assert!(channel.stats().history_bytes <= 1 << 20);

    let (mut last, mut gaps) = (None, 0);
    let mut signals = slow.signals();
    while last != Some(EVENTS - 1) {
        let next = tokio::time::timeout(PATIENCE, signals.next());
        match next.await.unwrap().unwrap().unwrap() {
            Signal::Message(event) => {
                let number = event.data.split(' ').next().unwrap().parse().ok();
                assert!(number > last, "{number:?} after {last:?}");
                last = number;
            }
            Signal::Comment(text) if text.starts_with(" gap:") => gaps += 1,
            _ => {}
        }
    }
    assert!(gaps >= 1);
    assert_eq!(server.requests(), 2);
}
