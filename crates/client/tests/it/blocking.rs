//! The source without a runtime. In: a thread that may block. Out: an iterator.
//!
//! Next: the examples.

use std::time::{Duration, Instant};

use crate::support;
use crate::support::{assert_says, builder, ms, stream, whole};
use wellspring::{Blocking, EventSource, ReadyState};
use wellspring_testkit::server::{Script, ScriptedServer};

/// A server in a runtime of its own; both end with the runtime.
fn serve(scripts: Vec<Script>) -> (tokio::runtime::Runtime, ScriptedServer) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let server = runtime.block_on(ScriptedServer::start(scripts));
    (runtime, server)
}

fn blocking(server: &ScriptedServer) -> Blocking {
    let source = builder(server.url("/")).build().unwrap();
    source.into_blocking().unwrap()
}

#[test]
fn events_come_across_connections_until_the_server_says_stop() {
    let (_runtime, server) = serve(vec![
        whole("id: 1\ndata: a\n\ndata: b\n\n"),
        whole("event: x\ndata: c\n\n"),
        Script::answer("204 No Content", &[]),
    ]);
    let mut blocking = blocking(&server);
    let mut seen = Vec::new();
    for event in &mut blocking {
        match event {
            Ok(event) => seen.push(format!("{} {}", event.event_type(), event.data())),
            Err(error) => seen.push(format!("{:?}", error.status())),
        }
    }
    assert_eq!(seen, ["message a", "message b", "x c", "Some(204)"]);
    assert!(blocking.next().is_none());
    assert_eq!(blocking.source().last_event_id(), "1");
    assert_eq!(blocking.source().ready_state(), ReadyState::Closed);
}

#[test]
fn events_are_lent() {
    let (_runtime, server) = serve(vec![stream("data: a\n\ndata: b\n\n").hang()]);
    let mut blocking = blocking(&server);
    for data in ["a", "b"] {
        assert_eq!(blocking.next_lent().unwrap().unwrap().data, data);
    }
}

#[test]
fn another_thread_can_close_it() {
    let (_runtime, server) = serve(vec![stream("data: a\n\n").hang()]);
    let blocking = blocking(&server);
    let handle = blocking.source().handle().clone();
    let other = std::thread::spawn(move || {
        std::thread::sleep(ms(30));
        handle.close();
    });
    let start = Instant::now();
    assert_eq!(blocking.filter_map(Result::ok).count(), 1);
    assert!(start.elapsed() < Duration::from_secs(5));
    other.join().unwrap();
}

#[test]
fn dropping_it_drops_the_connection() {
    let (runtime, server) = serve(vec![stream("data: a\n\n").hang()]);
    let mut blocking = blocking(&server);
    assert!(blocking.next().is_some());
    drop(blocking);
    runtime.block_on(support::soon(server.ended(1)));
}

#[tokio::test]
async fn dropping_it_inside_a_runtime_does_not_panic() {
    let source = EventSource::new("http://localhost/").unwrap();
    drop(source.into_blocking().unwrap());
}

/// They would never be called, and nothing would say so.
#[test]
fn a_source_with_handlers_is_no_iterator() {
    let source = EventSource::new("http://127.0.0.1:9/").unwrap();
    let id = source.onopen(|_| {});
    let error = source.into_blocking().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    assert_says(&error.to_string(), &["handlers or listeners", "run()"]);
    let source = EventSource::new("http://127.0.0.1:9/").unwrap();
    let other = source.onmessage(|_| {});
    assert!(source.remove_event_listener(other));
    assert!(source.into_blocking().is_ok(), "{id:?}");
}

#[test]
fn signals_and_comments_come_to_a_thread_too() {
    let (_runtime, server) = serve(vec![whole("data: a\n\n"), stream(":hello\n\n").hang()]);
    let source = builder(server.url("/")).comments(true).build().unwrap();
    let mut source = source.into_blocking().unwrap();
    let mut seen = Vec::new();
    while seen.len() < 5 {
        seen.push(support::told(&source.next_signal().unwrap().unwrap()));
    }
    let lost = "lost: the body ended; attempt 1";
    assert_eq!(seen, ["open", "message: a", lost, "open", "comment: hello"]);
}

#[cfg(target_os = "linux")]
#[test]
fn too_few_files_are_an_error_and_no_panic() {
    for files in 7..=8 {
        // A limit is the whole process's, so another one has it.
        let output = std::process::Command::new("sh")
            .arg("-c")
            .arg(format!("ulimit -n {files}; exec \"$0\" \"$@\""))
            .arg(std::env::current_exe().unwrap())
            .args(["blocking::child_with_few_files", "--exact", "--ignored"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{files}: {said}");
        assert!(said.contains("1 passed"), "{files}: {said}");
    }
}

/// Run by the test above.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "run by another test, with few files"]
fn child_with_few_files() {
    let source = EventSource::new("http://127.0.0.1:9/").unwrap();
    let error = source.into_blocking().map(drop).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(24), "{error}");
}
