//! A page's fetches. In: the table that a browser is asked too, and servers of three origins. Out:
//! whether the source opens, and what each hop was told of the page's origin.
//!
//! Next: `support/origins.rs`, the servers.

use crate::origins::Origins;
use crate::support;
use crate::support::{assert_says, builder, next_data, next_error, next_loss, soon, stream, whole};
use serde_json::Value;
use wellspring::fetch::{CorsError, FetchErrorKind};
use wellspring::{BuildError, Cause, Error, Failure, Policy, ReadyState};
use wellspring_testkit::CORS_TABLE;
use wellspring_testkit::server::{Script, ScriptedServer};

#[tokio::test]
async fn pages_may_what_browsers_let_them() {
    let table: Vec<Value> = serde_json::from_str(CORS_TABLE).unwrap();
    assert!(table.len() >= 50);
    let origins = Origins::start().await;
    for row in &table {
        let name = row["name"].as_str().unwrap();
        let url = origins.prepare(row);
        let page = origins.origin("page");
        let opaque = row["page"] == "opaque";
        let source = builder(url)
            .origin(if opaque { "null" } else { &page })
            .with_credentials(row["withCredentials"] == true);
        #[cfg(feature = "cookies")]
        let source = source.cookie_jar(&jar(&origins));
        let mut source = source.build().unwrap();
        match soon(source.next()).await.unwrap() {
            Ok(event) => {
                assert_eq!(event.data, "a");
                assert_eq!(row["opens"], true, "{name}: it opened");
            }
            Err(error) => {
                assert_eq!(row["opens"], false, "{name}: {error}");
                assert_eq!(error.failure(), Some(Failure::Permanent), "{name}");
                assert_eq!(source.ready_state(), ReadyState::Closed);
                cors_error(&error);
            }
        }
        let said: Vec<String> = origins.heard("origin");
        let said: Vec<&str> = said
            .iter()
            .map(|origin| if *origin == page { "page" } else { origin })
            .collect();
        assert_eq!(said, words(&row["origins"]), "{name}");
        #[cfg(feature = "cookies")]
        assert_eq!(cookies(&origins), words(&row["cookies"]), "{name}");
    }
}

#[tokio::test]
async fn a_page_may_not_ask_at_the_ports_of_other_protocols() {
    let away = "HTTP/1.1 307 Away\r\nLocation: http://127.0.0.1:6667/\r\nContent-Length: 0\r\n\r\n";
    let redirect = Script::new().expect_request().send(away);
    let server = ScriptedServer::start_repeating(redirect).await;
    let page = server.url("");
    for url in ["http://127.0.0.1:6667/", &server.url("/")] {
        let source = builder(url).origin(&page).allow_without_preflight(true);
        let error = next_error(&mut source.build().unwrap()).await;
        assert_eq!(error.failure(), Some(Failure::Permanent));
        let Some(Cause::Fetch(fetch)) = error.cause() else {
            panic!("{error:?}")
        };
        assert!(matches!(fetch.kind(), FetchErrorKind::BadPort), "{fetch}");
        assert_eq!(fetch.url(), "http://127.0.0.1:6667/");
        // A program that acts for no page goes where it is sent.
        let loss = next_loss(&mut builder(url).build().unwrap()).await;
        assert_says(&loss, &["http://127.0.0.1:6667/: cannot connect"]);
    }
}

/// A `SameSite=Lax` cookie and one with `None` for every origin.
#[cfg(feature = "cookies")]
fn jar(origins: &Origins) -> wellspring::CookieJar {
    let jar = wellspring::CookieJar::new();
    for name in ["page", "far"] {
        let url = origins.origin(name).parse().unwrap();
        for cookie in ["l=1; SameSite=Lax", "n=1; SameSite=None; Secure"] {
            assert!(jar.set(&url, cookie));
        }
    }
    jar
}

/// The names of the cookies that each hop got.
#[cfg(feature = "cookies")]
fn cookies(origins: &Origins) -> Vec<String> {
    let heard = origins.heard("cookie");
    let names = heard
        .iter()
        .map(|cookies| cookies.replace(['=', '1', ';', ' ', '-'], ""));
    names.collect()
}

fn words(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap();
    list.iter().map(|word| word.as_str().unwrap()).collect()
}

