//! A fetch through redirects. In: URLs, credentials, and the answers of a server that wants to trick
//! us. Out: a panic when a hop breaks a rule: too many of them, a foreign scheme, a secret that leaves
//! its origin, a header that is lost.
//!
//! Next: the seeds, `fuzz/seeds/`.

use crate::Input;
use http::header::{AUTHORIZATION, COOKIE, LOCATION};
use http::{HeaderValue, Method, Request, Response};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use url::Url;
use wellspring::fetch::rules::{LAST_EVENT_ID, next_hop, same_origin, serialize_origin};
use wellspring::fetch::{FetchRequest, MAX_REDIRECTS, fetch};
use wellspring::transport::{Body, Transport, TransportError};

const SECRET: HeaderValue = HeaderValue::from_static("Bearer secret");
const STATUSES: [u16; 12] = [302, 301, 303, 307, 308, 200, 204, 300, 304, 305, 404, 500];

pub(super) fn run(input: &mut Input<'_>) {
    let flags = input.byte();
    let Ok(url) = Url::parse(&input.text()) else {
        return;
    };
    let mut request = FetchRequest::new(url.clone());
    request.method =
        [Method::GET, Method::POST, Method::HEAD, Method::PUT][usize::from(flags % 4)].clone();
    request.headers.insert(AUTHORIZATION, SECRET);
    request.headers.insert(COOKIE, SECRET);
    request
        .headers
        .insert("x-harmless", HeaderValue::from_static("1"));
    request.last_event_id = "7".to_owned();
    if flags & 4 != 0 {
        request.body = Body::from("body");
    } else if flags & 8 != 0 {
        // Can be read once.
        request.body = Body::new(Body::from("body"));
    }
    let server = Server::default();
    while !input.is_empty() {
        let status = STATUSES[input.below(STATUSES.len())];
        let locations = (0..input.below(3))
            .map(|_| input.bytes().to_vec())
            .collect();
        server
            .answers
            .lock()
            .expect("one thread")
            .push_back((status, locations));
    }
    rules(&request.method, &url, &server);
    let asked = Arc::clone(&server.asked);
    let method = request.method.clone();
    let fetched = now(fetch(Arc::new(server), request));
    let asked = asked.lock().expect("one thread");
    check_hops(&url, &method, &asked);
    if let Ok(fetched) = fetched {
        assert_eq!(fetched.hops.len() + 1, asked.len());
        assert!(matches!(fetched.url.scheme(), "http" | "https"));
        let origin = serialize_origin(&fetched.url);
        assert!(origin.starts_with("http") && !origin.ends_with('/'));
        let last = fetched.hops.last().map_or(&url, |hop| &hop.url);
        assert_eq!(fetched.url, *last);
    }
}

/// Each answer for itself, whatever the chain makes of it.
fn rules(method: &Method, url: &Url, server: &Server) {
    let answers = server.answers.lock().expect("one thread");
    for (status, locations) in answers.iter() {
        let response = answer(*status, locations);
        let sent = response.headers().get_all(LOCATION).iter().count();
        let redirect = matches!(status, 301 | 302 | 303 | 307 | 308) && sent > 0;
        match next_hop(method, url, &response) {
            Ok(None) => assert!(!redirect),
            Err(_) => assert!(redirect),
            Ok(Some(next)) => {
                assert!(redirect);
                assert!(matches!(next.url.scheme(), "http" | "https"));
                assert_eq!(next.cross_origin, !same_origin(url, &next.url));
                assert_eq!(next.permanent, matches!(status, 301 | 308));
                assert_eq!(next.drops_body, next.method != *method);
                let to_get = match status {
                    303 => *method != Method::GET && *method != Method::HEAD,
                    301 | 302 => *method == Method::POST,
                    _ => false,
                };
                assert_eq!(next.method == Method::GET, to_get || *method == Method::GET);
                let inherits = next.url.fragment() == url.fragment();
                let names_one = locations.iter().any(|location| location.contains(&b'#'));
                assert!(inherits || names_one);
            }
        }
    }
}

fn check_hops(url: &Url, method: &Method, asked: &[Request<()>]) {
    assert!(asked.len() <= MAX_REDIRECTS + 1);
    let mut home = true;
    for (number, request) in asked.iter().enumerate() {
        let uri = request.uri();
        let target = Url::parse(&uri.to_string()).expect("what was sent is a URL");
        assert!(matches!(uri.scheme_str(), Some("http" | "https")));
        let authority = uri.authority().expect("the URI is absolute");
        assert!(!authority.as_str().contains('@'), "userinfo is sent: {uri}");
        home &= same_origin(url, &target);
        let headers = request.headers();
        let secret = headers.get(AUTHORIZATION) == Some(&SECRET);
        assert_eq!(secret, home, "hop {number} to {uri}");
        assert_eq!(headers.contains_key(COOKIE), home, "hop {number} to {uri}");
        assert_eq!(headers.get_all(AUTHORIZATION).iter().count().max(1), 1);
        assert_eq!(headers[LAST_EVENT_ID], "7");
        assert_eq!(headers["x-harmless"], "1");
        assert_eq!(headers["accept"], "text/event-stream");
        let kept = request.method() == method || request.method() == Method::GET;
        assert!(kept && (number > 0 || request.method() == method));
    }
}

type Answer = (u16, Vec<Vec<u8>>);

/// Answers at once, and with 200 when it has said all.
#[derive(Default)]
struct Server {
    answers: Mutex<VecDeque<Answer>>,
    asked: Arc<Mutex<Vec<Request<()>>>>,
}

impl Transport for Server {
    fn send(
        &self,
        request: Request<Body>,
    ) -> futures_core::future::BoxFuture<'static, Result<Response<Body>, TransportError>> {
        self.asked
            .lock()
            .expect("one thread")
            .push(request.map(drop));
        let next = self.answers.lock().expect("one thread").pop_front();
        let (status, locations) = next.unwrap_or((200, Vec::new()));
        Box::pin(std::future::ready(Ok(answer(status, &locations))))
    }
}

fn answer(status: u16, locations: &[Vec<u8>]) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status.try_into().expect("from the table");
    for location in locations {
        if let Ok(value) = HeaderValue::from_bytes(location) {
            response.headers_mut().append(LOCATION, value);
        }
    }
    response
}

/// The result of a future that has nothing to wait for.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("there was nothing to wait for"),
    }
}
