//! What stands around the hub: pages of other origins, metadata, health, metrics, bodies that are not good.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body::{Body, Frame, SizeHint};
use tower_service::Service;
use wellspring_hub::File;

use crate::hub::{PATH, ask, bearer, get, hub, plain, post, publish, publisher};

#[tokio::test]
async fn pages_of_listed_origins_may_read() {
    let listed = hub(|settings| settings.cors = vec!["https://app.example".into()]).await;
    let star = hub(|settings| settings.cors = vec!["*".into()]).await;
    let none = plain().await;
    let rows = [
        (
            &listed,
            "https://app.example",
            "https://app.example",
            "true",
            "Origin",
        ),
        (&listed, "https://evil.example", "", "", "Origin"),
        (&star, "https://any.example", "*", "", "Origin"),
        (&none, "https://app.example", "", "", ""),
    ];
    for (hub, origin, allowed, credentials, vary) in rows {
        for query in ["topic=a", ""] {
            let request = Request::head(format!("{PATH}?{query}")).header("origin", origin);
            let answer = ask(hub, request, "").await;
            assert_eq!(
                answer.header("access-control-allow-origin"),
                allowed,
                "{origin}"
            );
            assert_eq!(
                answer.header("access-control-allow-credentials"),
                credentials,
                "{origin}"
            );
            assert_eq!(answer.header("vary"), vary, "{origin}");
            let exposed = answer.header("access-control-expose-headers");
            assert_eq!(
                exposed.contains("Last-Event-ID") && exposed.contains("Link"),
                !allowed.is_empty()
            );
        }
    }
}

#[tokio::test]
async fn browsers_may_ask_first() {
    let hub = hub(|settings| settings.cors = vec!["https://app.example".into()]).await;
    let request = Request::options(PATH).header("origin", "https://app.example");
    let answer = ask(
        &hub,
        request.header("access-control-request-method", "GET"),
        "",
    )
    .await;
    assert_eq!(answer.status, 204);
    let headers = answer.header("access-control-allow-headers");
    for name in [
        "authorization",
        "cache-control",
        "last-event-id",
        "content-type",
    ] {
        assert!(headers.contains(name), "{headers}");
    }
    assert!(
        answer
            .header("access-control-allow-methods")
            .contains("POST")
    );
    assert_eq!(
        answer.header("access-control-allow-origin"),
        "https://app.example"
    );
    let other = Request::options(PATH).header("origin", "https://evil.example");
    assert_eq!(
        ask(&hub, other, "")
            .await
            .header("access-control-allow-origin"),
        ""
    );
}

#[tokio::test]
async fn everything_else_is_answered_too() {
    const PAGE: &[File] = &[File {
        path: "/",
        content_type: "text/html; charset=utf-8",
        bytes: b"<!doctype html>",
    }];
    let hub = hub(|settings| settings.files = PAGE).await;
    let metadata = "/.well-known/oauth-protected-resource/.well-known/mercure";
    for (path, status, content_type, says) in [
        ("/healthz", 200, "text/plain; charset=utf-8", "ok"),
        ("/readyz", 200, "text/plain; charset=utf-8", "ready"),
        (
            metadata,
            200,
            "application/json",
            "https://hub.example/.well-known/mercure",
        ),
        ("/", 200, "text/html; charset=utf-8", "<!doctype html>"),
        (
            "/nothing",
            404,
            "text/plain; charset=utf-8",
            "The hub is at",
        ),
        (
            "/.well-known/mercure/subscriptions",
            404,
            "text/plain; charset=utf-8",
            "--subscriptions",
        ),
        (
            "/.well-known/mercurex",
            404,
            "text/plain; charset=utf-8",
            "The hub is at",
        ),
    ] {
        let answer = get(&hub, path).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (status, content_type),
            "{path}"
        );
        assert!(answer.text.contains(says), "{path}: {}", answer.text);
    }
    let page = get(&hub, "/").await;
    assert!(
        page.header("content-security-policy")
            .starts_with("default-src 'none'")
    );
    for (method, path) in [("DELETE", PATH), ("POST", "/healthz"), ("PUT", "/")] {
        let answer = ask(&hub, Request::builder().method(method).uri(path), "").await;
        assert_eq!(answer.status, 405, "{method} {path}");
        assert!(answer.header("allow").contains("GET"));
    }
}

