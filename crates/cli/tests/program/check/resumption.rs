//! What `check` says of servers that resume, each in its way.
//!
//! Next: `connections.rs`.

use std::time::Duration;

use wellspring_testkit::server::{Request, Script, ScriptedServer};

use super::report::Report;

const HEAD: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\r\n";

/// Where a request wants to go on after; 0 from the beginning.
fn last(request: &Request) -> u64 {
    let id = request.header("last-event-id").unwrap_or_default();
    String::from_utf8(id).unwrap().parse().unwrap_or(0)
}

/// Sends 8 events in all, the rest after the id that was sent.
fn events_after(last: u64) -> String {
    let numbers = last + 1..=8;
    let events = numbers.map(|number| format!("id: {number}\ndata: item {number}\n\n"));
    events.collect()
}

/// What is said of a server that opens each stream so, and goes on exactly.
async fn greeting(open: impl Fn(u64, u64) -> String + Send + Sync + 'static) -> Report {
    let connections = std::sync::atomic::AtomicU64::new(0);
    let server = ScriptedServer::start_answering(move |request| {
        let number = connections.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let last = last(request);
        let body = open(number, last) + &events_after(last);
        Script::new().send(HEAD).send(body).hang()
    })
    .await;
    Report::of(&server.url("/"), &["--for", "2"]).await
}

#[tokio::test]
async fn events_without_an_id_of_their_own_do_not_count() {
    let hello = |_, _| "event: hello\ndata: {\"v\":1}\n\n".to_owned();
    let unique = |number, _| format!("event: connect\ndata: {{\"client\":{number}}}\n\n");
    let opening = |_, _| "event: stream-open\ndata:\n\n".to_owned();
    for report in [
        greeting(hello).await,
        greeting(unique).await,
        greeting(opening).await,
    ] {
        report.says(
            "resumption",
            "ok works: after Last-Event-ID the same 4 events came",
        );
        report.says("ids", "note 9 events, 8 with an id of its own");
        report.has_no_errors();
    }
}

#[tokio::test]
async fn a_greeting_under_the_id_of_the_place_is_no_repetition() {
    let snapshot = |number, last| format!("event: snapshot\nid: {last}\ndata: state {number}\n\n");
    greeting(snapshot).await.says("resumption", "ok works");
}

#[tokio::test]
async fn a_heartbeat_between_events_is_left_out() {
    let server = ScriptedServer::start_answering(|request| {
        let mut script = Script::new().send(HEAD);
        for number in last(request) + 1..=8 {
            script = script
                .send(format!("id: {number}\ndata: item {number}\n\n"))
                .send(format!(
                    "event: ping\ndata: at {:?}\n\n",
                    std::time::Instant::now()
                ))
                .pause(Duration::from_millis(20));
        }
        script.hang()
    })
    .await;
    let report = Report::of(&server.url("/"), &["--for", "2"]).await;
    report.says(
        "resumption",
        "ok works: after Last-Event-ID the same 4 events came",
    );
}

/// Every connection gets the same, whatever it asks for.
async fn deaf(body: &'static str) -> Report {
    let script = Script::new().expect_request().send(HEAD).send(body).hang();
    let server = ScriptedServer::start_repeating(script).await;
    Report::of(&server.url("/"), &["--for", "2"]).await
}

#[tokio::test]
async fn a_server_that_ignores_the_id_is_told_so_with_few_events_too() {
    let three = "id: a\ndata: 1\n\nid: b\ndata: 2\n\nid: c\ndata: 3\n\n";
    deaf(three).await.says(
        "resumption",
        "error Last-Event-ID is ignored: events from before it come again",
    );
    // Two cannot tell that from beginning with the one that was sent.
    let two = "id: a\ndata: 1\n\nid: b\ndata: 2\n\n";
    deaf(two).await.says(
        "resumption",
        "error the event whose id was sent comes again: Last-Event-ID is ignored, or",
    );
}

#[tokio::test]
async fn ids_that_are_all_the_same_are_told() {
    let report = deaf("id: 7\ndata: 1\n\nid: 7\ndata: 2\n\nid: 7\ndata: 3\n\n").await;
    report.says("ids", "warning 3 events, 3 of them with the same id \"7\"");
    report.says(
        "resumption",
        "note could not be tried: all events have the same id",
    );
}

#[tokio::test]
async fn ids_that_are_counted_for_each_connection_are_told() {
    let connections = std::sync::atomic::AtomicU64::new(0);
    let server = ScriptedServer::start_answering(move |_| {
        let number = connections.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let body: String = (1..=8)
            .map(|id| format!("id: {id}\ndata: {number} of {id}\n\n"))
            .collect();
        Script::new().send(HEAD).send(body).hang()
    })
    .await;
    let report = Report::of(&server.url("/"), &["--for", "2"]).await;
    report.says(
        "resumption",
        "error the same ids come again for other events",
    );
}
