//! Smaller knobs of a policy. In: limits that are exceeded, servers that do not answer the phone, ids
//! that no header can carry. Out: signals that say so.
//!
//! Next: `browser.rs`.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_core::future::BoxFuture;

use crate::peer;
use crate::support::{
    assert_says, builder, ms, next_data, next_loss, next_signal, signals_until, soon, stream, whole,
};
use tokio::net::TcpSocket;
use wellspring::transport::{Body, ConnectOptions, TcpKeepAlive, Transport, TransportError};
use wellspring::{EventSource, LimitKind, Limits, OnLimit, Policy, Signal};
use wellspring_testkit::server::{Script, ScriptedServer};

#[tokio::test]
async fn what_exceeds_a_limit_is_skipped_where_the_policy_says_so() {
    let long = "x".repeat(100_000);
    let body = format!("data: a\n\nid: 7\ndata: {long}\n\ndata: b\n\n");
    let scripts = [whole(&body), stream("data: c\n\n").hang()];
    let server = ScriptedServer::start(scripts).await;
    let mut source = builder(server.url("/"))
        .limits(Limits::default().with_line(1000))
        .on_limit(OnLimit::Skip)
        .build()
        .unwrap();
    assert_eq!(next_signal(&mut source).await.unwrap(), "open");
    assert_eq!(next_data(&mut source).await, "a");
    let mut signals = source.signals();
    let Some(Ok(Signal::Skipped(limit))) = soon(signals.next()).await else {
        panic!("nothing skipped")
    };
    assert_eq!((limit.kind, limit.limit), (LimitKind::Line, 1000));
    assert_eq!(limit.offset, 21 + 1000);
    let rest = signals_until(&mut source, "lost").await;
    assert_eq!(rest, ["position: 7", "message: b"]);
    assert_eq!(next_data(&mut source).await, "c");
    let sent = server.request(1).await.header("last-event-id");
    assert_eq!(sent.unwrap(), b"7", "it is not asked for again");
}

/// An address that neither accepts nor refuses, as long as what holds it is held.
async fn silent() -> (SocketAddr, Vec<Box<dyn Send>>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut held: Vec<Box<dyn Send>> = vec![Box::new(listener)];
    loop {
        let dialling = tokio::net::TcpStream::connect(address);
        match tokio::time::timeout(ms(100), dialling).await {
            Ok(socket) => held.push(Box::new(socket.unwrap())),
            Err(_) => return (address, held),
        }
    }
}

/// Notes what a source asks of its connection, and sends nothing.
#[derive(Default)]
struct Noting(Mutex<Vec<ConnectOptions>>);

