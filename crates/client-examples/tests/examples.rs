//! The examples at work.
//!
//! Next: `semantics.rs`.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

#[expect(dead_code, reason = "its main function is not used here")]
#[path = "../examples/reqwest.rs"]
mod over_reqwest;
#[expect(dead_code, reason = "its main function is not used here")]
#[path = "../examples/router.rs"]
mod router;
mod support;

use support::{next_data, soon};
use wellspring_testkit::server::{Script, ScriptedServer};

#[tokio::test]
async fn a_router_is_asked_without_a_socket() {
    let seen = soon(router::resumed()).await.unwrap();
    assert_eq!(seen, ["count: two", "count: three"]);
}

#[tokio::test]
async fn a_client_of_reqwest_asks() {
    let server = ScriptedServer::start([Script::event_stream("data: a\n\n")]).await;
    let mut source = over_reqwest::source(&server.url("/")).unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    // Ours has its own name; what the program sets up in reqwest is only for requests without.
    let request = server.request(0).await;
    assert_eq!(request.headers("user-agent").len(), 1);
}
