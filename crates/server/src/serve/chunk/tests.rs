use std::io::IoSlice;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use tokio::io::AsyncWrite;

use super::{Around, Chunk, SMALL};

/// Takes so many bytes at a time, and nothing every other time.
struct Narrow {
    width: usize,
    ready: bool,
    taken: Vec<u8>,
}

impl Narrow {
    fn take(&mut self, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        self.ready = !self.ready;
        if !self.ready {
            return Poll::Pending;
        }
        let count = bytes.len().min(self.width);
        self.taken.extend_from_slice(&bytes[..count]);
        Poll::Ready(Ok(count))
    }
}

impl AsyncWrite for Narrow {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        self.take(bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let all: Vec<u8> = parts.iter().flat_map(|part| part.iter().copied()).collect();
        self.take(&all)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

fn written(mut chunk: Chunk, width: usize) -> Vec<u8> {
    let mut narrow = Narrow {
        width,
        ready: false,
        taken: Vec::new(),
    };
    let mut cx = Context::from_waker(Waker::noop());
    while chunk
        .poll_write(&mut narrow, &mut cx)
        .map(Result::unwrap)
        .is_pending()
    {}
    narrow.taken
}

#[test]
fn a_chunk_is_the_same_however_it_is_taken() {
    let bytes: Bytes = (0..300_u16).map(|n| n.to_le_bytes()[0]).collect();
    let expected =
        |head: &[u8], before: &[u8], after: &[u8]| [head, before, &bytes, after].concat();
    let cases = [
        (Around::Nothing, expected(b"head", b"", b"")),
        (Around::Chunk, expected(b"head", b"12c\r\n", b"\r\n")),
        (
            Around::LastChunk,
            expected(b"head", b"12c\r\n", b"\r\n0\r\n\r\n"),
        ),
    ];
    for (around, expected) in cases {
        for width in 1..=expected.len() {
            let mut chunk = Chunk::new(bytes.clone(), around);
            chunk.before = b"head".as_slice().into();
            assert_eq!(written(chunk, width), expected, "{around:?}, {width}");
        }
    }
}

#[test]
fn a_large_chunk_is_too() {
    let bytes = Bytes::from(vec![b'a'; SMALL + 1]);
    for width in [1, 5, 6, 7, SMALL, SMALL + 6, SMALL + 7, SMALL + 9] {
        let taken = written(Chunk::new(bytes.clone(), Around::Chunk), width);
        assert_eq!(
            taken,
            [b"1001\r\n", bytes.as_ref(), b"\r\n"].concat(),
            "{width}"
        );
    }
}

#[test]
fn an_empty_chunk_does_not_end_the_body() {
    assert_eq!(written(Chunk::new(Bytes::new(), Around::Nothing), 9), b"");
    assert_eq!(
        written(Chunk::new(Bytes::new(), Around::LastChunk), 9),
        b"0\r\n\r\n"
    );
}
