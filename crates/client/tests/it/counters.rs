//! What a handle can tell of its source. In: events, comments and losses. Out: counts.
//!
//! Next: `runtime.rs`.

use std::time::Instant;

use crate::support::{next_data, source, stream, whole};
use wellspring_testkit::server::ScriptedServer;

#[tokio::test]
async fn a_handle_counts_what_its_source_has_done() {
    let start = Instant::now();
    let first = ": hi\n\ndata: a\n\n";
    let second = "data: b\n\ndata: c\n\n";
    let scripts = [whole(first), stream(second).hang()];
    let server = ScriptedServer::start(scripts).await;
    let mut source = source(server.url("/"));
    let handle = source.handle().clone();
    let counters = handle.counters();
    assert_eq!(
        (counters.events, counters.bytes, counters.attempts),
        (0, 0, 0)
    );
    assert_eq!(counters.last_byte_at, None);
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    let counters = handle.counters();
    let bytes = (first.len() + second.len()) as u64;
    // "c" has come, and nobody has taken it.
    assert_eq!((counters.events, counters.attempts), (2, 2));
    assert_eq!(counters.bytes, bytes);
    assert!(counters.last_byte_at.unwrap() >= start);
    assert_eq!(next_data(&mut source).await, "c");
    assert_eq!(handle.counters().events, 3);
}
