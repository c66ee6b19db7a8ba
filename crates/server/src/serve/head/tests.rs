use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, ReadBuf};

use super::{Found, Head, PREFACE};

const MOST: usize = 64;

/// Gives these pieces, and then waits.
struct Pieces<'a>(Vec<&'a [u8]>);

impl AsyncRead for Pieces<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        if self.0.is_empty() {
            return Poll::Pending;
        }
        buffer.put_slice(self.0.remove(0));
        Poll::Ready(Ok(()))
    }
}

fn found(pieces: &[&[u8]]) -> (Poll<Found>, Vec<u8>) {
    let mut head = Head::default();
    let mut cx = Context::from_waker(Waker::noop());
    let found = head.poll(&mut Pieces(pieces.to_vec()), MOST, &mut cx);
    (found.map(Result::unwrap), head.into_bytes())
}

#[test]
fn a_head_ends_at_its_blank_line_however_it_is_cut() {
    let heads: [&[u8]; 5] = [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\nHost: x\n\n",
        b"GET / HTTP/1.1\r\nHost: x\n\r\n",
        b"\r\n\nGET / HTTP/1.1\nHost: x\r\n\n",
        b"GET / HTTP/1.1\r\n\r\n",
    ];
    for head in heads {
        for cut in 0..=head.len() {
            let (start, rest) = head.split_at(cut);
            let pieces: Vec<&[u8]> = [start, rest]
                .into_iter()
                .filter(|p| !p.is_empty())
                .collect();
            assert_eq!(found(&pieces), (Poll::Ready(Found::Http1), head.to_vec()));
            if cut < head.len() {
                let pieces = if cut == 0 { vec![] } else { vec![start] };
                assert_eq!(found(&pieces), (Poll::Pending, start.to_vec()), "{cut}");
            }
        }
        let bytes: Vec<&[u8]> = head.chunks(1).collect();
        assert_eq!(found(&bytes), (Poll::Ready(Found::Http1), head.to_vec()));
    }
}

#[test]
fn what_comes_behind_the_head_is_kept() {
    let all = b"POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody";
    assert_eq!(found(&[all]), (Poll::Ready(Found::Http1), all.to_vec()));
}

#[test]
fn the_buffer_has_the_size_of_what_came() {
    let mut head = Head::default();
    assert_eq!(head.take(b"GET / HTTP/1.1\r\n", MOST), None);
    assert_eq!(head.take(b"Host: x\r\n", MOST), None);
    assert_eq!(head.bytes.capacity(), head.bytes.len());
}

#[test]
fn no_head_is_given_on_at_once_for_hyper_to_answer() {
    let tls = b"\x16\x03\x01\x02";
    assert_eq!(found(&[tls]), (Poll::Ready(Found::Http1), tls.to_vec()));
    assert_eq!(found(&[b"\r\n", b"{"]).0, Poll::Ready(Found::Http1));
    for line in ["SSH-2.0-OpenSSH_9.9\r\n", "GET\n", "GET / HTTP/3.0\r\n"] {
        let first = found(&[&line.as_bytes()[..4], &line.as_bytes()[4..]]).0;
        let only = found(&[line.as_bytes()]).0;
        assert_eq!(
            (first, only),
            (Poll::Ready(Found::Http1), Poll::Ready(Found::Http1))
        );
    }
}

#[test]
fn what_may_become_a_method_is_collected() {
    for byte in 0..=u8::MAX {
        let is_of_a_token = byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        let waits = is_of_a_token || b"\r\n".contains(&byte);
        let (found, _) = found(&[&[byte]]);
        assert_eq!(found.is_pending(), waits, "{byte}");
    }
}

#[test]
fn half_a_preface_is_none() {
    for length in 1..PREFACE.len() {
        assert_eq!(found(&[&PREFACE[..length]]).0, Poll::Pending, "{length}");
    }
    let other = b"PRI * HTTP/2.0\r\n\r\nXM\r\n\r\n";
    assert_eq!(found(&[other]), (Poll::Ready(Found::Http1), other.to_vec()));
}

#[test]
fn the_preface_is_recognized_however_it_is_cut() {
    for cut in 0..PREFACE.len() {
        let (start, rest) = PREFACE.split_at(cut);
        let pieces: Vec<&[u8]> = [start, rest]
            .into_iter()
            .filter(|p| !p.is_empty())
            .collect();
        assert_eq!(found(&pieces).0, Poll::Ready(Found::Http2), "{cut}");
    }
    assert_eq!(
        found(&[b"PRI /x HTTP/1.1\r\n\r\n"]).0,
        Poll::Ready(Found::Http1)
    );
}

#[test]
fn a_head_may_be_as_long_as_the_limit_and_no_longer() {
    let head = |length: usize| {
        let mut head = b"GET / HTTP/1.1\r\nA: ".to_vec();
        head.resize(length - 4, b'a');
        head.extend_from_slice(b"\r\n\r\n");
        head
    };
    assert_eq!(found(&[&head(MOST)]).0, Poll::Ready(Found::Http1));
    assert_eq!(found(&[&head(MOST + 1)]).0, Poll::Ready(Found::TooLong));
    let endless = head(2 * MOST);
    let (start, rest) = endless.split_at(MOST - 1);
    assert_eq!(found(&[start]).0, Poll::Pending);
    assert_eq!(found(&[start, &rest[..1]]).0, Poll::Ready(Found::TooLong));
}
