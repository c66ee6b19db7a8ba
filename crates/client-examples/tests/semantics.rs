//! What an event source does, whatever it asks over. In: the same answers over every transport. Out: the same events,
//! requests and errors.
//!
//! Next: `cancelling.rs`, what a transport does to the server; `adapters.rs`, where transports differ.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that panics has failed"
)]

mod support;

use http::{HeaderMap, Request};
use support::world::{EVERY_WAY, Way, World};
use support::{ms, next_data, next_error, next_loss, soon};
use wellspring::{Failure, Signal};
use wellspring_testkit::service::Answer;

const MESSAGE: &str = "data: a\n\n";

fn endless(body: &str) -> Answer {
    Answer::event_stream(body).hang()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    headers.get(name).map(http::HeaderValue::as_bytes)
}

fn line<T>(request: &Request<T>) -> String {
    format!("{} {}", request.method(), request.uri().path())
}

#[tokio::test]
async fn a_stream_opens_and_its_events_have_types_and_ids() {
    for way in EVERY_WAY {
        let body =
            "\u{feff}: hi\nid: 1\nevent: notice\ndata: a\ndata: b\n\ndata: c\r\rid\ndata\n\n";
        let answer = endless(body).header("x-of-the-server", "1");
        let world = World::with(way, [answer]).await;
        let mut source = world.source();
        let mut events = Vec::new();
        for _ in 0..3 {
            let event = soon(source.next()).await.unwrap().unwrap();
            events.push([event.event_type, event.data, event.last_event_id].join("|"));
        }
        assert_eq!(events, ["notice|a\nb|1", "message|c|1", "message||"]);
        let opened = source.opened().unwrap();
        assert_eq!(header(&opened.headers, "x-of-the-server"), Some(&b"1"[..]));
        assert_eq!(opened.url.as_str(), world.here.url("/stream"));
        assert_eq!(opened.origin, world.here.url(""));
    }
}

#[tokio::test]
async fn a_request_is_the_one_of_the_standard() {
    for way in EVERY_WAY {
        let world = World::with(way, [endless(MESSAGE)]).await;
        let mut source = world.source();
        assert_eq!(next_data(&mut source).await, "a");
        let request = world.here.service.request(0).await;
        assert_eq!(line(&request), "GET /stream");
        let sent = |name| header(request.headers(), name);
        assert_eq!(sent("accept"), Some(&b"text/event-stream"[..]));
        assert_eq!(sent("accept-encoding"), Some(&b"gzip, br"[..]));
        assert_eq!(sent("cache-control"), Some(&b"no-cache"[..]));
        for absent in ["last-event-id", "content-length", "referer", "cookie"] {
            assert_eq!(sent(absent), None, "{absent}");
        }
        assert!(request.body().is_empty());
    }
}

#[tokio::test]
async fn a_method_and_a_body_are_sent() {
    for way in EVERY_WAY {
        let world = World::with(way, [endless(MESSAGE)]).await;
        let builder = world.builder().method("POST").body("x".repeat(100_000));
        let mut source = builder
            .header("content-type", "text/plain")
            .build()
            .unwrap();
        assert_eq!(next_data(&mut source).await, "a");
        let request = world.here.service.request(0).await;
        assert_eq!(line(&request), "POST /stream");
        assert_eq!(request.body().len(), 100_000);
        assert_eq!(request.headers()["content-type"], "text/plain");
    }
}

#[tokio::test]
async fn redirects_are_followed_and_credentials_stay_at_home() {
    for way in EVERY_WAY {
        let world = World::new(way).await;
        let away = Answer::redirect(307, world.there.url("/b"));
        world.here.answer([Answer::redirect(301, "again"), away]);
        let home = Answer::redirect(302, world.here.url("/home"));
        world.there.answer([home]);
        world.here.answer([endless(MESSAGE)]);
        let builder = world.builder().header("authorization", "Bearer secret");
        let builder = builder.header("cookie", "a=b").header("x-plain", "1");
        let mut source = builder.sensitive_header("x-key", "s").build().unwrap();
        assert_eq!(next_data(&mut source).await, "a");
        let paths = world.here.service.requests();
        let paths: Vec<_> = paths.iter().map(|request| request.uri().path()).collect();
        assert_eq!(paths, ["/stream", "/again", "/home"]);
        let secret = ["authorization", "cookie", "x-key"];
        // What has been dropped on the way does not come back.
        for (request, sent) in world
            .here
            .service
            .requests()
            .iter()
            .zip([true, true, false])
        {
            assert!(request.headers().contains_key("x-plain"));
            for name in secret {
                assert_eq!(request.headers().contains_key(name), sent, "{name}");
            }
        }
        let abroad = world.there.service.request(0).await;
        assert_eq!(header(abroad.headers(), "x-plain"), Some(&b"1"[..]));
        for name in secret {
            assert!(!abroad.headers().contains_key(name), "{name}");
        }
        assert_eq!(source.opened().unwrap().hops.len(), 3);
    }
}