fn cors_error(error: &Error) -> &CorsError {
    match error.cause() {
        Some(Cause::Fetch(fetch)) => match fetch.kind() {
            FetchErrorKind::Cors(error) => error,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

const ALLOW_ALL: &str = "Access-Control-Allow-Origin: *";

fn allowed(body: &str) -> Script {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{ALLOW_ALL}\r\n\r\n");
    Script::new().expect_request().send(head).send(body)
}

#[tokio::test]
async fn a_failed_check_says_which_and_where_and_is_not_tried_again() {
    let answer = Script::answer(
        "503 Busy",
        &["Access-Control-Allow-Origin: https://b.example"],
    );
    let server = ScriptedServer::start_repeating(answer).await;
    let source = builder(server.url("/a")).policy(Policy::resilient());
    let mut source = source.origin("https://app.example").build().unwrap();
    let error = next_error(&mut source).await;
    assert_eq!(
        error.to_string(),
        format!(
            "{}: the CORS check failed: Access-Control-Allow-Origin is \"https://b.example\", \
             'https://app.example' or '*' is needed; the response has status 503 Service \
             Unavailable; not trying again",
            server.url("/a")
        )
    );
    assert!(matches!(cors_error(&error), CorsError::AllowOrigin { .. }));
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn the_origin_of_events_is_that_of_the_final_url() {
    let there = ScriptedServer::start([allowed("data: a\n\n").hang()]).await;
    let location = format!("Location: {}", there.url("/b"));
    let here = ScriptedServer::start([Script::answer("302 Found", &[&location, ALLOW_ALL])]).await;
    let mut source = builder(here.url("/a"))
        .origin("https://app.example")
        .build()
        .unwrap();
    next_data(&mut source).await;
    let origin = format!("http://{}", there.address());
    assert_eq!(source.opened().unwrap().origin, origin);
    assert_eq!(there.requests()[0].header("origin").unwrap(), b"null");
}

#[tokio::test]
async fn a_reconnection_keeps_what_redirects_have_left() {
    let there =
        ScriptedServer::start([allowed("data: a\n\n"), allowed("data: b\n\n").hang()]).await;
    let location = format!("Location: {}", there.url("/b"));
    let here = ScriptedServer::start([Script::answer("302 Found", &[&location, ALLOW_ALL])]).await;
    let mut source = builder(here.url("/a"))
        .origin("https://app.example")
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    assert_eq!(there.requests()[1].line(), "GET /b HTTP/1.1");
    assert_eq!(there.requests()[1].header("origin").unwrap(), b"null");
}

#[tokio::test]
async fn a_source_that_starts_over_has_left_nothing() {
    let there =
        ScriptedServer::start([allowed("data: a\n\n"), allowed("data: b\n\n").hang()]).await;
    let redirect = || {
        let location = format!("Location: {}", there.url("/b"));
        Script::answer("302 Found", &[&location, ALLOW_ALL])
    };
    let here = ScriptedServer::start([redirect(), redirect()]).await;
    let mut source = builder(here.url("/a"))
        .policy(Policy::resilient())
        .reconnection(support::quick())
        .origin("https://app.example")
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    for request in here.requests() {
        assert_eq!(request.header("origin").unwrap(), b"https://app.example");
    }
}

#[tokio::test]
async fn without_an_origin_there_is_no_cors() {
    let server = ScriptedServer::start([stream("data: a\n\n").hang()]).await;
    let mut source = builder(server.url("/"))
        .with_credentials(true)
        .method("PUT")
        .header("x-mine", "1")
        .header("origin", "https://mine.example")
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let origin = server.request(0).await.header("origin");
    assert_eq!(origin.unwrap(), b"https://mine.example");
}

#[tokio::test]
async fn userinfo_goes_where_credentials_go() {
    for (same_origin, with_credentials) in [(true, false), (false, false), (false, true)] {
        let page = "https://app.example";
        let headers = format!(
            "Access-Control-Allow-Origin: {page}\r\nAccess-Control-Allow-Credentials: true"
        );
        let head = support::CHUNKED.replace("\r\n\r\n", &format!("\r\n{headers}\r\n\r\n"));
        let script = Script::new()
            .expect_request()
            .send(head)
            .send_chunk("data: a\n\n");
        let server = ScriptedServer::start([script.hang()]).await;
        let own = format!("http://{}", server.address());
        let mut source = builder(server.url("/").replace("://", "://user:pass@"))
            .origin(if same_origin { &own } else { page })
            .with_credentials(with_credentials)
            .build()
            .unwrap();
        assert_eq!(next_data(&mut source).await, "a");
        let sent = server.request(0).await.header("authorization").is_some();
        assert_eq!(sent, same_origin || with_credentials);
    }
}

#[tokio::test]
async fn the_last_event_id_needs_no_preflight() {
    let server = ScriptedServer::start([
        allowed("id: (7)\ndata: a\n\n"),
        allowed("data: b\n\n").hang(),
    ])
    .await;
    let mut source = builder(server.url("/"))
        .origin("https://app.example")
        .last_event_id("6")
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    let ids = server.requests();
    let ids = ids.iter().map(|request| request.header("last-event-id"));
    let ids: Vec<_> = ids.map(Option::unwrap).collect();
    assert_eq!(ids, [b"6".to_vec(), b"(7)".to_vec()]);
}

#[test]
fn what_needs_a_preflight_is_an_error_at_once() {
    let there = || builder("https://api.example/").origin("https://app.example");
    let at_home = || builder("https://app.example/").origin("https://app.example");
    let opaque = || builder("https://app.example/").origin("null");
    let table = [
        (there(), true),
        (there().method("POST"), true),
        (there().method("PUT"), false),
        (there().header("accept-language", "de"), true),
        (there().header("x-mine", "1"), false),
        (there().sensitive_header("x-mine", "1"), false),
        (there().header("origin", "https://forged.example"), true),
        (there().user_agent("mine"), false),
        (
            there().user_agent("mine").allow_without_preflight(true),
            true,
        ),
        (at_home().method("PUT").header("x-mine", "1"), true),
        (opaque().header("x-mine", "1"), false),
    ];
    for (index, (builder, built)) in table.into_iter().enumerate() {
        assert_eq!(builder.build().is_ok(), built, "{index}");
    }
    let json = there()
        .method("POST")
        .header("content-type", "application/json");
    assert_eq!(
        json.build().unwrap_err().to_string(),
        "the header 'content-type' with the value \"application/json\" needs a preflight to another \
         origin, and none is ever sent; leave it out, or allow it without"
    );
}

#[test]
fn an_origin_that_is_none_is_an_error_at_once() {
    let built = builder("https://api.example/")
        .origin("https://app.example/page")
        .build();
    let error = built.unwrap_err();
    assert!(
        matches!(&error, BuildError::Origin { input, .. } if input == "https://app.example/page")
    );
    assert_says(
        &error.to_string(),
        &["is not an origin", "give 'https://app.example'"],
    );
}

#[tokio::test]
async fn what_a_redirect_or_a_hook_makes_need_a_preflight_fails_before_it_is_sent() {
    let there = ScriptedServer::start([]).await;
    let here = ScriptedServer::start([Script::answer(
        "307 Away",
        &[&format!("Location: {}", there.url("/b"))],
    )])
    .await;
    let own = format!("http://{}", here.address());
    let mut source = builder(here.url("/a"))
        .origin(&own)
        .header("x-mine", "1")
        .build()
        .unwrap();
    let error = next_error(&mut source).await;
    assert_says(
        &error.to_string(),
        &["the header 'x-mine' needs a preflight"],
    );
    assert_eq!(error.failure(), Some(Failure::Permanent));

    let mut source = builder(there.url("/b"))
        .origin(&own)
        .before_attempt(|mut attempt| async move {
            attempt.method = http::Method::DELETE;
            Ok::<_, std::io::Error>(attempt)
        })
        .build()
        .unwrap();
    let error = next_error(&mut source).await;
    assert_says(&error.to_string(), &["the method DELETE needs a preflight"]);
    assert_eq!(there.connections(), 0);
}

#[tokio::test]
async fn what_is_allowed_without_a_preflight_is_sent() {
    let server = ScriptedServer::start([allowed("data: a\n\n").hang()]).await;
    let mut source = builder(server.url("/"))
        .origin("https://app.example")
        .allow_without_preflight(true)
        .method("PUT")
        .header("authorization", "Bearer t")
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let request = server.request(0).await;
    assert_eq!(request.line(), "PUT / HTTP/1.1");
    assert_eq!(request.header("authorization").unwrap(), b"Bearer t");
    assert_eq!(request.header("origin").unwrap(), b"https://app.example");
}

#[tokio::test]
async fn a_post_says_its_origin_at_home_too() {
    let server = ScriptedServer::start([whole("data: a\n\n")]).await;
    let own = format!("http://{}", server.address());
    let mut source = builder(server.url("/"))
        .origin(&own)
        .method("POST")
        .body("x")
        .build()
        .unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    let request = server.request(0).await;
    assert_eq!(request.header("origin").unwrap(), own.as_bytes());
}
