#![allow(clippy::unwrap_used, clippy::panic)]

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use wellspring_proto::Event;
use wellspring_testkit::server::{Script, ScriptedServer};

use super::{Recorder, RecorderError};
use crate::store::{Store, StoreError, StoreErrorKind};
use crate::{EventSource, EventSourceBuilder, Reconnection, Signal};

/// What was committed, and how many commits shall fail.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    commits: Vec<(Vec<String>, String)>,
    fail: usize,
    threads: Vec<std::thread::ThreadId>,
}

impl Memory {
    fn ids(&self) -> Vec<String> {
        let kept = self.0.lock().unwrap();
        let ids = kept.commits.iter().flat_map(|(ids, _)| ids.clone());
        ids.collect()
    }

    fn commits(&self) -> Vec<(Vec<String>, String)> {
        self.0.lock().unwrap().commits.clone()
    }

    fn fail(&self, commits: usize) {
        self.0.lock().unwrap().fail = commits;
    }
}

impl Store for Memory {
    fn position(&mut self, _source: &str) -> Result<Option<String>, StoreError> {
        let kept = self.0.lock().unwrap();
        Ok(kept.commits.last().map(|(_, position)| position.clone()))
    }

    fn commit(&mut self, source: &str, events: &[Event], position: &str) -> Result<(), StoreError> {
        assert_eq!(source, "key");
        let mut kept = self.0.lock().unwrap();
        kept.threads.push(std::thread::current().id());
        if kept.fail > 0 {
            kept.fail -= 1;
            return Err(StoreError::new(StoreErrorKind::Full, "memory", ""));
        }
        let ids = events.iter().map(|event| event.last_event_id().to_owned());
        let ids = ids.collect();
        kept.commits.push((ids, position.to_owned()));
        Ok(())
    }
}

fn builder(server: &ScriptedServer) -> EventSourceBuilder {
    let quick = Reconnection::default()
        .with_initial(Duration::from_millis(10))
        .with_floor(Duration::from_millis(1))
        .with_jitter(false);
    EventSource::builder(server.url("/")).reconnection(quick)
}

async fn recorder(server: &ScriptedServer, memory: &Memory) -> Recorder<Memory> {
    let resumed = Recorder::resume(builder(server), memory.clone(), "key");
    resumed.await.unwrap()
}

fn numbered(numbers: std::ops::RangeInclusive<u32>) -> String {
    let blocks = numbers.map(|number| format!("id: {number}\ndata: {number}\n\n"));
    blocks.collect()
}

async fn serve(scripts: impl IntoIterator<Item = Script>) -> ScriptedServer {
    ScriptedServer::start(scripts).await
}

async fn take(recorder: &mut Recorder<Memory>, count: usize) {
    for _ in 0..count {
        recorder.next().await.unwrap().unwrap();
    }
}

/// Goes on asking until the condition holds; nothing more comes.
async fn ask_until(recorder: &mut Recorder<Memory>, holds: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    while !holds() {
        assert!(tokio::time::Instant::now() < deadline, "it does not hold");
        let _ = tokio::time::timeout(Duration::from_millis(5), recorder.next()).await;
    }
}

#[tokio::test]
async fn an_event_is_committed_once_the_next_one_is_asked_for() {
    let server = serve([Script::event_stream(numbered(1..=3)).hang()]).await;
    let memory = Memory::default();
    let mut recorder = recorder(&server, &memory).await;
    take(&mut recorder, 3).await;
    tokio::time::sleep(Duration::from_millis(120)).await;
    assert!(memory.commits().is_empty(), "nobody asked for the next one");
    ask_until(&mut recorder, || !memory.commits().is_empty()).await;
    let all = ["1", "2", "3"].map(str::to_owned).to_vec();
    assert_eq!(memory.commits(), [(all, "3".to_owned())]);
    let here = std::thread::current().id();
    assert!(!memory.0.lock().unwrap().threads.contains(&here));
}

#[tokio::test]
async fn a_stored_position_is_resumed_and_none_is_not() {
    let resumes = || Script::event_stream(numbered(4..=5)).hang();
    let server = serve([Script::event_stream(numbered(1..=3)), resumes(), resumes()]).await;
    let memory = Memory::default();
    let begun = Recorder::resume(builder(&server).last_event_id("0"), memory.clone(), "key");
    let mut recorder = begun.await.unwrap();
    take(&mut recorder, 4).await;
    let store = recorder.finish().await.unwrap();
    assert_eq!(store.ids(), ["1", "2", "3", "4"]);
    let mut recorder = Recorder::resume(builder(&server).last_event_id("0"), store, "key")
        .await
        .unwrap();
    assert_eq!(recorder.source().last_event_id(), "4");
    take(&mut recorder, 1).await;
    let ids = [0, 1, 2].map(|index| server.request(index));
    let mut sent = Vec::new();
    for request in ids {
        sent.push(request.await.header("last-event-id").unwrap());
    }
    assert_eq!(sent, [b"0", b"3", b"4"]);
}

