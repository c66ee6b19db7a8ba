//! TCP keep-alive. Whatever way a connection is made, the system's own table of sockets must show its timer.

use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::server::{Server, read_head};
use super::*;
use crate::transport::connect::connect;
use crate::transport::{ConnectOptions, Proxy, TcpKeepAlive};

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

async fn connected(keep_alive: TcpKeepAlive) -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    connect("127.0.0.1", port, keep_alive).await.unwrap()
}

#[tokio::test]
async fn the_socket_is_told_in_whole_seconds_within_what_the_system_takes() {
    let millisecond = Duration::from_millis(1);
    let table = [
        (TcpKeepAlive::default(), (60, 15, 4)),
        (
            TcpKeepAlive::after(millisecond).with_interval(Duration::ZERO),
            (1, 1, 4),
        ),
        (
            TcpKeepAlive::after(seconds(9) + millisecond).with_interval(seconds(3)),
            (10, 3, 4),
        ),
        (
            TcpKeepAlive::after(Duration::MAX)
                .with_interval(Duration::MAX)
                .with_probes(u32::MAX),
            (32_767, 32_767, 127),
        ),
    ];
    for (keep_alive, (idle, interval, probes)) in table {
        let socket = connected(keep_alive).await;
        let socket = SockRef::from(&socket);
        assert!(socket.keepalive().unwrap());
        assert_eq!(socket.tcp_keepalive_time().unwrap(), seconds(idle));
        assert_eq!(socket.tcp_keepalive_interval().unwrap(), seconds(interval));
        assert_eq!(socket.tcp_keepalive_retries().unwrap(), probes);
    }
    for off in [TcpKeepAlive::off(), TcpKeepAlive::default().with_probes(0)] {
        let socket = connected(off).await;
        assert!(!SockRef::from(&socket).keepalive().unwrap());
    }
}

/// The seconds until the first probe of the connection to this port, as `/proc/net/tcp` shows them; `None` without one.
#[cfg(target_os = "linux")]
fn first_probe(remote_port: u16) -> Option<u64> {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let remote = format!("0100007F:{remote_port:04X}");
    let mut rows = table
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>());
    let row = rows
        .find(|row| row[2] == remote && row[3] == "01")
        .expect("the connection");
    let (timer, left) = row[5].split_once(':').unwrap();
    // In hundredths of a second; 02 is the timer of keep-alive.
    (timer == "02").then(|| u64::from_str_radix(left, 16).unwrap().div_ceil(100))
}

/// Answers one request, whatever proxy it takes itself for: SOCKS5, a tunnel, or none.
#[cfg(target_os = "linux")]
async fn answer(server: &Server) -> TcpStream {
    const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\n\r\n";
    let mut socket = server.accept().await;
    let mut first = [0];
    socket.peek(&mut first).await.unwrap();
    if first == [5] {
        socket.read_exact(&mut [0; 3]).await.unwrap();
        socket.write_all(&[5, 0]).await.unwrap();
        socket.read_exact(&mut [0; 10]).await.unwrap();
        socket
            .write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
            .await
            .unwrap();
    }
    read_head(&mut socket).await;
    socket.write_all(ANSWER).await.unwrap();
    socket
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn it_is_on_whatever_way_the_connection_is_made() {
    let server = Server::start().await;
    let address = server.address();
    let port: u16 = address.rsplit(':').next().unwrap().parse().unwrap();
    let through = |scheme: &str| {
        let proxy = Proxy::new(format!("{scheme}://{address}")).unwrap();
        TransportOptions::new().proxy(proxy)
    };
    let often = TcpKeepAlive::after(seconds(1000));
    let table = [
        (TransportOptions::new(), None, Some(60)),
        (TransportOptions::new().http2(false), None, Some(60)),
        (through("http"), None, Some(60)),
        (through("socks5"), None, Some(60)),
        (
            TransportOptions::new().tcp_keep_alive(often),
            None,
            Some(1000),
        ),
        (through("http"), Some(often), Some(1000)),
        (through("socks5"), Some(TcpKeepAlive::off()), None),
        (TransportOptions::new(), Some(TcpKeepAlive::off()), None),
    ];
    for (options, of_request, expected) in table {
        let told = format!("{options:?} {of_request:?}");
        let transport = HttpTransport::new(options).unwrap();
        let mut request = get("http://127.0.0.1:1/");
        if told.contains("route: None") {
            request = get(&server.url());
        }
        request.extensions_mut().insert(ConnectOptions {
            tcp_keep_alive: of_request,
            ..ConnectOptions::default()
        });
        let (response, socket) = tokio::join!(send(&transport, request), answer(&server));
        let response = response.unwrap();
        let probe = first_probe(port);
        let is_right = match (probe, expected) {
            (Some(probe), Some(expected)) => (expected - 10..=expected).contains(&probe),
            (probe, expected) => probe == expected,
        };
        assert!(is_right, "{probe:?} {told}");
        drop((response, socket));
    }
}
