//! Compressed bodies: little on the wire, much to do.

use flate2::{Compress, Compression, FlushCompress};
use futures_core::future::BoxFuture;
use wellspring::transport::{Body, Transport, TransportError};
use wellspring::{EventSource, Signal};

use super::{Endless, assert_gives_way, tiny_events};

const HEADER: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\x03";

/// A part of the data of a member that may be repeated: it refers to nothing before it.
fn deflate(text: &[u8]) -> Vec<u8> {
    let mut compress = Compress::new(Compression::best(), false);
    let mut part = Vec::with_capacity(text.len() + 1024);
    compress
        .compress_vec(text, &mut part, FlushCompress::Full)
        .unwrap();
    part
}

/// Members that hold nothing.
fn empty_members() -> Vec<u8> {
    [HEADER, b"\x03\0\0\0\0\0\0\0\0\0"].concat().repeat(1000)
}

/// Answers with a body in this coding: a beginning, and what follows it for as long as it is read.
struct Coded {
    coding: &'static str,
    beginning: Vec<u8>,
    rest: Vec<u8>,
}

/// The two in a row.
struct Both(Option<Vec<u8>>, Endless);

impl futures_core::Stream for Both {
    type Item = Result<bytes::Bytes, std::convert::Infallible>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        match self.0.take() {
            Some(beginning) => std::task::Poll::Ready(Some(Ok(beginning.into()))),
            None => std::pin::Pin::new(&mut self.1).poll_next(cx),
        }
    }
}

impl Transport for Coded {
    fn send(
        &self,
        _: http::Request<Body>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        let body = Both(
            Some(self.beginning.clone()),
            Endless::new(self.rest.clone()),
        );
        let response = http::Response::builder()
            .header("content-type", "text/event-stream")
            .header("content-encoding", self.coding)
            .body(Body::from_stream(body));
        Box::pin(std::future::ready(Ok(response.unwrap())))
    }
}

/// Reads until the body breaks off.
fn assert_coded_gives_way(coded: Coded) {
    assert_gives_way(async {
        let source = EventSource::builder("http://in.process/").transport(coded);
        let mut source = source.max_expansion(u32::MAX).build().unwrap();
        loop {
            let mut signals = source.signals();
            let signal = signals.next().await.unwrap();
            if let Signal::Reconnecting(lost) = signal.unwrap() {
                assert!(lost.cause.to_string().contains("in the middle"), "{lost}");
                return;
            }
        }
    });
}

#[test]
fn tiny_events_in_gzip_give_way() {
    assert_coded_gives_way(Coded {
        coding: "gzip",
        beginning: HEADER.to_vec(),
        rest: deflate(&tiny_events().repeat(16)),
    });
}

#[test]
fn comments_in_gzip_give_way() {
    assert_coded_gives_way(Coded {
        coding: "gzip",
        beginning: HEADER.to_vec(),
        rest: deflate(":\n".repeat(1 << 20).as_bytes()),
    });
}

/// Each coding is undone at once, and leads to nothing that the other could hand on.
#[test]
fn gzip_that_holds_nothing_gives_way() {
    assert_coded_gives_way(Coded {
        coding: "gzip",
        beginning: Vec::from(HEADER),
        // Blocks without a byte.
        rest: b"\0\0\0\xff\xff".repeat(4000),
    });
    assert_coded_gives_way(Coded {
        coding: "gzip, gzip",
        beginning: HEADER.to_vec(),
        rest: deflate(&empty_members().repeat(2)),
    });
}
