//! What subscribers that do not read cost `wellspring serve`. In: a protocol, events of a size. Out: the
//! memory of the process, as the system counts it (`RssAnon`: what is neither a file nor shared), while
//! they are stuck and once they are gone.
//!
//! Next: `serve_tls.rs`.

#![allow(clippy::print_stdout, reason = "the figures, for who asks for them")]

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsConnector;

use crate::http::Server;
use crate::support::PATIENCE;

/// So many that what publishing itself leaves behind in the allocator, some 20 MB with events of 8 MB,
/// is small beside their share.
const SUBSCRIBERS: usize = 200;

/// Published while they are there, in bytes: more than a socket takes in.
const PUBLISHED: usize = 24_000_000;

/// What each may cost, in bytes.
const EACH: u64 = 256 << 10;

/// By how much more a second crowd may cost, in bytes. What is freed behind something that lives, glibc
/// keeps for who comes next (`malloc_trim` would give it back to the system): so it is not given back, and
/// must not be taken twice either.
const AGAIN: u64 = 128 << 10;

#[derive(Clone, Copy, Debug)]
enum Protocol {
    Http1,
    Tls,
    Http2,
}

trait Socket: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Socket for T {}

/// A client that has asked for the stream, and takes as much as it can without reading.
async fn ask(server: &Server, protocol: Protocol, tls: &TlsConnector) -> Box<dyn Socket> {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let socket = socket.connect(server.address).await.unwrap();
    let mut socket: Box<dyn Socket> = match protocol {
        Protocol::Http1 => Box::new(socket),
        Protocol::Tls | Protocol::Http2 => {
            let name = ServerName::try_from("127.0.0.1").unwrap();
            Box::new(tls.connect(name, socket).await.unwrap())
        }
    };
    let request = match protocol {
        Protocol::Http1 | Protocol::Tls => {
            b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec()
        }
        Protocol::Http2 => http2_request(),
    };
    socket.write_all(&request).await.unwrap();
    socket.flush().await.unwrap();
    socket
}

/// The preface, windows as large as they can be, and a GET of `/events` (RFC 9113, RFC 7541).
fn http2_request() -> Vec<u8> {
    let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
    bytes.extend(b"\0\0\x06\x04\0\0\0\0\0\0\x04\x7f\xff\xff\xff");
    bytes.extend(b"\0\0\x04\x08\0\0\0\0\0\x7f\xff\0\0");
    let fields = b"\x82\x87\x04\x07/events\x01\x09localhost";
    let length = u8::try_from(fields.len()).unwrap();
    bytes.extend([0, 0, length, 1, 5, 0, 0, 0, 1]);
    bytes.extend(fields);
    bytes
}

/// What the process holds, in bytes, once that no longer changes.
async fn settled(server: &Server) -> u64 {
    let begin = Instant::now();
    let mut last = (resident(server), begin);
    while last.1.elapsed() < Duration::from_millis(700) {
        assert!(begin.elapsed() < 2 * PATIENCE, "it does not settle");
        sleep(Duration::from_millis(50)).await;
        let now = resident(server);
        if now.abs_diff(last.0) > 64 << 10 {
            last = (now, Instant::now());
        }
    }
    last.0
}

fn resident(server: &Server) -> u64 {
    let id = server.program.child.id().unwrap();
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let mut lines = status.lines();
    let line = lines.find_map(|line| line.strip_prefix("RssAnon:"));
    let kibibytes = line.unwrap().split_whitespace().next().unwrap();
    kibibytes.parse::<u64>().unwrap() << 10
}

struct Files {
    _folder: tempfile::TempDir,
    certificate: String,
    key: String,
    tls: TlsConnector,
}

fn files(protocol: Protocol) -> Files {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    if let Protocol::Http2 = protocol {
        config.alpn_protocols = vec![b"h2".to_vec()];
    }
    Files {
        certificate: write("cert.pem", &made.cert.pem()),
        key: write("key.pem", &made.signing_key.serialize_pem()),
        tls: TlsConnector::from(Arc::new(config)),
        _folder: folder,
    }
}

/// It was subscribed, and stuck in what was published.
async fn expect_an_event(subscriber: &mut Box<dyn Socket>) {
    let mut read = Vec::new();
    let event = b"data: xxx";
    let reading = async {
        while !read.windows(event.len()).any(|part| part == event) {
            assert_ne!(subscriber.read_buf(&mut read).await.unwrap(), 0);
            assert!(read.len() < 64 << 10, "the first event comes first");
        }
    };
    timeout(PATIENCE, reading).await.unwrap();
}

async fn publish(server: &mut Server, size: usize) {
    let line = format!("{}\n", "x".repeat(size));
    let at_once = line.repeat((64 << 10) / line.len() + 1);
    for _ in 0..PUBLISHED / at_once.len() + 1 {
        server.write(&at_once).await;
    }
}

async fn measure(protocol: Protocol, size: usize) {
    let files = files(protocol);
    // Less than is published, so that whoever does not read falls out of it.
    let history = (PUBLISHED / 3 / size).to_string();
    let mut options = vec!["--history", &history];
    if !matches!(protocol, Protocol::Http1) {
        options.extend(["--tls-cert", &files.certificate, "--tls-key", &files.key]);
    }
    let mut server = Server::start(&options).await;
    publish(&mut server, size).await;
    let before = settled(&server).await;
    let mut most = [0, 0];
    for most in &mut most {
        let mut subscribers = Vec::new();
        for _ in 0..SUBSCRIBERS {
            subscribers.push(ask(&server, protocol, &files.tls).await);
        }
        settled(&server).await;
        publish(&mut server, size).await;
        *most = settled(&server).await;
        for subscriber in &mut subscribers {
            expect_an_event(subscriber).await;
        }
        drop(subscribers);
        sleep(Duration::from_secs(2)).await;
    }
    let each = |bytes: u64| bytes.saturating_sub(before) / SUBSCRIBERS as u64;
    let [first, second] = most.map(each);
    let kept = each(resident(&server));
    let [shown, again, left] = [first, second, kept].map(|bytes| bytes >> 10);
    let figures =
        format!("{protocol:?}, {size} bytes: {shown} KiB each, again {again}, kept {left}");
    let cheap = first <= EACH && second <= first + AGAIN && kept <= EACH;
    println!("{figures}");
    assert!(cheap, "{figures}");
    if let Protocol::Http1 = protocol {
        let metrics = server.ask("GET /metrics", "").await;
        assert!(
            metrics.contains("\nwellspring_pinned_bytes 0\n"),
            "{metrics}"
        );
    }
}

const SIZES: [usize; 3] = [1_000, 1_000_000, 8_000_000];

#[tokio::test]
async fn subscribers_that_do_not_read_are_cheap_over_http1() {
    for size in SIZES {
        measure(Protocol::Http1, size).await;
    }
}

#[tokio::test]
async fn subscribers_that_do_not_read_are_cheap_over_tls() {
    for size in SIZES {
        measure(Protocol::Tls, size).await;
    }
}

#[tokio::test]
async fn subscribers_that_do_not_read_are_cheap_over_http2() {
    for size in SIZES {
        measure(Protocol::Http2, size).await;
    }
}
