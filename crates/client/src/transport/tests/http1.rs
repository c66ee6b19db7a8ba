use http::HeaderValue;
use tokio::io::AsyncWriteExt;

use super::server::{Server, is_closed};
use super::*;

const STREAM: &[u8] =
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

/// Sends a request to a server that answers with `response` and closes; what arrived and how it ended.
async fn exchange(response: &[u8]) -> Result<(Vec<u8>, Option<TransportError>), TransportError> {
    let server = Server::start().await;
    let transport = HttpTransport::default();
    let (answer, _) = tokio::join!(send(&transport, get(&server.url())), async {
        drop(server.answer(response).await);
    });
    Ok(read(answer?.body_mut()).await)
}

#[tokio::test]
async fn a_clean_end_is_told_from_a_cut() {
    let table: &[(&[u8], &[u8], bool)] = &[
        (
            b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            b"hello",
            true,
        ),
        (
            b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nTrailer: x\r\n\r\n",
            b"hello",
            true,
        ),
        (
            b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            b"hello",
            false,
        ),
        (
            b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
            b"hello",
            false,
        ),
        (b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel", b"hel", false),
        (
            b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n",
            b"hello",
            false,
        ),
        (b"Transfer-Encoding: chunked\r\n\r\n", b"", false),
        (b"Content-Length: 5\r\n\r\nhello", b"hello", true),
        (b"Content-Length: 5\r\n\r\nhel", b"hel", false),
        (b"Content-Length: 0\r\n\r\n", b"", true),
        // Delimited by the end of the connection: over plain TCP that is as clean as it gets.
        (b"\r\nhello", b"hello", true),
        (b"\r\n", b"", true),
    ];
    for (rest, expected, clean) in table {
        let response = [b"HTTP/1.1 200 OK\r\n", *rest].concat();
        let (bytes, error) = exchange(&response).await.unwrap();
        let shown = String::from_utf8_lossy(&response);
        assert_eq!(bytes, *expected, "{shown}");
        assert_eq!(error.is_none(), *clean, "{shown}: {error:?}");
        if let Some(error) = error {
            assert_eq!(error.kind(), TransportErrorKind::Body, "{error}");
            assert!(error.target().starts_with("127.0.0.1:"), "{error}");
        }
    }
}

#[tokio::test]
async fn no_response_is_an_error_that_says_so() {
    let table: &[(&[u8], TransportErrorKind)] = &[
        (b"", TransportErrorKind::Closed),
        (b"HTTP/1.1 200 OK\r\nContent-", TransportErrorKind::Closed),
        (b"SSH-2.0-OpenSSH_9.6\r\n", TransportErrorKind::Protocol),
        (b"<html>\r\n\r\n", TransportErrorKind::Protocol),
        (b"HTTP/9.9 200 OK\r\n\r\n", TransportErrorKind::Protocol),
    ];
    for (response, kind) in table {
        let error = exchange(response).await.unwrap_err();
        assert_eq!(error.kind(), *kind, "{error}");
    }
}

#[tokio::test]
async fn interim_responses_are_skipped() {
    let response = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n\
        HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    let (bytes, error) = exchange(response).await.unwrap();
    assert_eq!(
        (bytes.as_slice(), error.is_none()),
        (b"hi".as_slice(), true)
    );
}

/// A server that never comes to the point.
#[tokio::test]
async fn interim_responses_have_an_end() {
    let interim = "HTTP/1.1 103 Early Hints\r\n\r\n";
    let last = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    let (bytes, _) = exchange((interim.repeat(100) + last).as_bytes())
        .await
        .unwrap();
    assert_eq!(bytes, b"hi");
    let error = exchange((interim.repeat(101) + last).as_bytes())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Protocol);
    let said = "it sent more than 100 interim responses (1xx) and no final response";
    assert!(error.to_string().contains(said), "{error}");
    assert!(!error.kind().is_permanent());
}

