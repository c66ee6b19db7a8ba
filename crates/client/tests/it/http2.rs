//! HTTP/2, with prior knowledge and by ALPN. In: streams of one connection. Out: the same as over
//! HTTP/1.1, and one connection for many sources.
//!
//! Next: `blocking.rs`.

use std::net::SocketAddr;
use std::time::Duration;

use crate::peer;
use crate::peer::Peer;
use crate::support::{
    alive_tasks, assert_says, builder, ms, next_data, next_loss, soon, tasks_settle_at,
};
use bytes::Bytes;
use h2::{Reason, SendStream};
use http::Version;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use wellspring::transport::HttpTransport;
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

/// Hands everything on between a client and the peer, until it is told to stop doing so.
async fn forward(to: SocketAddr, frozen: watch::Receiver<bool>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut frozen = frozen.clone();
            tokio::spawn(async move {
                let mut server = TcpStream::connect(to).await.unwrap();
                let forwarding = tokio::io::copy_bidirectional(&mut client, &mut server);
                let froze = async { frozen.wait_for(|frozen| *frozen).await.is_ok() };
                let held = tokio::select! {
                    _ = forwarding => false,
                    held = froze => held,
                };
                if held {
                    std::future::pending::<()>().await;
                }
            });
        }
    });
    address
}

/// Neither end has closed anything, and nothing arrives any more.
#[tokio::test]
async fn a_half_open_connection_is_found_by_pings() {
    let mut peer = Peer::with_prior_knowledge().await;
    let (freeze, frozen) = watch::channel(false);
    let address = forward(peer.address(), frozen).await;
    let options = peer.options();
    let options = options.http2_keep_alive(ms(1000), ms(300));
    let transport = HttpTransport::new(options).unwrap();
    let builder = builder(format!("http://{address}/")).transport(transport);
    let mut source = builder.build().unwrap();
    let (data, _, _body) = answered(&mut peer, &mut source, "data: a\n\n").await;
    assert_eq!(data, "a");
    // Pings are answered as long as there is somebody.
    let quiet = tokio::time::timeout(ms(2500), next_loss(&mut source)).await;
    assert!(quiet.is_err(), "{quiet:?}");
    freeze.send_replace(true);
    let loss = next_loss(&mut source).await;
    assert_says(&loss, &["did not answer a ping", "attempt 1"]);
    freeze.send_replace(false);
    let (data, _, _body) = answered(&mut peer, &mut source, "data: b\n\n").await;
    assert_eq!(data, "b");
}

/// What the peer says comes this much later.
const DELAY: Duration = Duration::from_millis(150);

async fn forward_late(to: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (client, _) = listener.accept().await.unwrap();
        let server = TcpStream::connect(to).await.unwrap();
        let (mut from_client, mut to_client) = client.into_split();
        let (mut from_server, mut to_server) = server.into_split();
        tokio::spawn(async move { tokio::io::copy(&mut from_client, &mut to_server).await });
        let mut buffer = [0; 1024];
        while let Ok(length @ 1..) = from_server.read(&mut buffer).await {
            tokio::time::sleep(DELAY).await;
            to_client.write_all(&buffer[..length]).await.unwrap();
        }
    });
    address
}

/// The answer comes in time, to a program that keeps its only thread busy for longer than that.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_to_a_ping_counts_however_late_it_is_read() {
    let mut peer = Peer::with_prior_knowledge().await;
    let address = forward_late(peer.address()).await;
    let options = peer.options().http2_keep_alive(ms(1000), ms(500));
    let program = std::thread::spawn(move || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build().unwrap().block_on(async {
            let transport = HttpTransport::new(options).unwrap();
            let builder = builder(format!("http://{address}/")).transport(transport);
            let mut source = builder.build().unwrap();
            assert_eq!(next_data(&mut source).await, "a");
            // After the first time a ping is due; the second begins before its answer is there.
            for _ in 0..3 {
                let quiet = tokio::time::timeout(DELAY / 2, next_loss(&mut source)).await;
                assert!(quiet.is_err(), "{quiet:?}");
                std::thread::sleep(ms(2000));
            }
            let quiet = tokio::time::timeout(DELAY / 2, next_loss(&mut source)).await;
            assert!(quiet.is_err(), "{quiet:?}");
        });
    });
    let mut asked = peer.asked().await;
    let mut body = asked.open();
    send(&mut body, "data: a\n\n");
    let program = tokio::task::spawn_blocking(move || program.join().unwrap());
    program.await.unwrap();
}

/// Bytes come in time and lie in the socket, which another task reads, while the program keeps its only
/// thread busy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bytes_that_nobody_has_read_are_no_silence() {
    let mut peer = Peer::with_prior_knowledge().await;
    let (url, options) = (peer.url().to_owned(), peer.options());
    let program = async move {
        let builder = builder(url).transport(HttpTransport::new(options).unwrap());
        let mut source = builder.idle_timeout(Some(ms(1000))).build().unwrap();
        assert_eq!(next_data(&mut source).await, "a");
        for _ in 0..3 {
            let busy = tokio::spawn(async { std::thread::sleep(ms(1500)) });
            let quiet = tokio::time::timeout(ms(1600), next_loss(&mut source)).await;
            assert!(quiet.is_err(), "{quiet:?}");
            busy.await.unwrap();
        }
    };
    let program = tokio::task::spawn_blocking(move || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build().unwrap().block_on(program);
    });
    let mut asked = peer.asked().await;
    let mut body = asked.open();
    send(&mut body, "data: a\n\n");
    let sending = async {
        loop {
            tokio::time::sleep(ms(100)).await;
            send(&mut body, ":\n");
        }
    };
    tokio::select! {
        biased;
        program = program => program.unwrap(),
        () = sending => {}
    }
}
