//! What a source does when a connection ends. In: servers that refuse, end and break. Out: another
//! attempt, an error, or the end.
//!
//! Next: `finite.rs`.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::support::{
    assert_says, builder, ms, next_data, next_error, next_loss, quick, soon, stream, whole,
};
use wellspring::{
    Cause, Decision, EventSourceBuilder, Failure, Policy, ReconnectionUrl, Repeat, Signal,
};
use wellspring_testkit::server::{Script, ScriptedServer};

/// The preset with waits of milliseconds.
fn resilient() -> Policy {
    let policy = Policy::resilient();
    let ceiling = policy.reconnection.ceiling;
    policy.with_reconnection(quick().with_ceiling(ceiling))
}

fn refuse(status: &str, headers: &[&str]) -> Script {
    let mut all = headers.to_vec();
    all.push("Connection: close");
    Script::answer(status, &all)
}

#[tokio::test]
async fn the_resilient_policy_tries_busy_servers_again() {
    for status in [
        "408 Timeout",
        "425 Early",
        "429 Many",
        "500 Oops",
        "503 Busy",
    ] {
        let scripts = [refuse(status, &[]), stream("data: a\n\n").hang()];
        let server = ScriptedServer::start(scripts).await;
        let mut source = builder(server.url("/"))
            .policy(resilient())
            .build()
            .unwrap();
        assert_says(&next_loss(&mut source).await, &[&status[..3], "attempt 2"]);
        assert_eq!(next_data(&mut source).await, "a", "{status}");
    }
}