#[tokio::test]
async fn a_position_without_an_event_is_committed() {
    let body = format!("{}id: 9\n\n", numbered(1..=1));
    let server = serve([Script::event_stream(body).hang()]).await;
    let memory = Memory::default();
    let mut recorder = recorder(&server, &memory).await;
    let mut positions = 0;
    while positions == 0 {
        let signal = recorder.next_signal().await.unwrap().unwrap();
        positions += usize::from(matches!(signal, Signal::LastEventId("9")));
    }
    recorder.commit().await.unwrap();
    assert_eq!(memory.commits(), [(vec!["1".to_owned()], "9".to_owned())]);
}

#[tokio::test]
async fn a_full_batch_is_committed_at_once() {
    let server = serve([Script::event_stream(numbered(1..=3000)).hang()]).await;
    let memory = Memory::default();
    let mut recorder = recorder(&server, &memory).await;
    take(&mut recorder, 3000).await;
    recorder.finish().await.unwrap();
    let expected: Vec<String> = (1..=3000).map(|number| number.to_string()).collect();
    assert_eq!(memory.ids(), expected);
    let largest = memory.commits().iter().map(|(ids, _)| ids.len()).max();
    assert!(largest <= Some(1024), "{largest:?}");
}

#[tokio::test]
async fn what_a_failed_commit_held_is_committed_later_and_in_order() {
    let script = Script::event_stream(numbered(1..=2))
        .gate()
        .send(numbered(3..=4))
        .hang();
    let server = serve([script]).await;
    let memory = Memory::default();
    let mut recorder = recorder(&server, &memory).await;
    take(&mut recorder, 2).await;
    memory.fail(2);
    let failed = recorder.next().await.unwrap().unwrap_err();
    assert!(matches!(failed, RecorderError::Store(_)), "{failed}");
    let failed = recorder.commit().await.unwrap_err();
    assert_eq!(failed.kind(), StoreErrorKind::Full);
    assert!(memory.commits().is_empty());
    server.open_gate();
    take(&mut recorder, 2).await;
    recorder.finish().await.unwrap();
    assert_eq!(memory.ids(), ["1", "2", "3", "4"]);
    assert_eq!(memory.commits().last().unwrap().1, "4");
}

/// What is in the batch is for the program, whoever closes the source meanwhile.
#[tokio::test]
async fn an_event_that_will_be_committed_is_given_out_although_the_source_is_closed() {
    let server = serve([Script::event_stream(numbered(1..=3)).hang()]).await;
    let memory = Memory::default();
    let mut recorder = recorder(&server, &memory).await;
    take(&mut recorder, 1).await;
    let kept = std::future::poll_fn(|cx| recorder.poll_turn_kind(cx)).await;
    let kept = kept.unwrap().unwrap();
    recorder.source().close();
    let Some(Signal::Message(event)) = recorder.source.lend(kept) else {
        panic!("it is committed, and the program has not seen it");
    };
    assert_eq!(event.last_event_id, "2");
    assert!(recorder.next().await.is_none());
    assert_eq!(memory.ids(), ["1", "2"]);
}

#[tokio::test]
async fn the_end_comes_after_everything_is_committed() {
    let server = serve([
        Script::event_stream(numbered(1..=2)),
        Script::answer("404 Not Found", &[]),
    ])
    .await;
    let memory = Memory::default();
    let mut recorder = recorder(&server, &memory).await;
    take(&mut recorder, 2).await;
    let failed = recorder.next().await.unwrap().unwrap_err();
    let RecorderError::Source(error) = failed else {
        panic!("{failed}");
    };
    assert_eq!(error.status().unwrap(), 404);
    assert_eq!(memory.ids(), ["1", "2"]);
    assert!(recorder.next().await.is_none());
    assert!(recorder.next().await.is_none());
}

#[tokio::test]
async fn dropping_a_call_loses_nothing_and_commits_nothing_twice() {
    let script = Script::event_stream(numbered(1..=500))
        .gate()
        .send(numbered(501..=600))
        .hang();
    let server = serve([script]).await;
    let memory = Memory::default();
    let mut recorder = recorder(&server, &memory).await;
    let mut seen = Vec::new();
    while seen.len() < 600 {
        {
            // Polled once and dropped.
            let mut next = Box::pin(recorder.next());
            let mut cx = Context::from_waker(Waker::noop());
            if let Poll::Ready(event) = next.as_mut().poll(&mut cx) {
                seen.push(event.unwrap().unwrap().last_event_id.to_owned());
            }
        }
        if seen.len() == 500 {
            server.open_gate();
        }
        tokio::task::yield_now().await;
    }
    recorder.finish().await.unwrap();
    assert_eq!(memory.ids(), seen);
    assert!(seen.is_sorted_by_key(|id| id.parse::<u32>().unwrap()));
}

#[test]
fn without_a_runtime_what_was_taken_is_still_committed() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let memory = Memory::default();
    let (mut recorder, _server) = runtime.block_on(async {
        let server = serve([Script::event_stream(numbered(1..=2)).hang()]).await;
        let mut recorder = recorder(&server, &memory).await;
        take(&mut recorder, 2).await;
        (recorder, server)
    });
    let mut cx = Context::from_waker(Waker::noop());
    let committed = Box::pin(recorder.commit()).as_mut().poll(&mut cx);
    assert!(matches!(committed, Poll::Ready(Ok(()))));
    assert_eq!(memory.ids(), ["1", "2"]);
}
