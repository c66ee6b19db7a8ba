//! The heads of responses, as large as they may be and larger.

use h2::server::Builder;

use super::peer::{Peer, transport};
use super::server::Server;
use super::*;
use crate::transport::{MAX_RESPONSE_HEAD, MAX_RESPONSE_HEADERS};

/// How many header fields, and how many bytes the value of each has.
const TABLE: [(usize, usize, bool); 4] = [
    (150, 1, true),
    (MAX_RESPONSE_HEADERS, 1, true),
    (MAX_RESPONSE_HEADERS + 1, 1, false),
    (100, MAX_RESPONSE_HEAD / 50, false),
];

fn check(result: Result<Response<Body>, TransportError>, count: usize, fits: bool) {
    if fits {
        assert_eq!(
            result.map(|response| response.headers().len()).ok(),
            Some(count)
        );
        return;
    }
    let error = result.map(drop).unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Protocol, "{error}");
    assert!(error.detail().contains("64 KiB"), "{error}");
    assert!(error.help().contains("shorter header fields"), "{error}");
}

#[tokio::test]
async fn over_http1() {
    for (count, length, fits) in TABLE {
        let server = Server::start().await;
        let value = "x".repeat(length);
        let fields: String = (0..count)
            .map(|n| format!("h{n:04}: {value}\r\n"))
            .collect();
        let head = format!("HTTP/1.1 200 OK\r\n{fields}\r\n");
        let transport = HttpTransport::default();
        let (result, _) = tokio::join!(send(&transport, get(&server.url())), async {
            let mut socket = server.accept().await;
            super::server::read_head(&mut socket).await;
            // The client may hang up before it has all.
            let _ = tokio::io::AsyncWriteExt::write_all(&mut socket, head.as_bytes()).await;
            socket
        });
        check(result, count, fits);
    }
}

#[tokio::test]
async fn over_http2() {
    let longer = (100, MAX_RESPONSE_HEAD / 90, false);
    for (count, length, fits) in TABLE.into_iter().chain([longer]) {
        let mut peer = Peer::start(Builder::new()).await;
        let transport = transport();
        let url = peer.url();
        let (result, _) = tokio::join!(send(&transport, get(&url)), async {
            let mut asked = peer.asked().await;
            let mut response = Response::new(());
            for n in 0..count {
                let name: http::HeaderName = format!("h{n:04}").parse().unwrap();
                let value = "x".repeat(length).parse().unwrap();
                response.headers_mut().append(name, value);
            }
            asked.respond.send_response(response, false).unwrap()
        });
        check(result, count, fits);
    }
}
