//! Many subscribers are woken in slices: later ones find more events in a frame, and nobody depends on
//! anybody else being polled.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::{Reader, waits};
use http_body_util::BodyExt;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use wellspring_server::{Channel, EventStream, Subscription};

const SUBSCRIBERS: usize = 1_000;
const EVENTS: usize = 16;

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Reads the opening, then events; gives the number of frames they came in.
async fn read_all(mut stream: EventStream, waiting: Arc<AtomicUsize>) -> usize {
    stream.frame().await.unwrap().unwrap();
    waiting.fetch_add(1, Ordering::Relaxed);
    let (mut events, mut frames) = (0, 0);
    while events < EVENTS {
        let frame = timeout(Duration::from_secs(60), stream.frame()).await;
        let bytes = frame.unwrap().unwrap().unwrap().into_data().unwrap();
        for line in std::str::from_utf8(&bytes).unwrap().lines() {
            if let Some(data) = line.strip_prefix("data: ") {
                assert_eq!(data, events.to_string());
                events += 1;
            }
        }
        frames += 1;
    }
    frames
}

/// Starts them, and waits until all of them wait.
async fn subscribe(channel: &Channel, number: usize) -> Vec<tokio::task::JoinHandle<usize>> {
    let waiting = Arc::new(AtomicUsize::new(0));
    let start = |_| {
        let stream = channel.subscribe(Subscription::new());
        tokio::spawn(read_all(stream, Arc::clone(&waiting)))
    };
    let tasks = (0..number).map(start).collect();
    while waiting.load(Ordering::Relaxed) < number {
        tokio::task::yield_now().await;
    }
    tokio::task::yield_now().await;
    tasks
}

#[test]
fn later_slices_find_more_events_in_a_frame() {
    let frames = current_thread().block_on(async {
        let channel = Channel::new();
        let tasks = subscribe(&channel, SUBSCRIBERS).await;
        for number in 0..EVENTS {
            channel.publish(number.to_string()).unwrap();
            // Whoever was woken is polled, and takes what there is.
            tokio::task::yield_now().await;
        }
        let mut frames = 0;
        for task in tasks {
            frames += task.await.unwrap();
        }
        frames
    });
    println!("{} deliveries in {frames} frames", SUBSCRIBERS * EVENTS);
    assert!(frames < SUBSCRIBERS * EVENTS / 4, "{frames}");
}

#[test]
fn a_runtime_that_stands_still_holds_up_only_its_own() {
    let channel = Channel::new();
    let [standing, running] = [current_thread(), current_thread()];
    let held_up = standing.block_on(subscribe(&channel, 200));
    let served = running.block_on(subscribe(&channel, 200));
    for number in 0..EVENTS {
        channel.publish(number.to_string()).unwrap();
    }
    for (runtime, tasks) in [(running, served), (standing, held_up)] {
        runtime.block_on(async {
            for task in tasks {
                task.await.unwrap();
            }
        });
    }
}

/// Subscribers that wait, polled here.
fn waiting(channel: &Channel) -> Vec<Reader> {
    let mut readers: Vec<_> = (0..200)
        .map(|_| channel.subscribe(Subscription::new()).without_keep_alive())
        .map(Reader::of)
        .collect();
    for reader in &mut readers {
        reader.frame();
        assert!(waits(reader));
    }
    readers
}

/// The same, polled in a task of a runtime that stands still afterwards.
fn waiting_in(runtime: &Runtime, channel: &Channel) -> Vec<Reader> {
    let channel = channel.clone();
    let waiting = runtime.spawn(async move { waiting(&channel) });
    runtime.block_on(waiting).unwrap()
}

/// Nothing runs there, as when another executor polls in its context.
#[test]
fn a_runtime_that_is_only_entered_leaves_nobody_asleep() {
    let channel = Channel::new();
    let runtime = current_thread();
    let inside = runtime.enter();
    let readers = waiting(&channel);
    drop(inside);
    channel.publish("first").unwrap();
    assert!(readers.iter().all(|reader| reader.wakes() == 1));
}

#[test]
fn a_runtime_that_shuts_down_leaves_nobody_asleep() {
    let channel = Channel::new();
    let runtime = current_thread();
    let mut readers = waiting_in(&runtime, &channel);
    channel.publish("first").unwrap();
    assert!(readers.iter().all(|reader| reader.wakes() == 0));
    drop(runtime);
    assert!(readers.iter().all(|reader| reader.wakes() == 1));
    for reader in &mut readers {
        assert!(reader.frame().unwrap().starts_with("data: first\n"));
    }
}

#[test]
fn a_runtime_that_has_shut_down_leaves_nobody_asleep() {
    let channel = Channel::new();
    let runtime = current_thread();
    let readers = waiting_in(&runtime, &channel);
    drop(runtime);
    channel.publish("first").unwrap();
    assert!(readers.iter().all(|reader| reader.wakes() == 1));
    channel.close();
}
