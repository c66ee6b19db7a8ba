//! What the tests of the client share. In: scripts of servers. Out: sources that wait milliseconds,
//! and short words for what they yield.
//!
//! Next: `connect.rs`.

#![allow(dead_code, reason = "each test binary uses a part")]

use std::future::Future;
use std::time::Duration;

use wellspring::{Error, EventSource, EventSourceBuilder, Policy, Reconnection, Signal};
use wellspring_testkit::server::Script;

/// The head of a chunked event stream.
pub(crate) const CHUNKED: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

/// The codings that this build asks for.
pub(crate) const ACCEPT_ENCODING: &str = match (cfg!(feature = "gzip"), cfg!(feature = "br")) {
    (true, true) => "gzip, br",
    (true, false) => "gzip",
    (false, true) => "br",
    (false, false) => "identity",
};

/// How long a test waits for what must come.
pub(crate) const SOON: Duration = Duration::from_secs(10);

pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(SOON, future)
        .await
        .expect("it comes soon")
}

pub(crate) fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Waits of 10 ms, without jitter.
pub(crate) fn quick() -> Reconnection {
    Reconnection::default()
        .with_initial(ms(10))
        .with_floor(ms(1))
        .with_factor(1)
        .with_jitter(false)
}

pub(crate) fn builder(url: impl AsRef<str>) -> EventSourceBuilder {
    EventSource::builder(url).policy(Policy::standard().with_reconnection(quick()))
}

pub(crate) fn source(url: impl AsRef<str>) -> EventSource {
    builder(url).build().unwrap()
}

/// A script that reads a request and answers 200 with a chunked event stream whose body has begun.
pub(crate) fn stream(body: &str) -> Script {
    Script::new()
        .expect_request()
        .send(CHUNKED)
        .send_chunk(body)
}

/// Likewise, and the body ends properly.
pub(crate) fn whole(body: &str) -> Script {
    stream(body).send_chunk("")
}

/// The data of the next event.
pub(crate) async fn next_data(source: &mut EventSource) -> String {
    let event = soon(source.next()).await.expect("an event");
    event.expect("no error").data.to_owned()
}

/// The error that ends the source, which must come before any event; `None` must follow, as often as
/// it is asked for.
pub(crate) async fn next_error(source: &mut EventSource) -> Error {
    let error = soon(source.next()).await.expect("an error").unwrap_err();
    for _ in 0..3 {
        assert!(soon(source.next()).await.is_none());
    }
    error
}

/// The next signal in few words.
pub(crate) async fn next_signal(source: &mut EventSource) -> Option<String> {
    let mut signals = source.signals();
    let signal = soon(signals.next()).await?;
    Some(match signal {
        Ok(signal) => told(&signal),
        Err(error) => format!("failed: {error}"),
    })
}

pub(crate) fn told(signal: &Signal<'_>) -> String {
    match signal {
        Signal::Open(_) => "open".to_owned(),
        Signal::Message(event) => format!("{}: {}", event.event_type, event.data),
        Signal::Comment(text) => format!("comment: {text}"),
        Signal::ReconnectionTime(time) => format!("time: {time:?}"),
        Signal::LastEventId(id) => format!("position: {id}"),
        Signal::Reconnecting(lost) => format!("lost: {}; attempt {}", lost.cause, lost.attempt),
        other => format!("{other:?}"),
    }
}

/// Signals in few words until one is like this; without it.
pub(crate) async fn signals_until(source: &mut EventSource, last: &str) -> Vec<String> {
    let mut signals = Vec::new();
    loop {
        let signal = next_signal(source).await.expect("a signal");
        if signal.starts_with(last) {
            return signals;
        }
        signals.push(signal);
    }
}

/// The next loss of the connection, as text; events before it are skipped.
pub(crate) async fn next_loss(source: &mut EventSource) -> String {
    let mut signals = source.signals();
    loop {
        match soon(signals.next()).await.expect("a signal") {
            Ok(Signal::Reconnecting(lost)) => {
                return with_help(lost, lost.cause.help());
            }
            Ok(_) => {}
            Err(error) => panic!("failed: {error}"),
        }
    }
}

/// An error, the causes below it and the advice, as a program prints it.
pub(crate) fn whole_text(error: &Error) -> String {
    with_help(error, error.help())
}

fn with_help(what: &impl std::fmt::Display, help: Option<&str>) -> String {
    format!("{what:#} ({})", help.unwrap_or("no advice"))
}

/// Asserts that the text has all of the parts.
pub(crate) fn assert_says(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no {part:?} in: {text}");
    }
}

/// How many tasks the runtime of the test has.
pub(crate) fn alive_tasks() -> usize {
    tokio::runtime::Handle::current()
        .metrics()
        .num_alive_tasks()
}

/// Waits until the runtime has this many tasks.
pub(crate) async fn tasks_settle_at(count: usize) {
    let settled = async {
        while alive_tasks() != count {
            tokio::time::sleep(ms(1)).await;
        }
    };
    let settled = tokio::time::timeout(SOON, settled).await;
    assert!(settled.is_ok(), "{} tasks, not {count}", alive_tasks());
}
