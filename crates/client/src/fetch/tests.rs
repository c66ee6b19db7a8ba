use std::collections::VecDeque;
use std::sync::Mutex;

use futures_core::future::BoxFuture;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, LOCATION};
use http::{HeaderMap, Method, Request, Response};

use super::*;
use crate::transport::{Body, TransportError, TransportErrorKind};
use url::Url;

/// Answers with a script and writes down what it was asked.
#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<(u16, &'static str)>>,
    asked: Mutex<Vec<String>>,
    headers: Mutex<Vec<HeaderMap>>,
}

impl Script {
    fn new(answers: impl IntoIterator<Item = (u16, &'static str)>) -> Arc<Self> {
        let answers = Mutex::new(answers.into_iter().collect());
        Arc::new(Self {
            answers,
            ..Self::default()
        })
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Transport for Script {
    fn send(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'static, Result<Response<Body>, TransportError>> {
        let (parts, body) = request.into_parts();
        self.asked
            .lock()
            .unwrap()
            .push(format!("{} {} {body:?}", parts.method, parts.uri));
        self.headers.lock().unwrap().push(parts.headers);
        let answer = self.answers.lock().unwrap().pop_front();
        Box::pin(std::future::ready(match answer {
            Some((status, location)) => {
                let mut response = Response::builder().status(status);
                if !location.is_empty() {
                    response = response.header(LOCATION, location);
                }
                Ok(response.body(Body::empty()).unwrap())
            }
            None => Err(TransportError::new(
                TransportErrorKind::Connect,
                "x:1",
                "refused",
            )),
        }))
    }
}

fn get(url: &str) -> FetchRequest {
    FetchRequest::new(url.parse().unwrap())
}

#[tokio::test]
async fn redirects_are_followed_hop_by_hop() {
    let script = Script::new([(302, "/b"), (301, "http://other.example/c?d"), (200, "")]);
    let fetched = fetch(script.clone(), get("http://a.example/a#top"))
        .await
        .unwrap();
    assert_eq!(fetched.url.as_str(), "http://other.example/c?d#top");
    assert_eq!(fetched.response.status(), 200);
    assert!(!fetched.moved_permanently());
    let asked = script.asked();
    assert_eq!(
        asked,
        [
            "GET http://a.example/a Body(empty)",
            "GET http://a.example/b Body(empty)",
            "GET http://other.example/c?d Body(empty)",
        ]
    );
    let hops: Vec<_> = fetched
        .hops
        .iter()
        .map(|hop| (hop.status.as_u16(), hop.url.as_str()))
        .collect();
    assert_eq!(
        hops,
        [
            (302, "http://a.example/b#top"),
            (301, "http://other.example/c?d#top")
        ]
    );
}

#[tokio::test]
async fn what_a_redirect_says_of_a_password_is_not_shown() {
    let script = Script::new([(302, "http://user:s3cret@other.example/b"), (200, "")]);
    let fetched = fetch(script, get("http://a.example/")).await.unwrap();
    let password = fetched.hops.first().and_then(|hop| hop.url.password());
    assert_eq!(password, Some("s3cret"), "who needs it can have it");
    let shown = format!("{fetched:?}");
    assert!(shown.contains("http://other.example/b"), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
}

#[tokio::test]
async fn only_permanent_hops_make_a_permanent_move() {
    for (statuses, expected) in [
        (vec![], false),
        (vec![301], true),
        (vec![308, 301], true),
        (vec![301, 302], false),
        (vec![307, 308], false),
    ] {
        let script = Script::new(
            statuses
                .iter()
                .map(|&status| (status, "/x"))
                .chain([(200, "")]),
        );
        let fetched = fetch(script, get("http://a/")).await.unwrap();
        assert_eq!(fetched.moved_permanently(), expected, "{statuses:?}");
    }
}

#[tokio::test]
async fn the_twenty_first_redirect_is_an_error() {
    let circle = |times| std::iter::repeat_n((302, "/again"), times);
    let script = Script::new(circle(20).chain([(200, "")]));
    assert_eq!(
        fetch(script, get("http://a/")).await.unwrap().hops.len(),
        20
    );
    let script = Script::new(circle(21));
    let error = fetch(script.clone(), get("http://a/")).await.unwrap_err();
    assert!(matches!(
        error.kind(),
        FetchErrorKind::Redirect(RedirectError::TooMany)
    ));
    assert!(!error.is_permanent());
    assert_eq!(script.asked().len(), 21);
}

#[tokio::test]
async fn a_redirect_without_a_location_is_the_response() {
    let fetched = fetch(Script::new([(302, "")]), get("http://a/"))
        .await
        .unwrap();
    assert_eq!(fetched.response.status(), 302);
}

#[tokio::test]
async fn a_body_is_sent_again_unless_the_method_changes() {
    let post = |url| {
        let mut request = get(url);
        request.method = Method::POST;
        request.body = Body::from("hello");
        request
            .headers
            .insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        request
    };
    let script = Script::new([(307, "/b"), (303, "/c"), (200, "")]);
    fetch(script.clone(), post("http://a/")).await.unwrap();
    let asked = [
        "POST http://a/ Body(5 bytes)",
        "POST http://a/b Body(5 bytes)",
        "GET http://a/c Body(empty)",
    ];
    assert_eq!(script.asked(), asked);
    let types: Vec<bool> = script
        .headers
        .lock()
        .unwrap()
        .iter()
        .map(|headers| headers.contains_key(CONTENT_TYPE))
        .collect();
    assert_eq!(types, [true, true, false]);
}

#[tokio::test]
async fn a_body_that_can_be_read_once_follows_no_redirect_that_keeps_it() {
    let once = || {
        let mut request = get("http://a/");
        request.method = Method::POST;
        request.body = Body::new(Body::from("hello"));
        request
    };
    let error = fetch(Script::new([(307, "/b")]), once()).await.unwrap_err();
    assert!(error.is_permanent(), "{error}");
    let fetched = fetch(Script::new([(303, "/b"), (200, "")]), once())
        .await
        .unwrap();
    assert_eq!(fetched.response.status(), 200);
}

#[tokio::test]
async fn the_last_event_id_crosses_origins_and_credentials_do_not() {
    let script = Script::new([(302, "http://b/"), (200, "")]);
    let mut request = get("http://a/");
    request
        .headers
        .insert(AUTHORIZATION, HeaderValue::from_static("Bearer t"));
    request.last_event_id = "7".to_owned();
    fetch(script.clone(), request).await.unwrap();
    let headers = script.headers.lock().unwrap();
    assert_eq!(headers[0][AUTHORIZATION], "Bearer t");
    assert!(!headers[1].contains_key(AUTHORIZATION));
    assert_eq!(headers[1][LAST_EVENT_ID], "7");
}

#[tokio::test]
async fn credentials_are_compared_with_the_first_url_when_a_reconnection_starts_elsewhere() {
    let script = Script::new([(200, "")]);
    let mut request = get("http://b/");
    request.credentials_url = Some("http://a/".parse().unwrap());
    request
        .headers
        .insert(AUTHORIZATION, HeaderValue::from_static("Bearer t"));
    fetch(script.clone(), request).await.unwrap();
    assert!(!script.headers.lock().unwrap()[0].contains_key(AUTHORIZATION));
}

#[tokio::test]
async fn errors_name_the_url_of_the_hop_and_hide_userinfo() {
    let script = Script::new([(302, "/b")]);
    let error = fetch(script, get("http://user:secret@a/"))
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("http://a/b: cannot connect: x:1: refused"),
        "{text}"
    );
    assert!(!error.is_permanent());
    for (url, expected) in [
        ("ftp://a/", "ftp://a/: the URL's scheme is not supported"),
        ("data:,x", "data:,x: the URL's scheme is not supported"),
    ] {
        let error = fetch(Script::new([]), get(url)).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert!(error.is_permanent());
    }
}

#[tokio::test]
async fn a_redirect_to_another_scheme_is_an_error_that_is_not_permanent() {
    let error = fetch(Script::new([(302, "ftp://a/")]), get("http://a/"))
        .await
        .unwrap_err();
    assert!(matches!(
        error.kind(),
        FetchErrorKind::Redirect(RedirectError::Scheme(_))
    ));
    assert!(!error.is_permanent());
}

#[tokio::test]
async fn a_redirect_over_sockets() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://u:p@{}/a", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    let answers: [&[u8]; 2] = [
        b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /b\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n",
    ];
    let serve = async {
        let mut heads = String::new();
        for answer in answers {
            let (mut socket, _) = listener.accept().await.unwrap();
            let from = heads.len();
            while !heads[from..].ends_with("\r\n\r\n") {
                heads.push(char::from(socket.read_u8().await.unwrap()));
            }
            socket.write_all(answer).await.unwrap();
            if answer.starts_with(b"HTTP/1.1 307") {
                assert_eq!(
                    socket.read(&mut [0]).await.unwrap(),
                    0,
                    "the redirect's body is dropped"
                );
            }
        }
        heads
    };
    let transport: Arc<dyn Transport> = Arc::new(crate::transport::HttpTransport::default());
    let (fetched, heads) = tokio::join!(fetch(transport, FetchRequest::new(url)), serve);
    let mut fetched = fetched.unwrap();
    assert!(is_event_stream(fetched.response.headers()));
    let chunk = fetched
        .response
        .body_mut()
        .next_chunk()
        .await
        .unwrap()
        .unwrap();
    assert_eq!(chunk, "data: 1\n\n");
    for (line, times) in [
        ("GET /a HTTP/1.1\r\n", 1),
        ("GET /b HTTP/1.1\r\n", 1),
        ("authorization: Basic dTpw\r\n", 2),
        ("accept: text/event-stream\r\n", 2),
    ] {
        assert_eq!(heads.matches(line).count(), times, "{line}{heads}");
    }
}
