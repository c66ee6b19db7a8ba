//! Streams that have an end. In: servers that end before and after the terminal event. Out: the end
//! of the source, or an error that says what is missing.
//!
//! Next: `deciding.rs`.

use std::sync::{Arc, Mutex};

use crate::support::{
    assert_says, builder, next_data, next_error, next_loss, quick, soon, stream, whole,
};
use wellspring::{
    Decision, EventSource, EventSourceBuilder, Failure, IncompleteEvent, Limits, Policy, ReadyState,
};
use wellspring_testkit::server::{Script, ScriptedServer};

fn ask(server: &ScriptedServer) -> EventSourceBuilder {
    let policy = Policy::finite().with_reconnection(quick());
    builder(server.url("/v1/chat/completions"))
        .method("POST")
        .header("content-type", "application/json")
        .body(r#"{"stream":true}"#)
        .policy(policy)
        .terminal_event(|event| event.data == "[DONE]")
}

/// Of each end its cause, the events before it, and whether the terminal one was among them.
#[derive(Default)]
struct Ends(Mutex<Vec<(String, u64, bool)>>);

/// A source whose lines may have 50 bytes, and what becomes of it.
fn ask_with_a_limit(server: &ScriptedServer) -> (EventSource, Arc<Ends>) {
    let ends = Arc::<Ends>::default();
    let seen = Arc::clone(&ends);
    let source = ask(server)
        .limits(Limits::default().with_line(50))
        .on_end(move |end| {
            let seen_by_hook = (end.cause.to_string(), end.events, end.terminal_event);
            seen.0.lock().unwrap().push(seen_by_hook);
            Decision::Default
        });
    (source.build().unwrap(), ends)
}

#[tokio::test]
async fn a_terminal_event_ends_the_source_though_the_body_goes_on() {
    let body = "data: a\n\ndata: [DONE]\n\ndata: more\n\n";
    let server = ScriptedServer::start([stream(body).hang()]).await;
    let mut source = ask(&server).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "[DONE]");
    assert!(soon(source.next()).await.is_none());
    assert_eq!(source.ready_state(), ReadyState::Closed);
    assert_eq!(server.requests().len(), 1);
}

/// One read has brought both.
#[tokio::test]
async fn what_exceeds_a_limit_after_the_terminal_event_is_no_end_of_its_own() {
    let body = format!("data: a\n\ndata: [DONE]\n\ndata: {}\n\n", "b".repeat(100));
    let server = ScriptedServer::start([stream(&body).hang()]).await;
    let (mut source, ends) = ask_with_a_limit(&server);
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "[DONE]");
    assert!(soon(source.next()).await.is_none());
    let ends = ends.0.lock().unwrap();
    assert_eq!(*ends, [("the body ended".to_owned(), 2, true)]);
}

#[tokio::test]
async fn events_before_what_exceeds_a_limit_count_for_its_end() {
    let body = format!("data: a\n\ndata: {}\n\n", "b".repeat(100));
    let server = ScriptedServer::start([stream(&body).hang()]).await;
    let (mut source, ends) = ask_with_a_limit(&server);
    assert_eq!(next_data(&mut source).await, "a");
    let failure = next_error(&mut source).await.failure();
    assert!(matches!(failure, Some(Failure::Limit(_))), "{failure:?}");
    let ends = ends.0.lock().unwrap();
    let events: Vec<_> = ends.iter().map(|(_, events, _)| *events).collect();
    assert_eq!(events, [1]);
}