impl Transport for Noting {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        let options = request.extensions().get::<ConnectOptions>().cloned();
        self.0.lock().unwrap().extend(options);
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn each_source_may_have_its_tcp_keep_alive() {
    let noting = Arc::new(Noting::default());
    let often = TcpKeepAlive::after(Duration::from_secs(5)).with_probes(2);
    for keep_alive in [None, Some(often), Some(TcpKeepAlive::off())] {
        let mut builder = builder("http://localhost/").shared_transport(noting.clone());
        if let Some(keep_alive) = keep_alive {
            builder = builder.tcp_keep_alive(keep_alive);
        }
        let mut source = builder.build().unwrap();
        let nothing = tokio::time::timeout(ms(20), source.next()).await;
        assert!(nothing.is_err());
        let asked = noting.0.lock().unwrap().pop().unwrap();
        assert_eq!(asked.tcp_keep_alive, keep_alive);
    }
}

#[tokio::test]
async fn each_source_has_its_connect_timeout() {
    let (address, _held) = silent().await;
    let url = format!("http://{address}/");
    let start = Instant::now();
    let mut source = builder(&url).connect_timeout(Some(ms(80))).build().unwrap();
    let mut patient = builder(&url).build().unwrap();
    let (loss, waiting) = tokio::join!(
        next_loss(&mut source),
        tokio::time::timeout(ms(300), next_signal(&mut patient))
    );
    assert!(start.elapsed() >= ms(80));
    assert_says(
        &loss,
        &["connecting took too long", "no connection within 80ms"],
    );
    assert!(waiting.is_err(), "{waiting:?}");
}

/// Sources that share an HTTP/2 connection, each with a connect timeout of its own.
fn over_one_connection(address: SocketAddr) -> impl Fn(Duration) -> EventSource {
    let options = wellspring::transport::TransportOptions::new().http2_prior_knowledge(true);
    let transport = wellspring::transport::HttpTransport::new(options).unwrap();
    move |timeout| {
        let builder = builder(format!("http://{address}/")).transport(transport.clone());
        builder.connect_timeout(Some(timeout)).build().unwrap()
    }
}

/// One source dials, the other waits for what it finds, but not for longer than it wants to.
#[tokio::test]
async fn the_connect_timeout_holds_for_who_waits_for_another() {
    let (address, _held) = silent().await;
    let source = over_one_connection(address);
    let mut patient = source(ms(60_000));
    let dialling = tokio::time::timeout(ms(50), next_signal(&mut patient)).await;
    assert!(dialling.is_err());
    let loss = next_loss(&mut source(ms(80))).await;
    assert_says(&loss, &["no connection within 80ms"]);
}

/// Nor is it told that the other one's time is up.
#[tokio::test]
async fn the_connect_timeout_of_who_dials_is_its_own() {
    let (address, _held) = silent().await;
    let source = over_one_connection(address);
    let (mut hasty, mut patient) = (source(ms(80)), source(ms(60_000)));
    let (loss, waiting) = tokio::join!(
        next_loss(&mut hasty),
        tokio::time::timeout(ms(400), next_signal(&mut patient))
    );
    assert_says(&loss, &["no connection within 80ms"]);
    assert!(waiting.is_err(), "{waiting:?}");
}

#[tokio::test]
async fn an_id_that_is_not_sent_is_told_of_each_attempt_also_one_that_never_opens() {
    let long = "x".repeat(5000);
    for (id, why) in [
        (" a", "white space"),
        (long.as_str(), "longer than 4096 bytes"),
    ] {
        let scripts = [
            whole(&format!("id: {id}\ndata: a\n\n")),
            Script::new().expect_request().reset(),
            stream("data: b\n\n").hang(),
        ];
        let server = ScriptedServer::start(scripts).await;
        let mut source = builder(server.url("/")).build().unwrap();
        let mut told = signals_until(&mut source, "message: b").await;
        told.retain(|signal| !signal.starts_with("message"));
        let not_sent = |text: &String| text.starts_with("LastEventIdNotSent") && text.contains(why);
        assert_eq!(told.len(), 6, "{told:?}");
        assert!(not_sent(&told[2]), "{told:?}");
        assert_says(&told[3], &["lost", "attempt 2"]);
        assert!(not_sent(&told[4]), "{told:?}");
        assert_eq!(told[5], "open");
        for request in &server.requests()[1..] {
            assert_eq!(request.header("last-event-id"), None);
        }
    }
}

/// Six connections carry as many streams as the server allows.
#[tokio::test]
async fn a_browser_has_no_queue_over_http2() {
    let mut peer = peer::Peer::with_tls().await;
    let transport = peer.transport();
    let mut sources = Vec::new();
    let mut held = Vec::new();
    for _ in 0..9 {
        let builder = builder(peer.url()).policy(Policy::browser());
        let mut source = builder.transport(transport.clone()).build().unwrap();
        let (signal, asked) = tokio::join!(next_signal(&mut source), async {
            let mut asked = peer.asked().await;
            let body = asked.open();
            (asked, body)
        });
        assert_eq!(signal.unwrap(), "open");
        held.push(asked);
        sources.push(source);
    }
    // All at once, when nobody knows yet that it will be HTTP/2.
    let mut peer = peer::Peer::with_tls().await;
    let transport = peer.transport();
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let builder = builder(peer.url()).policy(Policy::browser());
        let mut source = builder.transport(transport.clone()).build().unwrap();
        tasks.spawn(async move {
            while next_signal(&mut source).await.unwrap() != "open" {}
            source
        });
    }
    for _ in 0..20 {
        let mut asked = peer.asked().await;
        let body = asked.open();
        held.push((asked, body));
    }
    assert_eq!(soon(tasks.join_all()).await.len(), 20);
}

#[tokio::test]
async fn a_builder_may_be_used_again() {
    let server = ScriptedServer::start_repeating(stream("data: a\n\n").hang()).await;
    let common = builder(server.url("/")).header("x-mine", "yes");
    for id in ["1", "2"] {
        let mut source = common.clone().last_event_id(id).build().unwrap();
        assert_eq!(next_data(&mut source).await, "a");
    }
    for (request, id) in server.requests().iter().zip(["1", "2"]) {
        assert_eq!(request.header("x-mine").unwrap(), b"yes");
        assert_eq!(request.header("last-event-id").unwrap(), id.as_bytes());
    }
    let over = wellspring::EventSourceBuilder::from_body("data: b\n\n");
    for builder in [over.clone(), over] {
        let mut source = builder.build().unwrap();
        assert_eq!(next_data(&mut source).await, "b");
    }
    let once = wellspring::transport::Body::new(wellspring::transport::Body::from("data: c\n\n"));
    let over = wellspring::EventSourceBuilder::from_body(once);
    let error = over.clone().build().unwrap_err();
    assert_says(&error.to_string(), &["read only once"]);
    let mut source = over.build().unwrap();
    assert_eq!(next_data(&mut source).await, "c");
}
