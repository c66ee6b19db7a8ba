//! Who is let in, who is refused, and who hears of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::{Reader, waits};
use wellspring_server::{
    Channel, ChannelBuilder, HistoryLimits, LeaveReason, OnGap, Presence, RefusalReason, Resume,
    SubscriberLimits, Subscription,
};

fn of(key: &str) -> Subscription {
    Subscription::new().key(key)
}

#[test]
fn too_many_with_a_key_is_429_and_too_many_in_all_is_503() {
    let limits = SubscriberLimits::default()
        .with_total(3)
        .with_per_key(2)
        .with_retry_after(Duration::from_millis(2_500));
    let channel = Channel::builder().subscriber_limits(limits).build();
    let first = channel.try_subscribe(of("a")).unwrap();
    let _second = channel.try_subscribe(of("a")).unwrap();
    let refusal = channel.try_subscribe(of("a")).unwrap_err();
    let reason = RefusalReason::TooManyForKey { limit: 2 };
    assert_eq!(refusal.reason(), reason);
    assert_eq!(refusal.status(), 429);
    let _third = channel.try_subscribe(of("b")).unwrap();
    let refusal = channel.try_subscribe(Subscription::new()).unwrap_err();
    assert_eq!(refusal.reason(), RefusalReason::TooMany { limit: 3 });
    let response = refusal.into_response();
    assert_eq!(response.status(), 503);
    let retry_after = response.headers()["retry-after"].to_str().unwrap();
    let seconds: u64 = retry_after.parse().unwrap();
    assert_eq!(seconds, refusal.retry_after().as_secs());
    let mut body = Reader::of(response.into_body());
    assert!(body.is_end_stream());
    assert_eq!(body.frame(), None);
    drop(first);
    assert!(channel.try_subscribe(of("a")).is_ok());
    let stats = channel.stats();
    assert_eq!((stats.subscribers, stats.joined, stats.refused), (2, 4, 2));
}

#[test]
fn the_refused_are_told_to_come_back_at_different_times() {
    let limits = SubscriberLimits::default().with_total(0);
    let waits_of = |least: Duration| {
        let limits = limits.with_retry_after(least);
        let channel = Channel::builder().subscriber_limits(limits).build();
        let refusals = (0..200).map(|_| channel.try_subscribe(Subscription::new()).unwrap_err());
        let mut seconds: Vec<_> = refusals.map(|r| r.retry_after().as_secs()).collect();
        seconds.sort_unstable();
        (seconds[0], seconds[199])
    };
    let (least, most) = waits_of(Duration::from_millis(9_500));
    assert!((10..13).contains(&least) && (18..=20).contains(&most));
    let (least, most) = waits_of(Duration::ZERO);
    assert!(least == 1 && most <= 2, "at least a second");
    assert!(waits_of(Duration::MAX).1 <= 2 * u64::from(u32::MAX));
}

#[test]
fn without_limits_nobody_is_refused_and_subscribe_never_refuses() {
    let channel = Channel::new();
    let streams: Vec<_> = (0..1_000)
        .map(|_| channel.try_subscribe(of("a")).unwrap())
        .collect();
    assert_eq!((streams.len(), channel.subscriber_count()), (1_000, 1_000));
    let limits = SubscriberLimits::default().with_total(0);
    let channel = Channel::builder().subscriber_limits(limits).build();
    let _stream = channel.subscribe(of("a"));
    assert_eq!(channel.subscriber_count(), 1);
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn watch(&self, builder: ChannelBuilder) -> Channel {
        let log = Arc::clone(&self.0);
        let hook = move |presence: &Presence<'_>| {
            let line = match *presence {
                Presence::Joined {
                    key,
                    resume,
                    subscribers,
                    ..
                } => format!("+{} {resume:?} {subscribers}", key.unwrap_or("-")),
                Presence::Left {
                    key,
                    reason,
                    subscribers,
                    ..
                } => format!("-{} {reason:?} {subscribers}", key.unwrap_or("-")),
                _ => panic!("something new"),
            };
            log.lock().unwrap().push(line);
        };
        builder.on_presence(hook).build()
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[test]
fn joins_and_leaves_are_told_with_their_reasons() {
    let log = Log::default();
    let history = HistoryLimits::default().with_events(1);
    let builder = Channel::builder().epoch("e").unwrap().history(history);
    let channel = log.watch(builder);
    let gone = channel.subscribe(of("a"));
    let slow = channel.subscribe(of("b").on_gap(OnGap::Disconnect));
    let resumed = wellspring_server::LastEventId::new("e-0").unwrap();
    let closed = channel.subscribe(Subscription::new().last_event_id(resumed));
    assert_eq!(closed.resume(), Some(Resume::Found));
    assert_eq!(log.take(), ["+a None 1", "+b None 2", "+- Some(Found) 3"]);
    drop(gone);
    assert_eq!(log.take(), ["-a Gone 2"]);
    let mut slow = Reader::of(slow);
    slow.frame();
    channel.publish("1").unwrap();
    channel.publish("2").unwrap();
    assert_eq!(slow.frame(), None);
    assert_eq!(log.take(), ["-b Slow 1"]);
    channel.close();
    let mut closed = Reader::of(closed);
    while closed.frame().is_some() {}
    assert_eq!(log.take(), ["-- Closed 0"]);
    drop((slow, closed));
    assert!(log.take().is_empty(), "each leaves once");
}

#[tokio::test(start_paused = true)]
async fn the_drained_are_told_from_the_closed() {
    let log = Log::default();
    let channel = log.watch(Channel::builder());
    let mut reader = Reader::of(channel.subscribe(of("a")));
    reader.frame();
    channel.drain(Duration::from_secs(1)).await;
    assert_eq!(reader.frame(), None);
    assert_eq!(log.take(), ["+a None 1", "-a Drained 0"]);
    assert_ne!(LeaveReason::Drained, LeaveReason::Closed);
}

/// A hook that asks the channel does not lock up.
#[test]
fn a_hook_may_use_the_channel() {
    let counts = Arc::new(Mutex::new(Vec::new()));
    let shared: Arc<Mutex<Option<Channel>>> = Arc::default();
    let (of_hook, counted) = (Arc::clone(&shared), Arc::clone(&counts));
    let hook = move |_: &Presence<'_>| {
        let channel = of_hook.lock().unwrap().clone();
        if let Some(channel) = channel {
            counted.lock().unwrap().push(channel.subscriber_count());
            channel.publish("somebody came or went").unwrap();
        }
    };
    let channel = Channel::builder().on_presence(hook).build();
    *shared.lock().unwrap() = Some(channel.clone());
    let mut reader = Reader::of(channel.subscribe(Subscription::new()));
    reader.frame();
    drop(channel.subscribe(Subscription::new()));
    assert_eq!(*counts.lock().unwrap(), [1, 2, 1]);
    assert_eq!(reader.frame().unwrap().matches("somebody").count(), 3);
    assert!(waits(&mut reader));
    *shared.lock().unwrap() = None;
}
