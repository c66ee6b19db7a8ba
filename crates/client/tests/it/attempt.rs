//! What a program changes before each attempt. In: hooks. Out: the requests that a server hears.
//!
//! Next: `runtime.rs`.

use std::convert::Infallible;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::support;
use crate::support::{assert_says, builder, ms, next_data, next_error, next_loss, stream, whole};
use http::Method;
use wellspring::{Attempt, Decision, Failure, Policy};
use wellspring_testkit::server::{Script, ScriptedServer};

fn unchanged(attempt: Attempt) -> Result<Attempt, Infallible> {
    Ok(attempt)
}

#[tokio::test]
async fn a_secret_is_refreshed_before_each_attempt() {
    let refused = Script::answer("401 Who", &["Connection: close"]);
    let scripts = [refused, stream("data: a\n\n").hang()];
    let server = ScriptedServer::start(scripts).await;
    let count = Arc::new(AtomicUsize::new(1));
    let mut source = builder(server.url("/"))
        .policy(Policy::standard().with_retried_statuses([401]))
        .reconnection(support::quick())
        .before_attempt(move |mut attempt| {
            let number = count.fetch_add(1, Ordering::SeqCst);
            async move {
                tokio::time::sleep(ms(5)).await;
                let secret = format!("Bearer {number}").parse().unwrap();
                attempt.headers.insert("authorization", secret);
                unchanged(attempt)
            }
        })
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let requests = server.requests();
    assert_eq!(requests[0].headers("authorization"), [b"Bearer 1"]);
    assert_eq!(requests[1].headers("authorization"), [b"Bearer 2"]);
}

#[tokio::test]
async fn a_hook_is_told_what_became_of_the_attempt_before() {
    let scripts = [
        Script::new().expect_request().reset(),
        Script::answer("503 Busy", &["Connection: close"]),
        whole("id: 7\ndata: a\n\n"),
        stream("data: b\n\n").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let seen_by_hook = Arc::clone(&seen);
    let mut source = builder(server.url("/"))
        .on_end(|_| Decision::Reconnect)
        .before_attempt(move |attempt| {
            let status = attempt.previous_status.map(|status| status.as_u16());
            let id = &attempt.last_event_id;
            let text = format!("{} {status:?} {id:?}", attempt.number);
            seen_by_hook.lock().unwrap().push(text);
            assert_eq!(
                attempt.cause.is_none(),
                attempt.number == 1 && id.is_empty()
            );
            std::future::ready(unchanged(attempt))
        })
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    let expected = [
        "1 None \"\"",
        "2 None \"\"",
        "3 Some(503) \"\"",
        "1 Some(200) \"7\"",
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_post_resumes_as_a_get_with_the_position_in_the_query() {
    let scripts = [
        whole("id: 7\ndata: a\n\n"),
        stream("id: 8\ndata: b\n\n").reset(),
        stream("data: c\n\n").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let mut source = builder(server.url("/responses"))
        .method("POST")
        .header("content-type", "application/json")
        .body("{}")
        .policy(Policy::standard().with_repeat(wellspring::Repeat::Always))
        .reconnection(support::quick())
        .before_attempt(|mut attempt: Attempt| async move {
            let id = std::mem::take(&mut attempt.last_event_id);
            if !id.is_empty() {
                attempt.method = Method::GET;
                attempt.url.query_pairs_mut().append_pair("after", &id);
            }
            unchanged(attempt)
        })
        .build()
        .unwrap();
    for data in ["a", "b", "c"] {
        assert_eq!(next_data(&mut source).await, data);
    }
    let requests = server.requests();
    assert_eq!(requests[0].line(), "POST /responses HTTP/1.1");
    for (number, line) in [(1, "after=7"), (2, "after=8")] {
        let request = &requests[number];
        assert_eq!(request.line(), format!("GET /responses?{line} HTTP/1.1"));
        assert_eq!(request.header("last-event-id"), None);
        assert_eq!(request.header("content-type"), None);
        assert!(request.body.is_empty());
    }
}

#[tokio::test]
async fn credentials_stay_at_home_when_a_hook_changes_the_url() {
    let home = ScriptedServer::start([]).await;
    let away = ScriptedServer::start([stream("data: a\n\n").hang()]).await;
    let target: url::Url = away.url("/").parse().unwrap();
    let mut source = builder(home.url("/"))
        .header("authorization", "Bearer x")
        .header("x-mine", "1")
        .before_attempt(move |mut attempt| {
            attempt.url = target.clone();
            std::future::ready(unchanged(attempt))
        })
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let request = away.request(0).await;
    assert_eq!(request.header("authorization"), None);
    assert_eq!(request.headers("x-mine"), [b"1"]);
}

#[tokio::test]
async fn a_hook_that_fails_is_tried_again() {
    let server = ScriptedServer::start([stream("data: a\n\n").hang()]).await;
    let count = AtomicUsize::new(0);
    let mut source = builder(server.url("/"))
        .method("POST")
        .before_attempt(move |attempt| {
            let failed = count.fetch_add(1, Ordering::SeqCst) == 0;
            let answer = if failed {
                Err(io::Error::other("no secret today"))
            } else {
                Ok(attempt)
            };
            std::future::ready(answer)
        })
        .build()
        .unwrap();
    assert_says(
        &next_loss(&mut source).await,
        &[
            &server.url("/"),
            "hook failed: no secret today",
            "attempt 2",
        ],
    );
    assert_eq!(next_data(&mut source).await, "a");
}

#[tokio::test]
async fn the_limit_on_attempts_holds_for_hooks() {
    let server = ScriptedServer::start([]).await;
    let mut source = builder(server.url("/"))
        .reconnection(support::quick().with_max_attempts(Some(2)))
        .before_attempt(|_| std::future::ready(Err(io::Error::other("never"))))
        .build()
        .unwrap();
    let error = next_error(&mut source).await;
    assert_eq!(error.failure(), Some(Failure::Attempts(2)));
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn closing_ends_a_hook_that_waits() {
    let server = ScriptedServer::start([]).await;
    let alive = Arc::new(());
    let held = Arc::clone(&alive);
    let mut source = builder(server.url("/"))
        .before_attempt(move |attempt| {
            let held = Arc::clone(&held);
            async move {
                std::future::pending::<()>().await;
                drop(held);
                unchanged(attempt)
            }
        })
        .build()
        .unwrap();
    assert!(tokio::time::timeout(ms(20), source.next()).await.is_err());
    assert_eq!(Arc::strong_count(&alive), 3);
    source.close();
    assert_eq!(Arc::strong_count(&alive), 2);
    assert!(source.next().await.is_none());
}
