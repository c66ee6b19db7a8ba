//! What the tests share. In: sources. Out: short words for what they yield, and a limit on the patience for it.
//!
//! Next: `world.rs`.

#![allow(dead_code, reason = "each test binary uses a part")]

pub(crate) mod world;

use std::future::Future;
use std::time::Duration;

use wellspring::{Error, EventSource, Signal};

pub(crate) fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    let limit = Duration::from_secs(20);
    let soon = tokio::time::timeout(limit, future).await;
    soon.expect("it comes soon")
}

/// The data of the next event.
pub(crate) async fn next_data(source: &mut EventSource) -> String {
    let event = soon(source.next()).await.expect("an event");
    event.expect("no error").data.to_owned()
}

/// The error that ends the source; events before it are a failure.
pub(crate) async fn next_error(source: &mut EventSource) -> Error {
    let error = soon(source.next()).await.expect("an error").unwrap_err();
    assert!(soon(source.next()).await.is_none());
    error
}

/// The next loss of the connection, as text; events before it are skipped.
pub(crate) async fn next_loss(source: &mut EventSource) -> String {
    let mut signals = source.signals();
    loop {
        match soon(signals.next()).await.expect("a signal") {
            Ok(Signal::Reconnecting(lost)) => return lost.to_string(),
            Ok(_) => {}
            Err(error) => panic!("failed: {error}"),
        }
    }
}
