use std::net::SocketAddr;
use std::time::Instant;

use tokio::net::{TcpListener, TcpSocket};

use super::server::Server;
use super::*;
use crate::transport::connect::{interleave, race};

fn addresses(list: &[&str]) -> Vec<SocketAddr> {
    list.iter()
        .map(|address| address.parse().unwrap())
        .collect()
}

#[test]
fn families_alternate_beginning_with_the_first() {
    let table: &[(&[&str], &[&str])] = &[
        (&[], &[]),
        (&["1.1.1.1:1"], &["1.1.1.1:1"]),
        (
            &["[::1]:1", "[::2]:1", "1.1.1.1:1", "2.2.2.2:1"],
            &["[::1]:1", "1.1.1.1:1", "[::2]:1", "2.2.2.2:1"],
        ),
        (
            &["1.1.1.1:1", "2.2.2.2:1", "[::1]:1"],
            &["1.1.1.1:1", "[::1]:1", "2.2.2.2:1"],
        ),
        (
            &["[::1]:1", "1.1.1.1:1", "2.2.2.2:1"],
            &["[::1]:1", "1.1.1.1:1", "2.2.2.2:1"],
        ),
    ];
    for (given, expected) in table {
        assert_eq!(
            interleave(&addresses(given)),
            addresses(expected),
            "{given:?}"
        );
    }
}

#[tokio::test]
async fn a_refused_ipv6_address_gives_way_to_ipv4_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let v4 = listener.local_addr().unwrap();
    let v6 = SocketAddr::new("::1".parse().unwrap(), v4.port());
    let started = Instant::now();
    let socket = race(vec![v6, v4], "localhost").await.unwrap();
    assert_eq!(socket.peer_addr().unwrap(), v4);
    assert!(
        started.elapsed() < Duration::from_millis(200),
        "{:?}",
        started.elapsed()
    );
}

/// An address that neither accepts nor refuses: a listener whose backlog is full.
pub(super) async fn silent() -> (SocketAddr, Vec<Box<dyn Send>>) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut held: Vec<Box<dyn Send>> = vec![Box::new(listener)];
    loop {
        let wait = Duration::from_millis(100);
        match tokio::time::timeout(wait, tokio::net::TcpStream::connect(address)).await {
            Ok(socket) => held.push(Box::new(socket.unwrap())),
            Err(_) => return (address, held),
        }
    }
}

#[tokio::test]
async fn names_under_localhost_are_this_machine_whatever_the_name_servers_say() {
    let server = Server::start().await;
    let port = server.address().rsplit(':').next().unwrap().to_owned();
    for host in ["news.localhost", "a.b.LOCALHOST", "localhost."] {
        let authority = format!("{host}:{port}");
        let transport = HttpTransport::default();
        let (response, (head, _socket)) = tokio::join!(
            send(&transport, get(&format!("http://{authority}/"))),
            server.answer(b"HTTP/1.1 200 OK\r\n\r\n")
        );
        assert_eq!(response.unwrap().status(), 200);
        let head = String::from_utf8(head).unwrap();
        assert!(head.contains(&format!("host: {authority}\r\n")), "{head}");
    }
}

#[tokio::test]
async fn a_silent_address_is_overtaken_after_the_stagger() {
    let (silent, _held) = silent().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let good = listener.local_addr().unwrap();
    let started = Instant::now();
    let socket = race(vec![silent, good], "x").await.unwrap();
    assert_eq!(socket.peer_addr().unwrap(), good);
    assert!(
        started.elapsed() >= Duration::from_millis(240),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn the_connect_timeout_is_kept() {
    let (silent, _held) = silent().await;
    let options = TransportOptions::new().connect_timeout(Duration::from_millis(50));
    let transport = HttpTransport::new(options).unwrap();
    let error = send(&transport, get(&format!("http://{silent}/")))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::ConnectTimeout, "{error}");
    assert!(error.to_string().contains("50ms"), "{error}");
}

#[tokio::test]
async fn every_failed_address_is_named() {
    let closed = |listener: TcpListener| listener.local_addr().unwrap();
    let one = closed(TcpListener::bind("127.0.0.1:0").await.unwrap());
    let two = closed(TcpListener::bind("127.0.0.1:0").await.unwrap());
    let error = race(vec![one, two], "example.com:80").await.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Connect);
    let text = error.to_string();
    for part in [
        "example.com:80",
        &one.to_string(),
        &two.to_string(),
        "refused",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let error = race(vec![one], "example.com:80").await.unwrap_err();
    let text = format!("{error:#}");
    assert_eq!(text.matches("refused").count(), 1, "{text}");
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.is::<std::io::Error>());
}

#[tokio::test]
async fn requests_that_lead_nowhere_say_why() {
    let transport = HttpTransport::default();
    let refused = { Server::start().await.url() };
    let table = [
        (refused.as_str(), TransportErrorKind::Connect),
        ("http://name.invalid/", TransportErrorKind::Dns),
        ("ftp://example.com/", TransportErrorKind::InvalidRequest),
        ("/no/host", TransportErrorKind::InvalidRequest),
    ];
    for (url, kind) in table {
        let error = send(&transport, get(url)).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{url}: {error}");
        assert_eq!(
            error.kind().is_permanent(),
            kind == TransportErrorKind::InvalidRequest
        );
    }
}

#[test]
fn outside_a_runtime_it_is_an_error() {
    let mut future = HttpTransport::default().send(get("http://127.0.0.1:1/"));
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    let polled = future.as_mut().poll(&mut cx);
    let std::task::Poll::Ready(Err(error)) = polled else {
        panic!("not an error at once")
    };
    assert_eq!(error.kind(), TransportErrorKind::Unsupported);
}
