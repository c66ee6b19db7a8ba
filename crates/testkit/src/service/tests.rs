use super::{Answer, ScriptedBody, ScriptedService};
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use tower_service::Service;

async fn ask(service: &ScriptedService, body: &str) -> Response<ScriptedBody> {
    let request = Request::post("/a").body(body.to_owned()).unwrap();
    service.clone().call(request).await.unwrap()
}

async fn frame(body: &mut ScriptedBody) -> Option<Result<Bytes, String>> {
    let frame = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await;
    frame.map(|frame| match frame {
        Ok(frame) => Ok(frame.into_data().unwrap()),
        Err(error) => Err(error.to_string()),
    })
}

#[tokio::test]
async fn answers_are_given_in_order_and_requests_are_kept() {
    let redirect = Answer::redirect(307, "/b");
    let service = ScriptedService::new([redirect, Answer::event_stream("data: a\n\n")]);
    let first = ask(&service, "hello").await;
    assert_eq!(
        (first.status().as_u16(), &first.headers()["location"]),
        (307, &"/b".parse().unwrap())
    );
    assert_eq!(
        ask(&service, "").await.headers()["content-type"],
        "text/event-stream"
    );
    assert_eq!(ask(&service, "").await.status(), 500);
    service.push(Answer::status(204));
    assert_eq!(ask(&service, "").await.status(), 204);
    let request = service.request(0).await;
    assert_eq!(
        (request.uri().path(), &request.body()[..]),
        ("/a", &b"hello"[..])
    );
    assert_eq!(service.requests().len(), 4);
}

#[tokio::test]
async fn a_body_gives_its_parts_and_counts_them() {
    let answer = Answer::event_stream("a").repeat("bc", 2).break_off();
    let service = ScriptedService::new([answer]);
    let mut body = ask(&service, "").await.into_body();
    for expected in ["a", "bc", "bc"] {
        assert_eq!(frame(&mut body).await.unwrap().unwrap(), expected);
    }
    assert_eq!(service.sent(), 5);
    assert!(frame(&mut body).await.unwrap().is_err());
    assert!(frame(&mut body).await.is_none());
    assert_eq!(service.ended_so_far(), 0);
    drop(body);
    service.ended(1).await;
}

#[tokio::test]
async fn what_hangs_ends_when_it_is_dropped() {
    let service = ScriptedService::new([Answer::status(200).hang(), Answer::never()]);
    let mut body = ask(&service, "").await.into_body();
    let mut cx = Context::from_waker(Waker::noop());
    assert!(Pin::new(&mut body).poll_frame(&mut cx).is_pending());
    let mut never = Box::pin(ask(&service, ""));
    assert!(matches!(never.as_mut().poll(&mut cx), Poll::Pending));
    assert_eq!((service.requests().len(), service.ended_so_far()), (2, 0));
    drop((body, never));
    assert_eq!(service.ended_so_far(), 2);
}
