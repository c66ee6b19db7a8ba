//! Where adapted transports differ from one another. In: clients of reqwest and services of tower, set up in ways that
//! would hurt an event source. Out: an event source that is not hurt.
//!
//! Next: `examples.rs`.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod support;

use std::error::Error;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use http::{Request, Response};
use reqwest::{Client, ClientBuilder};
use support::{ms, next_data, next_error, next_loss};
use tower_service::Service;
use wellspring::transport::{Body, TowerTransport, Transport, TransportError, TransportErrorKind};
use wellspring::{Cause, EventSource, Failure, Reconnection};
use wellspring_reqwest::ReqwestTransport;
use wellspring_testkit::server::{Script, ScriptedServer};
use wellspring_testkit::service::{Answer, ScriptedService};

const CHUNKED: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

fn source(url: &str, transport: impl Transport) -> EventSource {
    let quick = Reconnection::default()
        .with_initial(ms(10))
        .with_floor(ms(1));
    let builder = EventSource::builder(url).transport(transport);
    builder.reconnection(quick).build().unwrap()
}

fn over_reqwest(url: &str, builder: ClientBuilder) -> EventSource {
    source(url, ReqwestTransport::new(builder).unwrap())
}

#[tokio::test]
async fn timeouts_of_a_reqwest_client_end_no_stream() {
    let script = Script::new().expect_request().send(CHUNKED);
    let script = script.send_chunk("data: a\n\n").pause(ms(600));
    let server = ScriptedServer::start([script.send_chunk("data: b\n\n").hang()]).await;
    let client = Client::builder().timeout(ms(200)).read_timeout(ms(200));
    let mut source = over_reqwest(&server.url("/"), client);
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_redirect_policy_of_a_reqwest_client_does_not_count() {
    let there = ScriptedServer::start([Script::event_stream("data: a\n\n")]).await;
    let location = format!("Location: {}", there.url("/b"));
    let here = ScriptedServer::start([Script::answer("302 Found", &[&location])]).await;
    let policy = reqwest::redirect::Policy::limited(10);
    let mut source = over_reqwest(&here.url("/a"), Client::builder().redirect(policy));
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(source.opened().unwrap().hops.len(), 1);
}

#[tokio::test]
async fn what_a_reqwest_client_is_set_up_with_holds() {
    let server = ScriptedServer::start([Script::event_stream("data: a\n\n")]).await;
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("x-default", "1".parse().unwrap());
    let mut source = over_reqwest(&server.url("/"), Client::builder().default_headers(headers));
    assert_eq!(next_data(&mut source).await, "a");
    let request = server.request(0).await;
    assert_eq!(request.headers("x-default"), [b"1"]);
    assert_eq!(request.headers("accept"), [b"text/event-stream"]);
}

#[tokio::test]
async fn a_refused_connection_of_reqwest_is_told_as_one() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let place = unused.local_addr().unwrap().to_string();
    drop(unused);
    let mut source = over_reqwest(&format!("http://{place}/"), Client::builder().no_proxy());
    let loss = next_loss(&mut source).await;
    let told = loss.starts_with(&format!("http://{place}/: cannot connect: "));
    assert!(told && loss.matches(&place).count() == 1, "{loss}");
    let name = "http://nowhere.invalid/";
    let loss = next_loss(&mut over_reqwest(name, Client::builder().no_proxy())).await;
    assert!(loss.contains("cannot resolve the host"), "{loss}");
}

#[test]
fn a_client_that_reqwest_cannot_build_is_an_error() {
    let client = Client::builder().user_agent("line\nfeed");
    let error = ReqwestTransport::new(client).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Unsupported);
}

/// A service that fails, or is not ready before it has been asked a few times.
#[derive(Clone)]
struct Moody {
    asked: Arc<AtomicUsize>,
    fails_with_ours: bool,
}

impl Service<Request<Body>> for Moody {
    type Response = Response<Body>;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = Ready<Result<Response<Body>, Self::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        if self.asked.fetch_add(1, Ordering::SeqCst) < 3 {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        assert!(
            self.asked.load(Ordering::SeqCst) > 3,
            "called before it was ready"
        );
        let ours = TransportError::new(TransportErrorKind::Unsupported, "x", "y");
        ready(Err(if self.fails_with_ours {
            Box::new(Wrapped(ours))
        } else {
            "out of order".into()
        }))
    }
}

#[derive(Debug)]
struct Wrapped(TransportError);

impl std::fmt::Display for Wrapped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a layer failed")
    }
}

impl Error for Wrapped {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[tokio::test]
async fn a_service_is_called_once_it_is_ready_and_its_errors_are_told() {
    let moody = |fails_with_ours| {
        TowerTransport::new(Moody {
            asked: Arc::default(),
            fails_with_ours,
        })
    };
    let loss = next_loss(&mut source("http://a.test/", moody(false))).await;
    assert!(loss.contains("a.test: out of order"), "{loss}");
    // An error of ours stays what it is, below whatever layers: this one is futile.
    let error = next_error(&mut source("http://a.test/", moody(true))).await;
    assert_eq!(error.failure(), Some(Failure::Permanent));
    assert!(matches!(error.cause(), Some(Cause::Fetch(_))));
}

/// Neither a socket nor a name is asked for: a runtime with nothing but time will do.
#[test]
fn a_service_needs_no_io() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    runtime.unwrap().block_on(async {
        let service = ScriptedService::new([Answer::event_stream("data: a\n\n")]);
        let mut source = source(
            "https://nowhere.test/x",
            TowerTransport::new(service.clone()),
        );
        assert_eq!(next_data(&mut source).await, "a");
        assert_eq!(service.requests()[0].uri(), "https://nowhere.test/x");
    });
}

/// Hours pass in no time when nothing is outside of the program.
#[tokio::test(start_paused = true)]
async fn a_scripted_service_runs_in_virtual_time() {
    let answers = ["retry: 7200000\ndata: a\n\n", "data: b\n\n"].map(Answer::event_stream);
    let mut source = source(
        "http://a.test/",
        TowerTransport::new(ScriptedService::new(answers)),
    );
    let start = tokio::time::Instant::now();
    assert_eq!(source.next().await.unwrap().unwrap().data, "a");
    assert_eq!(source.next().await.unwrap().unwrap().data, "b");
    assert_eq!(start.elapsed().as_secs(), 7200);
}

#[tokio::test]
async fn an_axum_router_answers_without_a_socket() {
    let router = axum::Router::new().route(
        "/stream",
        axum::routing::get(|| async { ([("content-type", "text/event-stream")], "data: a\n\n") }),
    );
    let mut source = source("http://app.test/stream", TowerTransport::new(router));
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(source.opened().unwrap().origin, "http://app.test");
}
