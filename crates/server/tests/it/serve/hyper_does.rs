//! What `serve` relies on in hyper, with hyper alone: a version that does otherwise fails here.

use std::convert::Infallible;
use std::future::{Future, pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::server::conn::http1::{Builder, UpgradeableConnection};
use hyper::service::Service;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use super::app::{Served, get};

type Answer = Response<Empty<Bytes>>;

/// Answers everything but `/wait`, and notes that one.
struct Answers(Arc<AtomicBool>);

impl Service<Request<Incoming>> for Answers {
    type Response = Answer;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Infallible>>>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let waits = Arc::clone(&self.0);
        Box::pin(async move {
            if request.uri().path() == "/wait" {
                waits.store(true, Ordering::SeqCst);
                return pending().await;
            }
            Ok(Response::new(Empty::new()))
        })
    }
}

fn connection(
    io: DuplexStream,
    waits: Arc<AtomicBool>,
) -> UpgradeableConnection<TokioIo<DuplexStream>, Answers> {
    let connection = Builder::new().serve_connection(TokioIo::new(io), Answers(waits));
    connection.with_upgrades()
}

async fn poll_once(future: impl Future + Unpin) -> bool {
    let mut future = pin!(future);
    poll_fn(|cx: &mut Context<'_>| Poll::Ready(future.as_mut().poll(cx).is_ready())).await
}

#[tokio::test]
async fn one_poll_parses_a_whole_head_calls_the_service_and_polls_its_answer() {
    let (mut client, server) = duplex(1 << 10);
    client.write_all(&get("/wait")).await.unwrap();
    let waits = Arc::default();
    let mut connection = connection(server, Arc::clone(&waits));
    assert!(!poll_once(&mut connection).await);
    assert!(waits.load(Ordering::SeqCst));
}

#[tokio::test]
async fn taken_apart_it_gives_back_the_socket_and_what_it_has_read_too_much() {
    let (mut client, server) = duplex(1 << 10);
    let all = [get("/wait"), b"behind".to_vec()].concat();
    client.write_all(&all).await.unwrap();
    let mut connection = connection(server, Arc::default());
    assert!(!poll_once(&mut connection).await);
    let parts = connection.into_parts().unwrap();
    assert_eq!(parts.read_buf, "behind");
    let mut server = parts.io.into_inner();
    server.write_all(b"ours").await.unwrap();
    let mut bytes = [0; 4];
    client.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"ours");
}

#[tokio::test]
async fn it_writes_nothing_for_an_answer_that_does_not_come_and_no_less_of_those_before() {
    let (mut client, server) = duplex(1 << 10);
    let all = [get("/plain"), get("/wait")].concat();
    client.write_all(&all).await.unwrap();
    let waits = Arc::default();
    let mut connection = connection(server, Arc::clone(&waits));
    while !waits.load(Ordering::SeqCst) {
        assert!(!poll_once(&mut connection).await);
    }
    drop(connection.into_parts().unwrap().io);
    let mut text = String::new();
    client.read_to_string(&mut text).await.unwrap();
    assert_eq!(text.matches("HTTP/1.1").count(), 1, "{text}");
    assert!(text.ends_with("\r\n\r\n"), "{text}");
}

/// Our head, line by line, beside that of hyper, which answers on the same server as soon as the request has a
/// body that was not read.
#[tokio::test]
async fn our_head_is_that_of_hyper() {
    let served = Served::start().await;
    let mut ours = served.send(&get("/events")).await;
    let request = b"POST /both HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";
    let mut hypers = served.send(request).await;
    let [ours, hypers] = [&mut ours, &mut hypers].map(|client| client.read_until("\r\n\r\n"));
    let lines = |head: String| {
        let lines = head.lines().map(|line| match line.split_once(": ") {
            Some(("date", date)) => format!("date of {} bytes", date.len()),
            _ => line.to_owned(),
        });
        lines.collect::<Vec<_>>()
    };
    let mut ours = lines(ours.await);
    let close = ours.iter().position(|line| line == "connection: close");
    ours.remove(close.unwrap());
    assert_eq!(ours, lines(hypers.await));
}
