//! A client that was built without its default transport. In: sources with a transport of their own and without. Out: the
//! one works, the other says at once what is missing.
//!
//! Run by `cargo test -p wellspring --no-default-features --features tower --test without_transport`.
//!
//! Next: `it/connect.rs`.

#![cfg(all(feature = "tower", not(feature = "http-transport")))]
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

#[path = "it/support.rs"]
mod support;

use support::{assert_says, builder, next_data, next_error, source};
use wellspring::Failure;
use wellspring::transport::TowerTransport;
use wellspring_testkit::service::{Answer, ScriptedService};

#[tokio::test]
async fn a_source_without_a_transport_says_what_is_missing() {
    let error = next_error(&mut source("https://localhost/stream")).await;
    assert_eq!(error.failure(), Some(Failure::Permanent));
    let missing = ["https://localhost/stream", "give it one", "http-transport"];
    assert_says(&error.to_string(), &missing);
}

#[tokio::test]
async fn a_source_with_a_transport_of_its_own_works() {
    let answers = [
        Answer::event_stream("id: 1\ndata: a\n\n"),
        Answer::event_stream("data: b\n\n"),
    ];
    let service = ScriptedService::new(answers);
    let transport = TowerTransport::new(service.clone());
    let builder = builder("https://localhost/stream").transport(transport);
    let mut source = builder.build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    assert_eq!(service.requests()[1].headers()["last-event-id"], "1");
}

/// A runtime of its own, without the driver for sockets.
#[test]
fn a_blocking_source_needs_no_sockets() {
    let service = ScriptedService::new([Answer::event_stream("data: a\n\n")]);
    let builder = builder("http://localhost/").transport(TowerTransport::new(service));
    let mut blocking = builder.build().unwrap().into_blocking().unwrap();
    assert_eq!(blocking.next_lent().unwrap().unwrap().data, "a");
}