#[tokio::test]
async fn the_origin_of_events_is_where_redirects_led() {
    for way in EVERY_WAY {
        let world = World::new(way).await;
        let away = Answer::redirect(308, world.there.url("/b"));
        world.here.answer([away]);
        world.there.answer([endless(MESSAGE)]);
        let mut source = world.source();
        assert_eq!(next_data(&mut source).await, "a");
        assert_eq!(source.opened().unwrap().origin, world.there.url(""));
    }
}

#[tokio::test]
async fn a_post_follows_redirects_by_the_rules_of_fetch() {
    for way in EVERY_WAY {
        for (status, method, length) in [(301, "GET", 0), (303, "GET", 0), (307, "POST", 5)] {
            let redirect = Answer::redirect(status, "/there");
            let world = World::with(way, [redirect, endless(MESSAGE)]).await;
            let builder = world.builder().method("POST").body("hello");
            let mut source = builder.build().unwrap();
            assert_eq!(next_data(&mut source).await, "a");
            let request = world.here.service.request(1).await;
            assert_eq!(line(&request), format!("{method} /there"), "{status}");
            assert_eq!(request.body().len(), length, "{status}");
        }
    }
}

#[tokio::test]
async fn twenty_redirects_are_followed_and_no_more() {
    for way in EVERY_WAY {
        let circle = (0..21).map(|_| Answer::redirect(302, "/stream"));
        let world = World::with(way, circle).await;
        let loss = next_loss(&mut world.source()).await;
        assert!(loss.contains("more than 20 redirects"), "{loss}");
        assert_eq!(world.here.service.requests().len(), 21);
    }
}

#[tokio::test]
async fn every_status_but_200_stops_for_good_and_is_told_with_its_body() {
    for way in EVERY_WAY {
        for status in [201, 204, 206, 300, 304, 401, 404, 500, 503] {
            let mut answer = Answer::status(status).header("content-type", "text/event-stream");
            let has_body = !matches!(status, 204 | 304);
            if has_body {
                answer = answer.send("data: why\n\n");
            }
            let world = World::with(way, [answer.header("x-why", "1")]).await;
            let mut source = world.source();
            let error = next_error(&mut source).await;
            assert_eq!(error.failure(), Some(Failure::Status(status)));
            assert_eq!(error.status().unwrap().as_u16(), status);
            assert_eq!(header(error.headers().unwrap(), "x-why"), Some(&b"1"[..]));
            let body = if has_body { "data: why\n\n" } else { "" };
            assert_eq!(error.body(), body.as_bytes(), "{status}");
            assert_eq!(world.here.service.requests().len(), 1);
        }
    }
}

#[tokio::test]
async fn the_essence_of_the_mime_type_decides() {
    for way in EVERY_WAY {
        for (mime_type, opens) in [
            ("text/event-stream", true),
            ("Text/Event-Stream ; charset=windows-1252", true),
            ("text/event-streamx", false),
            ("application/json", false),
        ] {
            let answer = Answer::status(200).header("content-type", mime_type);
            let world = World::with(way, [answer.send(MESSAGE)]).await;
            let mut source = world.source();
            if opens {
                assert_eq!(next_data(&mut source).await, "a");
            } else {
                let error = next_error(&mut source).await;
                assert_eq!(error.failure(), Some(Failure::ContentType), "{mime_type}");
            }
        }
    }
}

/// `data: a` and a blank line.
const COMPRESSED: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\x49\x2c\x49\xb4\x52\x48\xe4\xe2\x02\x00\x7e\xe3\xc4\x38\x09\x00\x00\x00";

