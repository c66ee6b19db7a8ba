//! Bodies: keep-alive by tokio's clock, and streams that are generated.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::support::{Reader, waits};
use futures_core::Stream;
use http_body_util::BodyExt;
use tokio::time::{Instant, sleep, timeout};
use wellspring_server::{Block, Channel, EventStream, Subscription};

async fn frame(stream: &mut EventStream) -> String {
    let bytes = stream.frame().await.unwrap().unwrap().into_data().unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_comment_comes_after_15_s_of_silence() {
    let channel = Channel::new();
    let mut stream = channel.subscribe(Subscription::new());
    frame(&mut stream).await;
    let begin = Instant::now();
    for comments in 1..=4 {
        assert_eq!(frame(&mut stream).await, ":\n");
        assert_eq!(begin.elapsed().as_secs(), comments * 15);
    }
}

#[tokio::test(start_paused = true)]
async fn traffic_resets_the_silence() {
    let channel = Channel::new();
    let mut stream = channel
        .subscribe(Subscription::new())
        .keep_alive(Duration::from_secs(10));
    frame(&mut stream).await;
    let begin = Instant::now();
    let publisher = channel.clone();
    tokio::spawn(async move {
        for _ in 0..5 {
            sleep(Duration::from_secs(7)).await;
            publisher.publish("x").unwrap();
        }
    });
    for _ in 0..5 {
        assert!(frame(&mut stream).await.starts_with("data: x\n"));
    }
    assert_eq!(begin.elapsed().as_secs(), 35);
    assert_eq!(frame(&mut stream).await, ":\n");
    assert_eq!(begin.elapsed().as_secs(), 45);
    drop(channel);
}

#[tokio::test(start_paused = true)]
async fn keep_alive_can_be_off_and_cannot_spin() {
    let channel = Channel::new();
    let mut off = channel.subscribe(Subscription::new()).without_keep_alive();
    frame(&mut off).await;
    let day = Duration::from_secs(86_400);
    assert!(timeout(day, off.frame()).await.is_err());
    let never = channel.subscribe(Subscription::new());
    let mut never = never.keep_alive(Duration::MAX);
    frame(&mut never).await;
    assert!(timeout(day, never.frame()).await.is_err());
    let zero = channel.subscribe(Subscription::new());
    let mut zero = zero.keep_alive(Duration::ZERO);
    frame(&mut zero).await;
    let begin = Instant::now();
    assert_eq!(frame(&mut zero).await, ":\n");
    assert_eq!(frame(&mut zero).await, ":\n");
    assert!(begin.elapsed() >= Duration::from_millis(2));
}

#[test]
fn without_a_runtime_there_is_no_keep_alive_and_no_panic() {
    let channel = Channel::new();
    let mut reader = Reader::of(channel.subscribe(Subscription::new()));
    reader.frame();
    assert!(waits(&mut reader));
    channel.publish("x").unwrap();
    assert!(reader.frame().unwrap().starts_with("data: x\n"));
}

/// Gives what is in it, in order: a block, or a moment without one.
struct Script(std::vec::IntoIter<Option<Block<'static>>>);

impl Stream for Script {
    type Item = Block<'static>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.0.next() {
            Some(Some(block)) => Poll::Ready(Some(block)),
            Some(None) => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            None => Poll::Ready(None),
        }
    }
}

fn generated(script: Vec<Option<Block<'static>>>) -> Reader {
    let stream = EventStream::new(Script(script.into_iter()));
    Reader::of(stream.retry(Duration::from_millis(100)))
}

#[test]
fn a_generated_stream_goes_out_in_frames_and_ends() {
    let block = |data: &'static str| Some(Block::data(data));
    let mut reader = generated(vec![block("a"), block("b"), None, block("c")]);
    assert_eq!(reader.frame().unwrap(), ":\nretry: 100\n");
    assert_eq!(reader.frame().unwrap(), "data: a\n\ndata: b\n\n");
    assert_eq!(reader.frame().unwrap(), "data: c\n\n");
    assert_eq!(reader.frame(), None);
    assert!(reader.is_end_stream());
    assert_eq!(reader.frame(), None);
}

#[test]
fn frames_of_a_generated_stream_are_bounded() {
    let sizes = [100, 10_000, 10_000, 40_000, 100, 6_000];
    let block = |size: usize| Some(Block::data("x".repeat(size)));
    let mut reader = generated(sizes.into_iter().map(block).collect());
    reader.frame();
    let lengths: Vec<_> = std::iter::from_fn(|| reader.frame())
        .map(|frame| frame.len())
        .collect();
    assert_eq!(lengths, [10_116, 10_008, 16_384, 16_384, 7_240, 6_116]);
}

#[test]
fn each_connection_has_a_reconnection_time_of_its_own() {
    let seconds = Duration::from_secs(1)..=Duration::from_secs(3);
    let opening = |times| {
        let channel = Channel::new();
        let stream = channel.subscribe(Subscription::new()).retry_between(times);
        let opening = Reader::of(stream).frame().unwrap();
        let retry = opening
            .lines()
            .find_map(|line| line.strip_prefix("retry: "));
        retry.unwrap().parse::<u64>().unwrap()
    };
    let mut times: Vec<_> = (0..100).map(|_| opening(seconds.clone())).collect();
    times.sort_unstable();
    assert!(times[0] >= 1_000 && times[99] <= 3_000);
    assert!(times[99] - times[0] > 1_000, "{times:?}");
    let backwards = Duration::from_secs(3)..=Duration::from_secs(1);
    assert_eq!(opening(backwards), 3_000);
    assert_eq!(opening(Duration::MAX..=Duration::MAX), u64::MAX);
}

#[test]
fn streams_and_channels_go_wherever_servers_want_them() {
    fn body<T: http_body::Body + Send + Unpin + 'static>() {}
    fn shared<T: Clone + Send + Sync + 'static>() {}
    body::<EventStream>();
    shared::<Channel>();
}
