//! HTTP/2, with prior knowledge and by ALPN. In: streams of one connection. Out: the same as over
//! HTTP/1.1, and one connection for many sources.
//!
//! Next: `blocking.rs`.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

#[path = "support/http2.rs"]
mod peer;
mod support;

use bytes::Bytes;
use h2::{Reason, SendStream};
use http::Version;
use peer::Peer;
use support::{alive_tasks, assert_says, builder, next_data, next_loss, soon, tasks_settle_at};
use wellspring::{EventSource, Signal};

fn source(peer: &Peer) -> EventSource {
    let builder = builder(peer.url()).transport(peer.transport());
    builder.build().unwrap()
}

fn send(body: &mut SendStream<Bytes>, text: &'static str) {
    body.send_data(Bytes::from(text), false).unwrap();
}

/// The next event, while the server answers the next request and sends this.
async fn answered(
    peer: &mut Peer,
    source: &mut EventSource,
    text: &'static str,
) -> (String, peer::Asked, SendStream<Bytes>) {
    let (data, (asked, body)) = tokio::join!(next_data(source), async {
        let mut asked = peer.asked().await;
        let mut body = asked.open();
        send(&mut body, text);
        (asked, body)
    });
    (data, asked, body)
}

async fn events_arrive(mut peer: Peer) {
    let mut source = source(&peer);
    let (data, asked, mut body) = answered(&mut peer, &mut source, "data: a\n\n").await;
    assert_eq!(data, "a");
    assert_eq!(source.opened().unwrap().version, Version::HTTP_2);
    let headers = asked.request.headers();
    assert_eq!(headers["accept"], "text/event-stream");
    send(&mut body, "data: ");
    send(&mut body, "b\n\n");
    assert_eq!(next_data(&mut source).await, "b");
    source.close();
    let reset = std::future::poll_fn(|cx| body.poll_reset(cx));
    assert_eq!(soon(reset).await.unwrap(), Reason::CANCEL);
}

#[tokio::test]
async fn events_arrive_with_prior_knowledge() {
    events_arrive(Peer::with_prior_knowledge().await).await;
}

#[tokio::test]
async fn events_arrive_over_tls() {
    events_arrive(Peer::with_tls().await).await;
}

async fn an_ended_stream_is_resumed(mut peer: Peer) {
    let mut source = source(&peer);
    let (data, _, mut body) = answered(&mut peer, &mut source, "id: é7\ndata: a\n\n").await;
    assert_eq!(data, "a");
    body.send_data(Bytes::new(), true).unwrap();
    let loss = next_loss(&mut source).await;
    assert_says(&loss, &[peer.url(), "the body ended; attempt 1 in 10ms"]);
    let (data, asked, _body) = answered(&mut peer, &mut source, "data: b\n\n").await;
    assert_eq!(data, "b");
    let sent = asked.request.headers()["last-event-id"].as_bytes();
    assert_eq!(sent, "é7".as_bytes());
}

#[tokio::test]
async fn an_ended_stream_is_resumed_with_prior_knowledge() {
    an_ended_stream_is_resumed(Peer::with_prior_knowledge().await).await;
}

#[tokio::test]
async fn an_ended_stream_is_resumed_over_tls() {
    an_ended_stream_is_resumed(Peer::with_tls().await).await;
}

async fn a_reset_stream_is_resumed(mut peer: Peer) {
    let mut source = source(&peer);
    let (data, _, mut body) = answered(&mut peer, &mut source, "id: 7\ndata: a\n\n").await;
    assert_eq!(data, "a");
    send(&mut body, "id: 8\ndata: half");
    body.send_reset(Reason::INTERNAL_ERROR);
    let loss = next_loss(&mut source).await;
    assert_says(&loss, &[peer.url(), "the response broke off", "attempt 1"]);
    let (data, asked, _body) = answered(&mut peer, &mut source, "data: b\n\n").await;
    assert_eq!(data, "b");
    assert_eq!(asked.request.headers()["last-event-id"], "7");
}

#[tokio::test]
async fn a_reset_stream_is_resumed_with_prior_knowledge() {
    a_reset_stream_is_resumed(Peer::with_prior_knowledge().await).await;
}

#[tokio::test]
async fn a_reset_stream_is_resumed_over_tls() {
    a_reset_stream_is_resumed(Peer::with_tls().await).await;
}

#[tokio::test]
async fn sources_share_a_connection_and_leave_nothing() {
    let mut peer = Peer::with_prior_knowledge().await;
    let listening = alive_tasks();
    let mut sources: Vec<_> = (0..5).map(|_| source(&peer)).collect();
    let mut bodies = Vec::new();
    for source in &mut sources {
        let (data, _, body) = answered(&mut peer, source, "data: a\n\n").await;
        assert_eq!(data, "a");
        bodies.push(body);
    }
    assert_eq!(alive_tasks(), listening + 2, "a task at each end");
    drop(sources);
    tasks_settle_at(listening).await;
}

/// A source whose runtime nobody drives between two events must not stall those of another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn runtimes_do_not_share_connections() {
    let mut peer = Peer::with_prior_knowledge().await;
    let transport = peer.transport();
    let builder = builder(peer.url()).transport(transport);
    let blocking = tokio::task::spawn_blocking(|| {
        let mut blocking = builder.build().unwrap().into_blocking().unwrap();
        let event = blocking.next_lent().unwrap().unwrap();
        assert_eq!(event.data, "a");
        blocking
    });
    let mut first = peer.asked().await;
    let mut body = first.open();
    send(&mut body, "data: a\n\n");
    let blocking = soon(blocking).await.unwrap();

    let mut other = source(&peer);
    let (data, _, _body) = answered(&mut peer, &mut other, "data: b\n\n").await;
    assert_eq!(data, "b");
    drop(blocking);
}

#[tokio::test]
async fn the_origin_and_the_headers_are_those_of_the_response() {
    let mut peer = Peer::with_tls().await;
    let url = peer.url().to_owned();
    let mut source = source(&peer);
    let mut signals = source.signals();
    let (signal, _asked) = tokio::join!(soon(signals.next()), async {
        let mut asked = peer.asked().await;
        let body = asked.open();
        (asked, body)
    });
    let Some(Ok(Signal::Open(opened))) = signal else {
        panic!("not open")
    };
    assert_eq!(opened.origin, url.trim_end_matches("/stream"));
    assert_eq!(opened.headers["content-type"], "text/event-stream");
}
