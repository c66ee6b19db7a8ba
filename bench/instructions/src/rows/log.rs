//! The log behind its channel. In: events and subscribers. Out: how many events were published, or bytes read.
//! Streams are polled by hand, so that no runtime is counted.
//!
//! Next: `crates/server/src/log.rs`.

use super::{Row, Work};
use http_body::Body;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use wellspring_server::{
    Block, Channel, EventStream, HistoryLimits, LastEventId, Start, Subscription,
};

const TEXT: &str = "{\"temperature\":21.5,\"room\":\"kitchen\"}";

/// To nobody, with a history that is full.
pub(super) const PUBLISHING: Row = Row {
    name: "log-publishing",
    expected: 2_000,
    prepare: || {
        let channel = channel(500);
        Box::new(move || {
            (0..2_000).for_each(|_| publish(&channel));
            channel.stats().published - 500
        })
    },
};

/// To ten subscribers, each of which reads after every event.
pub(super) const FOLLOWING: Row = Row {
    name: "log-following",
    expected: 10 * 500,
    prepare: || {
        let channel = channel(500);
        let mut streams: Vec<_> = (0..10)
            .map(|_| follow(&channel, Subscription::new()))
            .collect();
        Box::new(move || {
            let mut frames = 0;
            for _ in 0..500 {
                publish(&channel);
                for stream in &mut streams {
                    frames += read(stream).0;
                }
            }
            frames
        })
    },
};

/// The whole history, to one subscriber after another.
pub(super) const REPLAYING: Row = Row {
    name: "log-replaying",
    expected: 100,
    prepare: || {
        let channel = channel(2_000);
        Box::new(move || {
            let whole = |_: &u32| {
                let start = Subscription::new().start(Start::Oldest);
                read(&mut open(&channel, start)).1 > 2_000 * TEXT.len()
            };
            (0..100).filter(whole).count() as u64
        })
    },
};

/// From ids that publishers brought and that are looked up.
pub(super) const RESUMING: Row = Row {
    name: "log-resuming",
    expected: 500,
    prepare: || {
        let channel = empty(1_000);
        for number in 0..1_000_u64 {
            let block = Block::data(TEXT).id(number).expect("a number is an id");
            channel.publish(block).expect("the channel is open");
        }
        Box::new(move || {
            let resumed = |number: &u64| {
                let id = LastEventId::new((number + 499).to_string()).ok();
                let stream = channel.subscribe(Subscription::new().last_event_id(id));
                stream
                    .resume()
                    .is_some_and(|resume| resume.as_str() == "found")
            };
            (0..500).filter(resumed).count() as u64
        })
    },
};

/// The latest of each of fifty keys is kept when it leaves the history.
pub(super) const KEYED: Row = Row {
    name: "log-keyed",
    expected: 2_000,
    prepare: || keyed(channel(100)),
};

fn keyed(channel: Channel) -> Work {
    let keys: Vec<String> = (0..50).map(|key| format!("room-{key}")).collect();
    Box::new(move || {
        let keys = keys.iter().cycle().take(2_000);
        let published = keys.filter(|key| channel.publish_keyed(key, TEXT).is_ok());
        published.count() as u64
    })
}

/// With as many events in its history as that may hold.
fn channel(events: usize) -> Channel {
    let channel = empty(events);
    (0..events).for_each(|_| publish(&channel));
    channel
}

fn empty(events: usize) -> Channel {
    let history = HistoryLimits::default().with_events(events);
    let builder = Channel::builder().history(history).epoch("e1");
    builder.expect("a good epoch").build()
}

fn publish(channel: &Channel) {
    channel.publish(TEXT).expect("the channel is open");
}

fn open(channel: &Channel, subscription: Subscription) -> EventStream {
    channel.subscribe(subscription).without_keep_alive()
}

/// Open, and past its first frame.
fn follow(channel: &Channel, subscription: Subscription) -> EventStream {
    let mut stream = open(channel, subscription);
    read(&mut stream);
    stream
}

/// All there is now: frames and bytes.
fn read(stream: &mut EventStream) -> (u64, usize) {
    let mut cx = Context::from_waker(Waker::noop());
    let (mut frames, mut bytes) = (0, 0);
    while let Poll::Ready(Some(Ok(frame))) = Pin::new(&mut *stream).poll_frame(&mut cx) {
        frames += 1;
        if let Some(data) = frame.data_ref() {
            bytes += data.len();
        }
    }
    (frames, bytes)
}
