//! Responses over HTTP/1.1 that come in pieces, cut anywhere.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::*;
use crate::transport::connect::Endpoint;
use crate::transport::http1;

/// What a connection does when all of its pieces are read.
#[derive(Clone, Copy, Debug)]
enum End {
    Close,
    Reset,
    Wait,
}

/// A connection that answers whatever is written first, a piece at a read. Before each piece there is nothing for once.
struct Pieces {
    pieces: VecDeque<Vec<u8>>,
    end: End,
    asked: bool,
    paused: bool,
    /// Bytes that it takes of what is written.
    room: usize,
}

impl Pieces {
    fn new(pieces: &[&[u8]], end: End) -> Self {
        let pieces = pieces.iter().filter(|piece| !piece.is_empty());
        Self {
            pieces: pieces.map(|piece| piece.to_vec()).collect(),
            end,
            asked: false,
            paused: false,
            room: usize::MAX,
        }
    }
}

impl AsyncRead for Pieces {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.paused = !self.paused;
        if !self.asked || self.paused {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(piece) = self.pieces.front_mut() else {
            return match self.end {
                End::Close => Poll::Ready(Ok(())),
                End::Reset => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
                End::Wait => Poll::Pending,
            };
        };
        let length = piece.len().min(buffer.remaining());
        buffer.put_slice(&piece[..length]);
        piece.drain(..length);
        if piece.is_empty() {
            self.pieces.pop_front();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Pieces {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.asked = true;
        let length = bytes.len().min(self.room);
        self.room -= length;
        if length == 0 {
            return Poll::Pending;
        }
        Poll::Ready(Ok(length))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

async fn send_over(io: Pieces, request: Request<Body>) -> Result<Response<Body>, TransportError> {
    let endpoint = Endpoint::of(request.uri()).unwrap();
    let sending = http1::send(Box::new(io), None, request, &endpoint);
    tokio::time::timeout(SOON, sending)
        .await
        .expect("a response or an error, soon")
}

/// What a `GET` gets: the status, the body, and why it broke off.
async fn exchange(pieces: &[&[u8]], end: End) -> (u16, Vec<u8>, Option<TransportError>) {
    let response = send_over(Pieces::new(pieces, end), get("http://a.test/"));
    let mut response = response.await.unwrap();
    let (bytes, error) = read(response.body_mut()).await;
    (response.status().as_u16(), bytes, error)
}

const CUT: &str = "the connection was closed before the end of the body";

const STREAM: &[u8] = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n\
    HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ndata: \r\n7;x\r\nhello\n\n\r\n0\r\nA: b\r\n\r\n";

/// Interim responses, the head and the body, in two pieces and byte by byte.
#[tokio::test]
async fn every_cut_gives_the_same() {
    let check = async |pieces: &[&[u8]]| {
        let (status, bytes, error) = exchange(pieces, End::Wait).await;
        let cut = pieces[0].len();
        assert_eq!((status, error.is_none()), (200, true), "cut at {cut}");
        assert_eq!(bytes, b"data: hello\n\n", "cut at {cut}");
    };
    for cut in 0..STREAM.len() {
        check(&[&STREAM[..cut], &STREAM[cut..]]).await;
    }
    let bytes: Vec<&[u8]> = STREAM.chunks(1).collect();
    check(&bytes).await;
}

#[tokio::test]
async fn a_body_of_known_length_and_one_that_closes_are_cut_too() {
    let known = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and more".as_slice();
    let closed = b"HTTP/1.1 200 OK\n\nhello".as_slice();
    for (response, end) in [(known, End::Wait), (closed, End::Close)] {
        for cut in 0..response.len() {
            let pieces = [&response[..cut], &response[cut..]];
            let (_, bytes, error) = exchange(&pieces, end).await;
            assert_eq!(
                (bytes.as_slice(), error.is_none()),
                (&b"hello"[..], true),
                "at {cut}"
            );
        }
    }
}

/// At every byte of the body but its last.
#[tokio::test]
async fn a_body_that_ends_early_is_broken() {
    let last = b"chunked\r\n\r\n";
    let head = STREAM.windows(last.len()).position(|part| part == last);
    let body = head.unwrap() + last.len();
    for cut in body..STREAM.len() {
        for (end, why) in [(End::Close, CUT), (End::Reset, "connection reset")] {
            let (_, bytes, error) = exchange(&[&STREAM[..cut]], end).await;
            assert!(b"data: hello\n\n".starts_with(&bytes), "at {cut}");
            let error = error.unwrap_or_else(|| panic!("no error at {cut}"));
            assert_eq!(error.kind(), TransportErrorKind::Body, "{error}");
            assert!(error.detail().contains(why), "{error}");
            assert_eq!(error.target(), "a.test:80");
        }
    }
}

/// What comes with the head is more than a read brings.
#[tokio::test]
async fn much_comes_with_the_head() {
    let data = vec![b'x'; 100_000];
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".as_slice();
    let (_, bytes, error) = exchange(&[&[head, &data].concat()], End::Wait).await;
    assert_eq!((bytes.len(), error.is_none()), (data.len(), true));
}

/// hyper keeps what opens nothing, and reads it to its end.
#[tokio::test]
async fn what_opens_nothing_is_read_as_well() {
    for status in [
        "204 No Content",
        "301 Moved",
        "401 No",
        "500 Oh",
        "206 Part",
    ] {
        let hints = "HTTP/1.1 103 Early Hints\r\n\r\n";
        let chunked = "Transfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n";
        let body = if status.starts_with("204") {
            "\r\n"
        } else {
            chunked
        };
        let response = format!("{hints}HTTP/1.1 {status}\r\n{body}");
        for cut in 0..response.len() {
            let (one, two) = response.as_bytes().split_at(cut);
            let (_, bytes, error) = exchange(&[one, two], End::Wait).await;
            let expected: &[u8] = if body == chunked { b"no" } else { b"" };
            assert_eq!(
                (bytes.as_slice(), error.is_none()),
                (expected, true),
                "{response} at {cut}"
            );
        }
    }
}

#[tokio::test]
async fn the_head_of_a_head_has_no_body() {
    let response = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".as_slice();
    let request = Request::head("http://a.test/").body(Body::empty()).unwrap();
    let response = send_over(Pieces::new(&[response], End::Wait), request).await;
    assert_eq!(read(response.unwrap().body_mut()).await.0, b"");
}

/// A server may answer before it has the whole request: what is left of it is still written.
#[tokio::test]
async fn an_answer_to_half_a_request_stays_with_hyper() {
    let body = Body::from("x".repeat(1000));
    let request = Request::post("http://a.test/").body(body).unwrap();
    let mut io = Pieces::new(&[STREAM], End::Wait);
    io.room = 500;
    let mut response = send_over(io, request).await.unwrap();
    assert!(!response.body().lends());
    assert_eq!(read(response.body_mut()).await.0, b"data: hello\n\n");
    let request = Request::post("http://a.test/").body(Body::from("x".repeat(1000)));
    let response = send_over(Pieces::new(&[STREAM], End::Wait), request.unwrap());
    assert!(response.await.unwrap().body().lends());
}

/// Where a head ends is for hyper to say: whatever follows the first line, there is an answer.
#[tokio::test]
async fn heads_of_any_line_ends_are_answered() {
    const ALPHABET: [&str; 5] = ["\r", "\n", "a", ":", "\r\n"];
    for number in 0..ALPHABET.len().pow(4) {
        let mut rest = number;
        let mut head = String::from("HTTP/1.1 200 OK");
        for _ in 0..4 {
            head += ALPHABET[rest % ALPHABET.len()];
            rest /= ALPHABET.len();
        }
        for cut in [head.len(), head.len() - 1, head.len() - 2] {
            let (one, two) = head.as_bytes().split_at(cut);
            let two = [two, b"\n\nbody"].concat();
            let io = Pieces::new(&[one, &two], End::Close);
            if let Ok(mut response) = send_over(io, get("http://a.test/")).await {
                let (bytes, _) = read(response.body_mut()).await;
                assert!(bytes.ends_with(b"body"), "{head:?} cut at {cut}");
            }
        }
    }
}

/// The same over a connection that hyper keeps, since it is never rid of the request.
async fn exchange_over_hyper(pieces: &[&[u8]], end: End) -> (Vec<u8>, bool) {
    let body = Body::from("x".repeat(1000));
    let request = Request::post("http://a.test/").body(body).unwrap();
    let mut io = Pieces::new(pieces, end);
    io.room = 500;
    let mut response = send_over(io, request).await.unwrap();
    assert!(!response.body().lends());
    let (bytes, error) = read(response.body_mut()).await;
    (bytes, error.is_none())
}

/// Bodies with a few bytes of another kind, cut anywhere: the bytes, and whether they are all, as hyper reads them.
#[tokio::test]
async fn a_body_that_is_damaged_reads_as_with_hyper() {
    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const BODY: &[u8] = b"6\r\ndata: \r\n07;x=\"y\"\r\nhello\n\n\r\nA\r\n0123456789\r\n0\r\n\r\n";
    const BYTES: &[u8] = b"\r\n0179aAfFgx; \t\"=\0\xFF";
    let mut random = fastrand::Rng::with_seed(9112);
    for round in 0..1000 {
        let mut body = BODY.to_vec();
        for _ in 0..random.usize(..3) {
            let at = random.usize(..body.len() - 5);
            match random.usize(..3) {
                0 => body[at] = BYTES[random.usize(..BYTES.len())],
                1 => body.insert(at, BYTES[random.usize(..BYTES.len())]),
                _ => drop(body.remove(at)),
            }
        }
        let response = [HEAD, &body].concat();
        let (one, two) = response.split_at(random.usize(..response.len()));
        let theirs = exchange_over_hyper(&[&response], End::Close).await;
        for pieces in [vec![&*response], vec![one, two]] {
            let (_, bytes, error) = exchange(&pieces, End::Close).await;
            let shown = String::from_utf8_lossy(&body);
            assert_eq!((bytes, error.is_none()), theirs, "round {round}: {shown:?}");
        }
    }
}