/// None of the transports decodes on its own, or the body would be decoded twice: what the server says of it must still
/// be true.
#[tokio::test]
async fn a_coded_body_is_decoded_once_or_refused_by_name() {
    for way in EVERY_WAY {
        let answers = [("gzip", COMPRESSED), ("zstd", b"\x1f\x01")];
        let answers = answers
            .map(|(coding, body)| Answer::event_stream(body).header("content-encoding", coding));
        let world = World::with(way, answers).await;
        let mut source = world.source();
        assert_eq!(next_data(&mut source).await, "a");
        let opened = source.opened().unwrap();
        assert_eq!(
            header(&opened.headers, "content-encoding"),
            Some(&b"gzip"[..])
        );
        let error = next_error(&mut source).await;
        assert_eq!(error.failure(), Some(Failure::ContentCoding));
        assert_eq!(error.body(), b"\x1f\x01");
        assert!(error.to_string().contains("zstd"), "{error}");
    }
}

#[tokio::test]
async fn an_ended_stream_is_resumed_with_the_last_event_id() {
    for way in EVERY_WAY {
        let answers = [
            "id: é7\ndata: a\n\ndata: cut",
            "data: b\n\n",
            "id\ndata: c\n\n",
        ];
        let answers = answers.map(Answer::event_stream);
        let world = World::with(way, answers.into_iter().chain([endless("data: d\n\n")])).await;
        let mut source = world.source();
        for expected in ["a", "b", "c", "d"] {
            assert_eq!(next_data(&mut source).await, expected);
        }
        let requests = world.here.service.requests();
        let ids: Vec<_> = requests
            .iter()
            .map(|r| header(r.headers(), "last-event-id"))
            .collect();
        let kept = Some("é7".as_bytes());
        assert_eq!(ids, [None, kept, kept, None]);
    }
}

#[tokio::test]
async fn a_broken_stream_is_resumed_and_its_half_event_is_gone() {
    for way in EVERY_WAY {
        let broken = Answer::event_stream("id: 1\ndata: a\n\nid: 2\ndata: half").break_off();
        let world = World::with(way, [broken, endless("data: b\n\n")]).await;
        let mut source = world.source();
        assert_eq!(next_data(&mut source).await, "a");
        let loss = next_loss(&mut source).await;
        assert!(loss.contains("broke off"), "{loss}");
        assert_eq!(next_data(&mut source).await, "b");
        let request = world.here.service.request(1).await;
        assert_eq!(request.headers()["last-event-id"], "1");
    }
}

#[tokio::test]
async fn a_stream_that_breaks_off_before_its_first_byte_is_tried_again() {
    for way in EVERY_WAY {
        let broken = Answer::event_stream("").break_off();
        let world = World::with(way, [broken, endless(MESSAGE)]).await;
        assert_eq!(next_data(&mut world.source()).await, "a");
    }
}

#[tokio::test]
async fn bytes_are_decoded_as_they_come() {
    for way in EVERY_WAY {
        let mut answer = Answer::event_stream("");
        for byte in "data: ü\r\n\r\n: c\n\ndata: b\r\r".bytes() {
            answer = answer.send([byte]);
        }
        let world = World::with(way, [answer.hang()]).await;
        let mut source = world.builder().comments(true).build().unwrap();
        let mut signals = source.signals();
        let mut told = Vec::new();
        while told.len() < 3 {
            match soon(signals.next()).await.unwrap().unwrap() {
                Signal::Message(event) => told.push(event.data.to_owned()),
                Signal::Comment(text) => told.push(format!(":{text}")),
                _ => {}
            }
        }
        assert_eq!(told, ["ü", ": c", "b"]);
    }
}

#[tokio::test]
async fn a_silent_stream_is_left_after_the_idle_timeout() {
    for way in EVERY_WAY {
        let world = World::with(way, [endless(MESSAGE), endless("data: b\n\n")]).await;
        let builder = world.builder().idle_timeout(Some(ms(300)));
        let mut source = builder.build().unwrap();
        assert_eq!(next_data(&mut source).await, "a");
        let loss = next_loss(&mut source).await;
        assert!(loss.contains("nothing was received for 300ms"), "{loss}");
        assert_eq!(next_data(&mut source).await, "b");
    }
}

#[tokio::test]
async fn a_version_of_http_is_told() {
    for way in EVERY_WAY {
        let world = World::with(way, [endless(MESSAGE)]).await;
        let mut source = world.source();
        assert_eq!(next_data(&mut source).await, "a");
        let http2 = matches!(way, Way::Http2 | Way::ReqwestHttp2);
        let expected = if http2 {
            http::Version::HTTP_2
        } else {
            http::Version::HTTP_11
        };
        assert_eq!(source.opened().unwrap().version, expected);
    }
}
