//! One subscriber. In: a source. Out: in its account what came, and over which connections.
//!
//! Next: `account.rs` judges.

use std::sync::Arc;

use http::HeaderMap;
use tokio::sync::Semaphore;
use wellspring::{EventRef, EventSource, Signal};

use super::connections::Begin;
use super::cut::Blade;
use super::run::{Run, down, up};

/// Answers in which a server says where it resumes: before 1.0, and since.
const POSITIONS: [&str; 2] = ["last-event-id", "mercure-last-event-id"];
/// What came of the last event ID, from servers made with this library.
const RESUME: &str = "wellspring-resume";
/// How such servers tell of a gap within a stream: a comment that begins so, or an event of this type.
const GAP_COMMENT: &str = "gap:";
const GAP_EVENT: &str = "wellspring-gap";

pub(super) struct Subscriber {
    pub(super) run: Arc<Run>,
    pub(super) number: usize,
    pub(super) source: EventSource,
    pub(super) blade: Arc<Blade>,
}

impl Subscriber {
    /// Reads until the source fails for good. Connecting for the first time takes leave.
    pub(super) async fn read(mut self, leave: Arc<Semaphore>) {
        let mut leave = leave.acquire_owned().await.ok();
        let run = Arc::clone(&self.run);
        let handle = self.source.handle().clone();
        // As the source has it, which is lent out with each signal.
        let mut last_event_id = String::new();
        let (mut is_open, mut has_had_event) = (false, false);
        loop {
            let signal = match self.source.next_signal().await {
                Some(Ok(signal)) => signal,
                Some(Err(error)) => {
                    run.complain(format!("a subscriber: {error:#}"));
                    break;
                }
                None => {
                    run.complain("a subscriber: the server ended the stream for good".to_owned());
                    break;
                }
            };
            match signal {
                Signal::Open(opened) => {
                    drop(leave.take());
                    is_open = true;
                    up(&run.counters.connected);
                    let begin = begin(&opened.headers, &last_event_id);
                    if begin == Begin::Fresh && has_had_event {
                        up(&run.counters.without_id);
                    }
                    note(&run, self.number, begin);
                }
                Signal::Comment(text) if text.trim_start().starts_with(GAP_COMMENT) => {
                    run.account(self.number).gap(run.milliseconds());
                }
                Signal::Message(event) if event.event_type == GAP_EVENT => {
                    event.last_event_id.clone_into(&mut last_event_id);
                    run.account(self.number).gap(run.milliseconds());
                }
                Signal::Message(event) => {
                    has_had_event = true;
                    event.last_event_id.clone_into(&mut last_event_id);
                    take(&run, self.number, event);
                }
                Signal::LastEventId(id) => id.clone_into(&mut last_event_id),
                Signal::Reconnecting(lost) => {
                    if std::mem::take(&mut is_open) {
                        down(&run.counters.connected);
                    }
                    let is_ours = self.blade.take_cut();
                    if is_ours {
                        handle.reconnect_now();
                    } else if lost.attempt > 1 {
                        run.complain(format!("a subscriber: {}", lost.cause));
                    }
                }
                _ => {}
            }
        }
        if is_open {
            down(&run.counters.connected);
        }
        up(&run.counters.failed);
    }
}

/// A connection is open.
fn note(run: &Run, subscriber: usize, begin: Begin) {
    let mut account = run.account(subscriber);
    let is_first = account.connections().is_empty();
    match begin {
        Begin::Fresh if is_first => {}
        Begin::Fresh => up(&run.counters.fresh),
        Begin::Resumed | Begin::Gap => up(&run.counters.resumed),
    }
    account.opened(run.milliseconds(), begin);
}

fn take(run: &Run, subscriber: usize, event: EventRef<'_>) {
    up(&run.counters.delivered);
    let mut account = run.account(subscriber);
    let sent = account.event(event, run.published());
    let opened = account.connections().opened_last().unwrap_or(0);
    drop(account);
    // What was sent before was replayed, and waited for the subscriber.
    if let Some(sent) = sent.filter(|sent| *sent > u64::from(opened) * 1000) {
        run.latency.add(run.microseconds().saturating_sub(sent));
    }
}

/// What the head of an answer says to a request with this last event ID.
fn begin(headers: &HeaderMap, last_event_id: &str) -> Begin {
    if last_event_id.is_empty() {
        return Begin::Fresh;
    }
    let value = |name: &str| headers.get(name).map(http::HeaderValue::as_bytes);
    let is_elsewhere = |name: &&str| value(name).is_some_and(|at| at != last_event_id.as_bytes());
    let is_lost = value(RESUME).is_some_and(|resume| resume != b"found");
    match is_lost || POSITIONS.iter().any(is_elsewhere) {
        true => Begin::Gap,
        false => Begin::Resumed,
    }
}

#[cfg(test)]
mod tests;
