//! Redirects. In: servers that point elsewhere. Out: events from there, with nothing carried along
//! that was meant for the first one alone.
//!
//! Next: `handlers.rs`.

use crate::support;
use crate::support::{
    assert_says, builder, next_data, next_error, next_loss, soon, source, stream, whole,
};
use wellspring_testkit::server::{Request, Script, ScriptedServer};

fn redirect(status: u16, location: &str) -> Script {
    Script::answer(
        &format!("{status} Elsewhere"),
        &[&format!("Location: {location}")],
    )
}

#[tokio::test]
async fn every_kind_of_redirect_is_followed() {
    for status in [301, 302, 303, 307, 308] {
        let scripts = [
            redirect(status, "b?x#y"),
            redirect(status, "/c"),
            stream("data: a\n\n").hang(),
        ];
        let server = ScriptedServer::start(scripts).await;
        let mut source = builder(server.url("/dir/a"))
            .header("x-mine", "1")
            .last_event_id("7")
            .build()
            .unwrap();
        assert_eq!(next_data(&mut source).await, "a");
        let lines: Vec<_> = server.requests().iter().map(Request::line).collect();
        let expected = ["/dir/a", "/dir/b?x", "/c"].map(|path| format!("GET {path} HTTP/1.1"));
        assert_eq!(lines, expected);
        for request in server.requests() {
            assert_eq!(request.header("x-mine").unwrap(), b"1");
            assert_eq!(request.header("last-event-id").unwrap(), b"7");
        }
        let hops = &source.opened().unwrap().hops;
        assert_eq!(hops.len(), 2);
        assert!(hops.iter().all(|hop| hop.status.as_u16() == status));
    }
}

#[tokio::test]
async fn the_url_of_the_source_stays() {
    let scripts = [redirect(301, "/b"), stream("data: a\n\n").hang()];
    let server = ScriptedServer::start(scripts).await;
    let mut source = source(server.url("/a"));
    assert_eq!(source.url(), server.url("/a"));
    next_data(&mut source).await;
    assert_eq!(source.url(), server.url("/a"));
    assert_eq!(source.opened().unwrap().url.as_str(), server.url("/b"));
}

#[tokio::test]
async fn the_origin_is_that_of_the_final_url() {
    let there = ScriptedServer::start([stream("data: a\n\n").hang()]).await;
    let here = ScriptedServer::start([redirect(302, &there.url("/b"))]).await;
    let mut source = source(here.url("/a"));
    next_data(&mut source).await;
    let origin = format!("http://{}", there.address());
    assert_eq!(source.opened().unwrap().origin, origin);

    let there = ScriptedServer::start([stream("data: a\n\n").hang()]).await;
    let here = ScriptedServer::start([redirect(302, &there.url("/b"))]).await;
    let source = support::source(here.url("/a"));
    let (tell, told) = tokio::sync::oneshot::channel();
    let mut tell = Some(tell);
    source.onmessage(move |event| {
        if let (wellspring::DomEvent::Message(message), Some(tell)) = (event, tell.take()) {
            tell.send(message.origin.to_owned()).unwrap();
        }
    });
    let handle = source.spawn().unwrap();
    assert_eq!(
        soon(told).await.unwrap(),
        format!("http://{}", there.address())
    );
    handle.close();
}

#[tokio::test]
async fn a_reconnection_goes_to_the_last_url() {
    let scripts = [
        redirect(302, "/b"),
        whole("data: a\n\n"),
        stream("data: b\n\n").hang(),
    ];
    let server = ScriptedServer::start(scripts).await;
    let mut source = source(server.url("/a"));
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    assert_eq!(server.requests()[2].line(), "GET /b HTTP/1.1");
}

#[tokio::test]
async fn a_redirect_without_a_location_is_a_status_like_any_other() {
    for status in [
        "300 Choose",
        "301 Moved",
        "302 Found",
        "304 Same",
        "307 There",
    ] {
        let server = ScriptedServer::start_repeating(Script::answer(status, &[])).await;
        let error = next_error(&mut source(server.url("/"))).await;
        let code = &status[..3];
        assert_says(&error.to_string(), &[&format!("status {code}, not 200")]);
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn an_endless_redirect_stops_after_twenty_and_is_tried_again() {
    for location in ["", "/a", "?x", "."] {
        let server = ScriptedServer::start_repeating(redirect(302, location)).await;
        let mut source = source(server.url("/a"));
        let loss = next_loss(&mut source).await;
        assert_says(&loss, &["more than 20 redirects", "attempt 2 in 10ms"]);
        assert_eq!(server.requests().len(), 21, "{location:?}");
    }
}

#[tokio::test]
async fn a_location_that_leads_nowhere_is_tried_again() {
    let table = [
        ("http://[", "is not a URL"),
        ("ftp://localhost/", "leads to a ftp: URL"),
        ("data:text/event-stream,data:a", "leads to a data: URL"),
    ];
    for (location, said) in table {
        let scripts = [redirect(302, location), stream("data: a\n\n").hang()];
        let server = ScriptedServer::start(scripts).await;
        let mut source = source(server.url("/a"));
        let loss = next_loss(&mut source).await;
        assert_says(&loss, &[&server.url("/a"), said, "attempt 2 in 10ms"]);
        assert_eq!(next_data(&mut source).await, "a");
        assert_eq!(server.requests()[1].line(), "GET /a HTTP/1.1");
    }
}

#[tokio::test]
async fn credentials_never_cross_origins() {
    let scripts = [whole("data: a\n\n"), stream("data: b\n\n").hang()];
    let there = ScriptedServer::start(scripts).await;
    let scripts = [redirect(307, "/again"), redirect(307, &there.url("/b"))];
    let here = ScriptedServer::start(scripts).await;
    let mut source = builder(here.url("/a"))
        .header("authorization", "Bearer secret")
        .header("cookie", "secret=1")
        .header("proxy-authorization", "Basic secret")
        .sensitive_header("x-api-key", "secret")
        .header("x-plain", "1")
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    // The reconnection begins at the other origin.
    assert_eq!(next_data(&mut source).await, "b");
    let secrets = [
        "authorization",
        "cookie",
        "proxy-authorization",
        "x-api-key",
    ];
    for (server, sent) in [(&here, true), (&there, false)] {
        assert_eq!(server.requests().len(), 2);
        for request in server.requests() {
            assert_eq!(request.header("x-plain").unwrap(), b"1");
            for name in secrets {
                assert_eq!(request.header(name).is_some(), sent, "{name}");
            }
        }
    }
}

#[tokio::test]
async fn userinfo_of_the_url_stays_at_home() {
    let there = ScriptedServer::start_repeating(whole("data: a\n\n")).await;
    let here = ScriptedServer::start([redirect(302, &there.url("/"))]).await;
    let mut source = source(here.url("/").replace("://", "://user:pass@"));
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "a");
    let sent = here.request(0).await.header("authorization");
    assert_eq!(sent.unwrap(), b"Basic dXNlcjpwYXNz");
    for request in there.requests() {
        assert_eq!(request.header("authorization"), None);
    }
}