#[tokio::test]
async fn the_resilient_policy_takes_no_for_an_answer() {
    for status in ["204 No Content", "401 Who", "404 Gone"] {
        let server = ScriptedServer::start([refuse(status, &[])]).await;
        let mut source = builder(server.url("/"))
            .policy(resilient())
            .build()
            .unwrap();
        let error = next_error(&mut source).await;
        let number: u16 = status[..3].parse().unwrap();
        assert_eq!(error.failure(), Some(Failure::Status(number)));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn the_standard_policy_fails_with_a_busy_server() {
    let server = ScriptedServer::start([refuse("503 Busy", &["Retry-After: 0"])]).await;
    let mut source = builder(server.url("/")).build().unwrap();
    let error = next_error(&mut source).await;
    assert_eq!(error.failure(), Some(Failure::Status(503)));
    assert!(matches!(error.cause(), Some(Cause::Refused(_))));
}

#[tokio::test]
async fn retry_after_is_waited_for() {
    let date = [
        "Date: Sun, 06 Nov 1994 08:49:37 GMT",
        "Retry-After: Sun, 06 Nov 1994 08:49:38 GMT",
    ];
    for headers in [&["Retry-After: 1"][..], &date] {
        let scripts = [refuse("503 Busy", headers), stream("data: a\n\n").hang()];
        let server = ScriptedServer::start(scripts).await;
        let mut source = builder(server.url("/"))
            .policy(resilient())
            .build()
            .unwrap();
        let start = Instant::now();
        assert_says(&next_loss(&mut source).await, &["in 1s"]);
        assert_eq!(next_data(&mut source).await, "a");
        assert!(start.elapsed() >= ms(1000));
    }
}

#[tokio::test]
async fn jitter_comes_on_top_of_retry_after() {
    let server = ScriptedServer::start([refuse("503 Busy", &["Retry-After: 100"])]).await;
    let policy = resilient().with_reconnection(quick().with_jitter(true));
    let mut source = builder(server.url("/")).policy(policy).build().unwrap();
    let mut signals = source.signals();
    let Signal::Reconnecting(lost) = soon(signals.next()).await.unwrap().unwrap() else {
        panic!("not reconnecting")
    };
    let expected = Duration::from_secs(100)..=Duration::from_secs(200);
    assert!(expected.contains(&lost.delay), "{:?}", lost.delay);
}

#[tokio::test]
async fn attempts_are_limited() {
    let server = ScriptedServer::start([]).await;
    let mut source = builder(server.url("/"))
        .reconnection(quick().with_max_attempts(Some(3)))
        .build()
        .unwrap();
    let error = next_error(&mut source).await;
    assert_eq!(error.failure(), Some(Failure::Attempts(3)));
    assert_says(
        &error.to_string(),
        &["before a response", "3 attempts failed", "not trying again"],
    );
}

#[tokio::test]
async fn the_time_of_failing_is_limited() {
    let server = ScriptedServer::start([]).await;
    let limited = quick().with_max_elapsed(Some(ms(50)));
    let mut source = builder(server.url("/"))
        .reconnection(limited)
        .build()
        .unwrap();
    let start = Instant::now();
    let error = next_error(&mut source).await;
    assert_eq!(error.failure(), Some(Failure::Elapsed(ms(50))));
    assert!(start.elapsed() >= ms(20), "{:?}", start.elapsed());
}

/// The line of the request after a connection that this redirect led to.
async fn reconnects_to(status: &str, url: ReconnectionUrl) -> String {
    let redirect = || Script::answer(status, &["Location: /there", "Connection: close"]);
    let scripts = [
        redirect(),
        whole("data: a\n\n"),
        stream("data: b\n\n").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let policy = Policy::standard()
        .with_reconnection(quick())
        .with_reconnection_url(url);
    let mut source = builder(server.url("/here")).policy(policy).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    server.request(2).await.line()
}

#[tokio::test]
async fn a_reconnection_goes_where_the_policy_says() {
    let (here, there) = ("GET /here HTTP/1.1", "GET /there HTTP/1.1");
    for (status, url, expected) in [
        ("302 Found", ReconnectionUrl::Last, there),
        ("302 Found", ReconnectionUrl::Original, here),
        ("307 Found", ReconnectionUrl::Original, here),
        ("301 Moved", ReconnectionUrl::Original, there),
        ("308 Moved", ReconnectionUrl::Original, there),
    ] {
        assert_eq!(reconnects_to(status, url).await, expected, "{status}");
    }
}

fn post(server: &ScriptedServer) -> EventSourceBuilder {
    builder(server.url("/")).method("POST").body("x")
}

#[tokio::test]
async fn a_post_is_not_repeated_by_itself() {
    let server = ScriptedServer::start([stream("data: a\n\n").reset()]).await;
    let mut source = post(&server).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let error = next_error(&mut source).await;
    assert_eq!(error.failure(), Some(Failure::NotRepeated));
    // A clean end is no error.
    let server = ScriptedServer::start([whole("data: a\n\n")]).await;
    let mut source = post(&server).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert!(soon(source.next()).await.is_none());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_post_is_repeated_where_the_policy_says_so() {
    let scripts = [stream("data: a\n\n").reset(), stream("data: b\n\n").hang()];
    let server = ScriptedServer::start(scripts).await;
    let policy = Policy::standard()
        .with_reconnection(quick())
        .with_repeat(Repeat::Always);
    let mut source = post(&server).policy(policy).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    assert_eq!(server.request(1).await.body, b"x");
}

#[tokio::test]
async fn the_program_sees_each_end_and_decides() {
    let scripts = [
        refuse("404 Gone", &["X-Why: moved"]),
        Script::event_stream("data: a\n\ndata: b\n\n"),
        Script::new().expect_request().reset(),
        Script::new()
            .expect_request()
            .send("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\noops"),
    ];
    let server = ScriptedServer::start(scripts).await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let seen_by_hook = Arc::clone(&seen);
    let mut source = builder(server.url("/"))
        .on_end(move |end| {
            let text = format!("{}, {} events, {}", end.cause, end.events, end.attempts);
            seen_by_hook.lock().unwrap().push(text);
            match end.cause {
                Cause::Refused(refused) if refused.status == 404 => {
                    assert_eq!(refused.headers["x-why"], "moved");
                    Decision::ReconnectAfter(ms(30))
                }
                Cause::Refused(refused) => {
                    assert_eq!(refused.body, "oops");
                    Decision::Stop
                }
                _ => Decision::Default,
            }
        })
        .build()
        .unwrap();
    assert_says(&next_loss(&mut source).await, &["404", "in 30ms"]);
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    assert!(soon(source.next()).await.is_none());
    let seen = seen.lock().unwrap().join("\n");
    assert_says(
        &seen,
        &[
            "404, not 200, 0 events, 1",
            "the body ended, 2 events, 0",
            "closed before a response",
            "MIME type is not text/event-stream, 0 events, 2",
        ],
    );
}

#[tokio::test]
async fn the_program_may_fail_a_connection() {
    let server = ScriptedServer::start([whole("data: a\n\n")]).await;
    let mut source = builder(server.url("/"))
        .on_end(|_| Decision::Fail)
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let error = next_error(&mut source).await;
    assert_eq!(error.failure(), Some(Failure::ByHook));
    assert_says(&error.to_string(), &["the body ended", "on_end hook"]);
}

#[tokio::test]
async fn the_program_may_go_on_after_a_limit() {
    let long = "x".repeat(1000);
    let scripts = [
        stream(&format!("data: a\n\ndata: {long}\n\n")).hang(),
        stream("data: b\n\n").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let mut source = builder(server.url("/"))
        .limits(wellspring::Limits::default().with_line(10))
        .on_end(|_| Decision::Reconnect)
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
}

/// What was set for itself holds, whether the policy comes before it or after it.
#[tokio::test]
async fn a_policy_undoes_nothing() {
    for policy_last in [false, true] {
        let server = ScriptedServer::start_repeating(whole("data: a\n\n")).await;
        let mut builder = wellspring::EventSource::builder(server.url("/")).method("POST");
        if !policy_last {
            builder = builder.policy(Policy::resilient());
        }
        builder = builder.reconnection(quick()).repeat(Repeat::Always);
        if policy_last {
            builder = builder.policy(Policy::resilient());
        }
        let mut source = builder.build().unwrap();
        assert_says(&next_loss(&mut source).await, &["attempt 1 in 10ms"]);
        assert_says(&next_loss(&mut source).await, &["attempt 1 in 10ms"]);
    }
}