#[tokio::test]
async fn metrics_count() {
    let hub = plain().await;
    publish(&hub, "topic=a").await;
    let mut reader = crate::hub::Reader::get(&hub, "topic=a").await;
    publish(&hub, "topic=a&data=1").await;
    reader.until("data: 1").await;
    let mut other = crate::hub::Reader::get(&hub, "topic=a&lastEventID=earliest").await;
    other.until("data: 1").await;
    drop(other);
    get(&hub, PATH).await;
    ask(&hub, post("nonsense"), "topic=a").await;
    let answer = get(&hub, "/metrics").await;
    assert!(
        answer
            .header("content-type")
            .starts_with("application/openmetrics-text")
    );
    for line in [
        "wellspring_hub_subscribers 1.0",
        "wellspring_hub_updates_published_total 2",
        "wellspring_hub_updates_delivered_total 3",
        "wellspring_hub_lag_seconds 0.0",
        "wellspring_hub_head 2.0",
        "wellspring_hub_requests_bad_total 1",
        "wellspring_hub_requests_unauthorized_total 1",
        "# EOF",
    ] {
        assert!(
            answer.text.lines().any(|found| found == line),
            "{line}: {}",
            answer.text
        );
    }
    let without = crate::hub::hub(|settings| settings.metrics = false).await;
    assert_eq!(get(&without, "/metrics").await.status, 404);
}

/// Every metric stands in the table of the docs, and nothing else does.
#[tokio::test]
async fn the_docs_name_every_metric() {
    let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/hub.md");
    let docs = std::fs::read_to_string(docs).unwrap();
    let (_, section) = docs.split_once("\n## Metrics and health\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let cells = section.lines().filter_map(|line| line.split('|').nth(1));
    let names = cells
        .skip(1)
        .flat_map(|cell| cell.split('`').skip(1).step_by(2));
    let mut documented: Vec<&str> = names.collect();
    let text = get(&plain().await, "/metrics").await.text;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let names = lines.filter_map(|line| line.strip_prefix("wellspring_hub_")?.split(' ').next());
    let mut counted: Vec<&str> = names.collect();
    documented.sort_unstable();
    counted.sort_unstable();
    assert_eq!(documented, counted);
}

/// A body of this length that comes a byte at a time, with a pause before each.
struct Slow {
    left: u64,
    pause: Duration,
    timer: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Body for Slow {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let pause = self.pause;
        let timer = self
            .timer
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
        if timer.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        self.timer = None;
        self.left -= 1;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"x")))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_is_neither_large_nor_slow_for_ever() {
    let hub = plain().await;
    for (left, pause, status, seconds) in [
        (100 << 20, 1, 413, 0),
        (1_000, 1_000, 408, 60),
        (1_000, 10_001, 408, 10),
    ] {
        let pause = Duration::from_millis(pause);
        let body = Slow {
            left,
            pause,
            timer: None,
        };
        let request = Request::post(PATH)
            .header("authorization", bearer(&publisher()))
            .header("content-type", "application/x-www-form-urlencoded");
        let began = tokio::time::Instant::now();
        let answer = hub.clone().call(request.body(body).unwrap()).await.unwrap();
        assert_eq!(answer.status(), status);
        assert_eq!(
            began.elapsed().as_secs(),
            seconds,
            "{left} bytes, {pause:?} each"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn bodies_share_their_room() {
    let hub = hub(|settings| settings.limits.bodies = 1_000).await;
    let request = || {
        let request = Request::post(PATH).header("authorization", bearer(&publisher()));
        request.header("content-type", "application/x-www-form-urlencoded")
    };
    let slow = Slow {
        left: 600,
        pause: Duration::from_millis(50),
        timer: None,
    };
    let first = tokio::spawn(hub.clone().call(request().body(slow).unwrap()));
    tokio::time::sleep(Duration::from_secs(29)).await;
    let full = ask(
        &hub,
        request(),
        &format!("topic=a&data={}", "x".repeat(600)),
    )
    .await;
    assert_eq!(
        (full.status, full.header("retry-after")),
        (503, "2"),
        "{}",
        full.text
    );
    first.await.unwrap().unwrap();
    let again = ask(
        &hub,
        request(),
        &format!("topic=a&data={}", "x".repeat(600)),
    )
    .await;
    assert_eq!(again.status, 200, "the room is given back");
}
