use std::task::{Context, Poll, Waker};

use http_body::Body as _;
use http_body_util::{BodyExt, Full, StreamBody};

use super::*;

#[test]
fn bodies_in_memory_can_be_sent_again() {
    let table = [
        (Body::empty(), true, 0),
        (Body::from(""), true, 0),
        (Body::from("hello"), false, 5),
        (Body::from(vec![1, 2, 3]), false, 3),
        (Body::from(String::from("é")), false, 2),
    ];
    for (body, ends, length) in table {
        let again = body.try_clone().expect("a clone");
        assert_eq!(
            (again.is_end_stream(), again.size_hint().exact()),
            (ends, Some(length))
        );
    }
    assert!(Body::new(Full::new(Bytes::from("x"))).try_clone().is_none());
}

#[tokio::test]
async fn chunks_come_without_empty_frames_and_trailers_and_the_end_stays() {
    let frames = StreamBody::new(Frames(vec![
        Ok(http_body::Frame::data(Bytes::from("a"))),
        Ok(http_body::Frame::data(Bytes::new())),
        Ok(http_body::Frame::data(Bytes::from("b"))),
        Ok(http_body::Frame::trailers(http::HeaderMap::new())),
    ]));
    let mut body = Body::new(frames);
    assert_eq!(next_bytes(&mut body).await, "a");
    assert_eq!(next_bytes(&mut body).await, "b");
    assert!(next(&mut body).await.is_none());
    assert!(next(&mut body).await.is_none());
    assert!(body.is_end_stream());
}

#[tokio::test]
async fn errors_keep_their_cause_and_are_terminal() {
    let mut body = Body::new(StreamBody::new(Frames(vec![Err("disk on fire".into())])));
    let error = next(&mut body).await.unwrap().unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Body);
    assert!(error.detail().contains("disk on fire"), "{error}");
    assert!(std::error::Error::source(&error).is_some());
    assert!(next(&mut body).await.is_none());

    let inner = TransportError::new(TransportErrorKind::Tls, "a:1", "x");
    let mut body = Body::new(Body::new(StreamBody::new(Frames(vec![Err(Box::new(
        inner,
    ))]))));
    assert_eq!(
        next(&mut body).await.unwrap().unwrap_err().kind(),
        TransportErrorKind::Tls
    );
}

#[tokio::test]
async fn it_is_an_http_body() {
    assert_eq!(
        Body::from("hello").collect().await.unwrap().to_bytes(),
        "hello"
    );
}

struct Frames(Vec<Result<http_body::Frame<Bytes>, Box<dyn std::error::Error + Send + Sync>>>);

impl futures_core::Stream for Frames {
    type Item = Result<http_body::Frame<Bytes>, Box<dyn std::error::Error + Send + Sync>>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Self::Item>> {
        let next = if self.0.is_empty() {
            None
        } else {
            Some(self.0.remove(0))
        };
        Poll::Ready(next)
    }
}

#[test]
fn polling_needs_no_runtime() {
    let mut body = Body::from("x");
    let mut cx = Context::from_waker(Waker::noop());
    assert!(matches!(body.poll_chunk(&mut cx), Poll::Ready(Some(Ok(_)))));
}
