//! What is asked. In: methods, bodies, headers. Out: the requests that a server hears, first and
//! later ones.
//!
//! Next: `policy.rs`.

use crate::support::{builder, next_data, stream, whole};
use wellspring::{BuildError, EventSource};
use wellspring_testkit::server::{Script, ScriptedServer};

#[tokio::test]
async fn a_method_and_a_body_are_sent() {
    let server = ScriptedServer::start([stream("data: a\n\n").hang()]).await;
    let mut source = builder(server.url("/x"))
        .method("post")
        .header("content-type", "application/json")
        .user_agent("tester/1")
        .body(r#"{"stream":true}"#)
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let request = server.request(0).await;
    assert_eq!(request.line(), "POST /x HTTP/1.1");
    assert_eq!(request.body, br#"{"stream":true}"#);
    assert_eq!(request.headers("user-agent"), [b"tester/1"]);
    assert_eq!(request.headers("content-length"), [b"15"]);
    assert_eq!(request.headers("accept"), [b"text/event-stream"]);
}

#[tokio::test]
async fn a_body_is_sent_again_with_every_attempt() {
    let scripts = [whole("data: a\n\n"), stream("data: b\n\n").hang()];
    let server = ScriptedServer::start(scripts).await;
    let body = "x".repeat(100_000);
    let mut source = builder(server.url("/"))
        .method("PUT")
        .body(body.clone())
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    let requests = server.requests();
    assert_eq!(requests[0], requests[1]);
    assert_eq!(requests[1].body, body.as_bytes());
}

/// The second request of a POST after this redirect, as its line and its body.
async fn redirected(status: &str) -> (String, Vec<u8>, bool) {
    let redirect = Script::answer(status, &["Location: /there", "Connection: close"]);
    let server = ScriptedServer::start([redirect, stream("data: a\n\n").hang()]).await;
    let mut source = builder(server.url("/here"))
        .method("POST")
        .header("content-type", "text/plain")
        .body("hello")
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let request = server.request(1).await;
    let typed = request.header("content-type").is_some();
    (request.line(), request.body, typed)
}

#[tokio::test]
async fn a_post_follows_redirects_by_the_rules_of_fetch() {
    for status in ["301 Moved", "302 Found", "303 See Other"] {
        let expected = ("GET /there HTTP/1.1".to_owned(), Vec::new(), false);
        assert_eq!(redirected(status).await, expected, "{status}");
    }
    for status in ["307 Temporary", "308 Permanent"] {
        let expected = ("POST /there HTTP/1.1".to_owned(), b"hello".to_vec(), true);
        assert_eq!(redirected(status).await, expected, "{status}");
    }
}

#[tokio::test]
async fn a_post_that_was_answered_elsewhere_is_resumed_there_with_get() {
    let see_other = Script::answer("303 See Other", &["Location: /1", "Connection: close"]);
    let scripts = [
        see_other,
        whole("id: 7\ndata: a\n\n"),
        stream("data: b\n\n").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let mut source = builder(server.url("/start"))
        .method("POST")
        .header("content-type", "text/plain")
        .body("hello")
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(source.opened().unwrap().method, "GET");
    assert_eq!(next_data(&mut source).await, "b");
    let request = server.request(2).await;
    assert_eq!(request.line(), "GET /1 HTTP/1.1");
    assert_eq!(request.header("last-event-id").unwrap(), b"7");
    assert_eq!(request.header("content-type"), None);
    assert!(request.body.is_empty());
}

#[test]
fn a_request_that_fetch_forbids_is_not_built() {
    let build = |method: &str| {
        EventSource::builder("http://localhost/")
            .method(method)
            .build()
    };
    for method in ["CONNECT", "trace", "Track", "", "a b", "é"] {
        let error = build(method).unwrap_err();
        assert!(matches!(error, BuildError::Method { .. }), "{method}");
        assert!(error.to_string().contains(method));
    }
    assert!(build("QUERY").is_ok());
    for method in ["GET", "head"] {
        let built = EventSource::builder("http://localhost/")
            .method(method)
            .body("x")
            .build();
        assert!(matches!(built, Err(BuildError::Body { .. })), "{method}");
    }
}