#[tokio::test]
async fn the_request_goes_out_as_given() {
    let server = Server::start().await;
    let transport = HttpTransport::default();
    let mut request = get(&server.url());
    *request.method_mut() = http::Method::POST;
    *request.body_mut() = Body::from("hello");
    let id = HeaderValue::from_bytes("é→".as_bytes()).unwrap();
    request.headers_mut().insert("last-event-id", id);
    let (response, (head, mut socket)) = tokio::join!(
        send(&transport, request),
        server.answer(b"HTTP/1.1 204 No Content\r\n\r\n")
    );
    assert_eq!(response.unwrap().status(), 204);
    let head = String::from_utf8(head).unwrap();
    assert!(head.starts_with("POST /stream?x=1 HTTP/1.1\r\n"), "{head}");
    assert!(
        head.contains(&format!("host: {}\r\n", server.address())),
        "{head}"
    );
    assert!(head.contains("last-event-id: é→\r\n"), "{head}");
    assert!(head.contains("content-length: 5\r\n"), "{head}");
    let mut body = Vec::new();
    tokio::io::AsyncReadExt::read_to_end(&mut socket, &mut body)
        .await
        .unwrap();
    assert_eq!(body, b"hello");
}

#[tokio::test]
async fn bytes_arrive_as_they_are_sent() {
    let server = Server::start().await;
    let transport = HttpTransport::default();
    let (response, (_, mut socket)) =
        tokio::join!(send(&transport, get(&server.url())), server.answer(STREAM));
    let mut response = response.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    for part in ["data: 1\n\n", ": comment\n", "data: 2\n\n"] {
        let chunk = format!("{:x}\r\n{part}\r\n", part.len());
        socket.write_all(chunk.as_bytes()).await.unwrap();
        assert_eq!(next_bytes(response.body_mut()).await, part);
    }
}

#[tokio::test]
async fn dropping_the_body_closes_the_socket_and_there_never_was_a_task() {
    let server = Server::start().await;
    let transport = HttpTransport::default();
    let before = alive_tasks();
    let (response, (_, mut socket)) =
        tokio::join!(send(&transport, get(&server.url())), server.answer(STREAM));
    assert_eq!(alive_tasks(), before);
    drop(response);
    assert!(is_closed(&mut socket).await);
    assert_eq!(alive_tasks(), before);
}

#[tokio::test]
async fn dropping_the_future_closes_the_socket() {
    let server = Server::start().await;
    let transport = HttpTransport::default();
    let sending = tokio::spawn(transport.send(get(&server.url())));
    let (_, mut socket) = server.answer(b"HTTP/1.1 200 OK\r\n").await;
    sending.abort();
    assert!(is_closed(&mut socket).await);
}

#[tokio::test]
async fn a_finished_body_closes_the_socket_even_before_it_is_dropped() {
    let server = Server::start().await;
    let transport = HttpTransport::default();
    let (response, (_, mut socket)) = tokio::join!(
        send(&transport, get(&server.url())),
        server.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
    );
    let mut response = response.unwrap();
    assert_eq!(read(response.body_mut()).await.0, b"hi");
    assert!(is_closed(&mut socket).await);
    drop(response);
}

#[tokio::test]
async fn each_stream_has_a_connection_of_its_own() {
    let server = Server::start().await;
    let transport = HttpTransport::default();
    let (_one, (_, _first)) =
        tokio::join!(send(&transport, get(&server.url())), server.answer(STREAM));
    let (two, (_, _second)) =
        tokio::join!(send(&transport, get(&server.url())), server.answer(STREAM));
    assert!(two.is_ok());
}

#[tokio::test]
async fn a_reader_that_waits_holds_the_server_back() {
    let server = Server::start().await;
    let transport = HttpTransport::default();
    let (response, (_, mut socket)) =
        tokio::join!(send(&transport, get(&server.url())), server.answer(STREAM));
    let flood = async {
        let part = [b"4000\r\n".as_slice(), &[b'x'; 0x4000], b"\r\n"].concat();
        let mut sent = 0_usize;
        while tokio::time::timeout(Duration::from_millis(200), socket.write_all(&part))
            .await
            .is_ok()
        {
            sent += part.len();
        }
        sent
    };
    let sent = flood.await;
    assert!(sent < 64 * 1024 * 1024, "{sent} bytes went somewhere");
    drop(response);
}
