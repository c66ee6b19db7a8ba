use http::Response;
use http_body_util::{Empty, Full, StreamBody};

use super::*;

type Endless = StreamBody<never::Never>;

mod never {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use bytes::Bytes;
    use http_body::Frame;

    pub(super) struct Never;

    impl futures_core::Stream for Never {
        type Item = Result<Frame<Bytes>, Infallible>;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Pending
        }
    }
}

fn stream() -> Response<Endless> {
    let mut response = Response::new(StreamBody::new(never::Never));
    let value = HeaderValue::from_static("text/event-stream");
    response.headers_mut().insert(CONTENT_TYPE, value);
    response
}

fn asked(method: Method, version: Version, is_read: bool) -> Asked {
    Asked::new(method, version, is_read)
}

#[test]
fn event_streams_leave_hyper() {
    let get = asked(Method::GET, Version::HTTP_11, true);
    assert_eq!(framing(&get, &stream()), Some(Framing::Chunked));
    let old = asked(Method::POST, Version::HTTP_10, true);
    assert_eq!(framing(&old, &stream()), Some(Framing::UntilClose));
    for good in [
        "Text/Event-Stream",
        "text/event-stream;charset=utf-8",
        "text/event-stream ; a=b",
    ] {
        let mut response = stream();
        let value = HeaderValue::from_static(good);
        response.headers_mut().insert(CONTENT_TYPE, value);
        assert!(framing(&get, &response).is_some(), "{good}");
    }
}

#[test]
fn everything_else_is_hypers() {
    let get = asked(Method::GET, Version::HTTP_11, true);
    for other in [
        asked(Method::HEAD, Version::HTTP_11, true),
        asked(Method::CONNECT, Version::HTTP_11, true),
        asked(Method::GET, Version::HTTP_2, true),
        asked(Method::POST, Version::HTTP_11, false),
    ] {
        assert_eq!(framing(&other, &stream()), None, "{other:?}");
    }
    for status in [101, 204, 304] {
        let mut response = stream();
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        assert_eq!(framing(&get, &response), None, "{status}");
    }
    for (name, value) in [
        ("content-length", "3"),
        ("transfer-encoding", "chunked"),
        ("trailer", "a"),
        ("upgrade", "a"),
        ("content-type", "text/event-streams"),
        ("content-type", "text/plain"),
    ] {
        let mut response = stream();
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
        assert_eq!(framing(&get, &response), None, "{name}");
    }
}

#[test]
fn a_body_that_is_known_is_hypers() {
    let get = asked(Method::GET, Version::HTTP_11, true);
    let empty = stream().map(|_| Empty::<bytes::Bytes>::new());
    assert_eq!(framing(&get, &empty), None);
    let known = stream().map(|_| Full::new(bytes::Bytes::from("data: a\n\n")));
    assert_eq!(framing(&get, &known), None);
}
