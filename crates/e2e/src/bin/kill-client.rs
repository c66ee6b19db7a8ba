//! The client of the kill test. In: `--url URL --face pull|handlers --last N`. Out: exit code 0 when
//! each event from 1 to N has come once, in order and whole; otherwise what came instead.
//!
//! Next: `tests/kill.rs`.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use wellspring::{DomEvent, ErrorEvent, EventSource};
use wellspring_e2e::arguments::required;
use wellspring_e2e::numbered::{Judge, TYPES};

/// Rust's face: events lent one by one.
async fn pull(mut source: EventSource, mut judge: Judge) -> Result<Judge, Box<dyn Error>> {
    while !judge.is_content() {
        let event = source.next().await.ok_or("closed too early")??;
        judge.judge(event.event_type, event.data, event.last_event_id)?;
    }
    Ok(judge)
}

/// The standard's face: a handler, and a listener for each of the other types.
async fn handlers(source: EventSource, judge: Judge) -> Result<Judge, Box<dyn Error>> {
    let verdict = Arc::new(Mutex::new(Ok(judge)));
    let listener = || {
        let (verdict, handle) = (Arc::clone(&verdict), source.handle().clone());
        move |event: DomEvent<'_>| {
            let mut verdict = verdict.lock().unwrap_or_else(PoisonError::into_inner);
            take(&mut verdict, event);
            if verdict.as_ref().map_or(true, Judge::is_content) {
                handle.close();
            }
        }
    };
    source.onmessage(listener());
    source.onerror(listener());
    for event_type in &TYPES[1..] {
        source.add_event_listener(event_type, listener());
    }
    source.run().await;
    let verdict = verdict.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(verdict.clone()?)
}

fn take(verdict: &mut Result<Judge, String>, event: DomEvent<'_>) {
    let Ok(judge) = verdict else {
        return;
    };
    let judged = match event {
        DomEvent::Message(event) => judge.judge(event.event_type, event.data, event.last_event_id),
        DomEvent::Error(ErrorEvent::Failed(error)) => Err(error.to_string()),
        _ => Ok(()),
    };
    if let Err(why) = judged {
        *verdict = Err(why);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let source = EventSource::new(required::<String>("url")?)?;
    let last = required("last")?;
    let judge = match required::<String>("face")?.as_str() {
        "pull" => pull(source, Judge::new(last)).await?,
        _ => handlers(source, Judge::new(last)).await?,
    };
    if judge.is_content() {
        return Ok(());
    }
    Err(format!("closed after {} events", judge.count()).into())
}
