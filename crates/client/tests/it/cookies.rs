//! A cookie jar on real sockets. In: servers that set cookies. Out: the cookies that go back, and
//! those that do not.
//!
//! Next: `cors.rs`, where cookies go that a page has.

#![cfg(feature = "cookies")]

use crate::support;
use crate::support::{builder, next_data, next_error, whole};
use url::Url;
use wellspring::CookieJar;
use wellspring_testkit::server::{Script, ScriptedServer};

const SET: &str = "Set-Cookie: a=1; Path=/";

/// An event stream that sets a cookie, and ends.
fn setting(cookie: &str, body: &str) -> Script {
    let head = support::CHUNKED.replace("\r\n\r\n", &format!("\r\n{cookie}\r\n\r\n"));
    let script = Script::new().expect_request().send(head);
    script.send_chunk(body).send_chunk("")
}

fn cookie(server: &ScriptedServer, index: usize) -> String {
    let sent = server.requests()[index]
        .header("cookie")
        .unwrap_or_default();
    String::from_utf8(sent).unwrap()
}

fn jar_with(url: &str, cookie: &str) -> CookieJar {
    let jar = CookieJar::new();
    assert!(jar.set(&Url::parse(url).unwrap(), cookie));
    jar
}

#[tokio::test]
async fn what_a_stream_sets_comes_back_with_the_reconnection() {
    let scripts = [setting(SET, "data: a\n\n"), whole("data: b\n\n")];
    let server = ScriptedServer::start(scripts).await;
    let jar = CookieJar::new();
    let builder = builder(server.url("/")).cookie_jar(&jar);
    let mut source = builder.build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    assert_eq!(cookie(&server, 0), "");
    assert_eq!(cookie(&server, 1), "a=1");
}

#[tokio::test]
async fn every_hop_may_set_cookies_and_a_refusal_too() {
    let scripts = [
        Script::answer("302 Found", &["Location: /b", "Set-Cookie: a=1; Path=/b"]),
        Script::answer("302 Found", &["Location: /c", "Set-Cookie: b=1; Path=/"]),
        Script::answer("401 Who", &["Set-Cookie: c=1; Path=/"]),
    ];
    let server = ScriptedServer::start(scripts).await;
    let jar = CookieJar::new();
    let builder = builder(server.url("/a")).cookie_jar(&jar);
    next_error(&mut builder.build().unwrap()).await;
    assert_eq!(cookie(&server, 1), "a=1");
    assert_eq!(cookie(&server, 2), "b=1");
    let url = server.url("/b").parse().unwrap();
    assert_eq!(jar.cookies(&url).unwrap(), "a=1; b=1; c=1");
}

#[tokio::test]
async fn sources_share_a_jar() {
    let scripts = [setting(SET, "data: a\n\n"), whole("data: b\n\n")];
    let server = ScriptedServer::start(scripts).await;
    let jar = CookieJar::new();
    for data in ["a", "b"] {
        let builder = builder(server.url("/")).cookie_jar(&jar);
        assert_eq!(next_data(&mut builder.build().unwrap()).await, data);
    }
    assert_eq!(cookie(&server, 1), "a=1");
}

#[tokio::test]
async fn a_cookie_set_by_hand_takes_the_place_of_the_jar_and_stays_at_home() {
    let there = ScriptedServer::start([whole("data: a\n\n")]).await;
    let location = format!("Location: {}", there.url("/"));
    let here = ScriptedServer::start([Script::answer("307 There", &[&location])]).await;
    let jar = jar_with(&here.url("/"), "jar=1");
    let builder = builder(here.url("/")).cookie_jar(&jar);
    let mut source = builder.header("cookie", "hand=1").build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(cookie(&here, 0), "hand=1");
    // Cookies do not know of ports, so to them this is the same host.
    assert_eq!(cookie(&there, 0), "jar=1");
}

#[tokio::test]
async fn without_an_origin_cookies_stay_on_the_site_of_the_url() {
    let there = ScriptedServer::start([setting(SET, "data: a\n\n"), whole("data: b\n\n")]).await;
    let url = there.url("/").replace("127.0.0.1", "localhost");
    let location = format!("Location: {url}");
    let here = ScriptedServer::start([Script::answer("307 There", &[&location, SET])]).await;
    let jar = jar_with(&url, "n=1; SameSite=None; Secure");
    let builder = builder(here.url("/")).cookie_jar(&jar);
    let mut source = builder.build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(next_data(&mut source).await, "b");
    assert_eq!([cookie(&there, 0), cookie(&there, 1)], ["", ""]);
    assert_eq!(jar.cookies(&url.parse().unwrap()).unwrap(), "n=1");
    let home = here.url("/").parse().unwrap();
    assert_eq!(jar.cookies(&home).unwrap(), "a=1");
}

#[tokio::test]
async fn a_page_keeps_the_cookies_of_others_with_credentials_only() {
    for with_credentials in [false, true] {
        let page = "http://127.0.0.1:9";
        let headers = format!(
            "Set-Cookie: a=1\r\nAccess-Control-Allow-Origin: {page}\r\n\
             Access-Control-Allow-Credentials: true"
        );
        let server = ScriptedServer::start([setting(&headers, "data: a\n\n")]).await;
        let jar = CookieJar::new();
        let builder = builder(server.url("/")).cookie_jar(&jar).origin(page);
        let mut source = builder.with_credentials(with_credentials).build().unwrap();
        assert_eq!(next_data(&mut source).await, "a");
        let kept = jar.cookies(&server.url("/").parse().unwrap()).is_some();
        assert_eq!(kept, with_credentials);
    }
}

#[tokio::test]
async fn a_failed_check_comes_after_the_cookies() {
    let server = ScriptedServer::start([setting(SET, "data: a\n\n")]).await;
    let jar = CookieJar::new();
    let builder = builder(server.url("/")).cookie_jar(&jar);
    let builder = builder.origin("http://127.0.0.1:9").with_credentials(true);
    next_error(&mut builder.build().unwrap()).await;
    assert!(jar.cookies(&server.url("/").parse().unwrap()).is_some());
}