#[tokio::test]
async fn a_stream_without_its_terminal_event_is_truncated() {
    let scripts = [
        whole("data: a\n\n"),
        stream("data: a\n\n").reset(),
        whole(""),
    ];
    for script in scripts {
        let server = ScriptedServer::start([script]).await;
        let mut source = ask(&server).build().unwrap();
        let error = loop {
            match soon(source.next()).await.unwrap() {
                Ok(event) => assert_eq!(event.data, "a"),
                Err(error) => break error,
            }
        };
        assert_eq!(error.failure(), Some(Failure::Truncated));
        assert_says(&error.to_string(), &["truncated", "terminal event"]);
        assert!(soon(source.next()).await.is_none());
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_finite_stream_without_a_terminal_event_ends_with_its_body() {
    let server = ScriptedServer::start([whole("data: a\n\n")]).await;
    let policy = Policy::finite();
    let mut source = builder(server.url("/")).policy(policy).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert!(soon(source.next()).await.is_none());
}

#[tokio::test]
async fn a_finite_get_is_repeated_until_the_first_event() {
    let scripts = [
        Script::new().expect_request().reset(),
        stream(": nothing yet\n\n").reset(),
        stream("data: a\n\n").reset(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let policy = Policy::finite().with_reconnection(quick());
    let mut source = builder(server.url("/")).policy(policy).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let error = next_error(&mut source).await;
    assert_eq!(error.failure(), Some(Failure::NotRepeated));
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_finite_post_that_was_sent_is_never_repeated() {
    let server = ScriptedServer::start([Script::new().expect_request().reset()]).await;
    let mut source = ask(&server).build().unwrap();
    let error = next_error(&mut source).await;
    assert_eq!(error.failure(), Some(Failure::NotRepeated));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_finite_post_that_was_never_sent_is_repeated() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", unused.local_addr().unwrap());
    drop(unused);
    let policy = Policy::finite().with_reconnection(quick().with_max_attempts(Some(3)));
    let mut source = builder(url).method("POST").policy(policy).build().unwrap();
    let error = next_error(&mut source).await;
    assert_eq!(error.failure(), Some(Failure::Attempts(3)));
}

#[tokio::test]
async fn dropping_a_finite_source_cancels_its_request_at_once() {
    let waiting = Script::new().expect_request().hang();
    let server = ScriptedServer::start([waiting, stream("data: a\n\n").hang()]).await;
    let mut asking = ask(&server).build().unwrap();
    {
        let mut next = Box::pin(asking.next());
        tokio::select! {
            _ = &mut next => panic!("nothing was sent"),
            request = soon(server.request(0)) => assert_eq!(request.body, br#"{"stream":true}"#),
        }
    }
    assert_eq!(server.open_connections(), 1);
    drop(asking);
    soon(server.ended(1)).await;

    let mut reading = ask(&server).build().unwrap();
    assert_eq!(next_data(&mut reading).await, "a");
    assert_eq!(server.open_connections(), 1);
    drop(reading);
    soon(server.ended(2)).await;
}

#[tokio::test]
async fn the_terminal_event_closes_the_connection_when_it_is_taken() {
    let server = ScriptedServer::start([stream("data: [DONE]\n\n").hang()]).await;
    let mut source = ask(&server).build().unwrap();
    assert_eq!(next_data(&mut source).await, "[DONE]");
    assert!(soon(source.next()).await.is_none());
    soon(server.ended(1)).await;
}

/// What a clean end leaves of an event whose `data` has come, and what is none.
const CUT: [&str; 5] = [
    "data: cut",
    "data:",
    "data: cut\n",
    "data: cut\r",
    "id: 2\ndata: cut",
];
const WHOLE: [&str; 6] = ["", ": comment", "retry: 5", "id: 1\n", "event: x\n", "dat"];

#[tokio::test]
async fn a_clean_end_inside_an_event_is_an_error() {
    for (cuts, method, policy) in [
        (&CUT[..], "GET", Policy::finite()),
        (&CUT, "POST", Policy::standard()),
        (&WHOLE, "GET", Policy::finite()),
        (&WHOLE, "POST", Policy::standard()),
    ] {
        for cut in cuts {
            let server = ScriptedServer::start([whole(&format!("data: a\n\n{cut}"))]).await;
            let source = builder(server.url("/"))
                .method(method)
                .policy(policy.clone());
            let mut source = source.build().unwrap();
            assert_eq!(next_data(&mut source).await, "a");
            if *cuts == WHOLE {
                assert!(soon(source.next()).await.is_none(), "{cut:?}");
                continue;
            }
            let error = next_error(&mut source).await;
            assert_eq!(error.failure(), Some(Failure::InsideEvent), "{cut:?}");
            assert_says(
                &error.to_string(),
                &[&server.url("/"), "ended inside an event"],
            );
        }
    }
}

#[tokio::test]
async fn a_terminal_event_without_its_blank_line_completes_the_stream() {
    for end in ["data: [DONE]", "data: [DONE]\n", "data: [DONE]\r\n"] {
        let server = ScriptedServer::start([whole(&format!("data: a\n\n{end}"))]).await;
        let mut source = ask(&server).build().unwrap();
        assert_eq!(next_data(&mut source).await, "a");
        assert!(soon(source.next()).await.is_none(), "{end:?}");
    }
    let server = ScriptedServer::start([whole("data: a\n\ndata: [DON")]).await;
    let mut source = ask(&server).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let error = next_error(&mut source).await;
    assert_eq!(error.failure(), Some(Failure::InsideEvent));
}

#[tokio::test]
async fn an_incomplete_event_is_dispatched_where_that_is_asked_for() {
    for end in ["data: [DONE]", "data: [DONE]\n"] {
        let server = ScriptedServer::start([whole(&format!("data: a\n\n{end}"))]).await;
        let source = ask(&server).incomplete_event(IncompleteEvent::Dispatch);
        let mut source = source.build().unwrap();
        assert_eq!(next_data(&mut source).await, "a");
        assert_eq!(next_data(&mut source).await, "[DONE]");
        assert!(soon(source.next()).await.is_none(), "{end:?}");
    }
    // Not after a body that broke off.
    let server = ScriptedServer::start([stream("data: a\n\ndata: cut").reset()]).await;
    let source = ask(&server).incomplete_event(IncompleteEvent::Dispatch);
    let mut source = source.build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(
        next_error(&mut source).await.failure(),
        Some(Failure::Truncated)
    );
}

/// A stream without an end goes on, and says what it has lost; the id of that is not the position.
#[tokio::test]
async fn an_end_inside_an_event_shows_in_the_signal_of_the_loss() {
    let body = "id: 1\ndata: a\n\nid: 2\ndata: b";
    for (fate, told, id) in [
        (IncompleteEvent::Fail, true, "1"),
        (IncompleteEvent::Discard, true, "1"),
        (IncompleteEvent::Dispatch, false, "2"),
    ] {
        let server = ScriptedServer::start([whole(body), stream("data: c\n\n").hang()]).await;
        let source = builder(server.url("/")).incomplete_event(fate);
        let seen = Arc::<Mutex<Vec<bool>>>::default();
        let ends = Arc::clone(&seen);
        let mut source = source
            .on_end(move |end| {
                ends.lock().unwrap().push(end.inside_event);
                Decision::Default
            })
            .build()
            .unwrap();
        let loss = next_loss(&mut source).await;
        assert_eq!(
            loss.contains("ended inside an event; attempt 1"),
            told,
            "{loss}"
        );
        assert_eq!(*seen.lock().unwrap(), [told]);
        assert_eq!(next_data(&mut source).await, "c");
        let request = server.request(1).await;
        assert_eq!(request.header("last-event-id").unwrap(), id.as_bytes());
    }
}
