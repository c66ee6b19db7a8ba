//! Ways out of this machine that lead nowhere. In: proxies that refuse, or are none; transports that go
//! another way. Out: errors that say where it went wrong and keep secrets.
//!
//! Next: `proxy.rs`.

use std::net::SocketAddr;

use crate::proxies::{NEWS, Proxy as Played, at, server, through};
use crate::support::{assert_says, builder, ms, next_data, next_loss};
use futures_core::future::BoxFuture;
use wellspring::BuildError;
use wellspring::transport::{Body, HttpTransport, Proxy, Transport, TransportError};
use wellspring_testkit::server::{Script, ScriptedServer};

/// Attempts go on: a proxy may come to its senses.
#[tokio::test]
async fn a_proxy_that_refuses_says_why_and_secrets_stay_secret() {
    let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
    let https = "https://news.invalid/";
    let table = [
        (
            Played::http(nobody, None, Some("407 Who are you")).await,
            "http",
            https,
            "it answered \"407 Who are you\" to CONNECT",
        ),
        (
            Played::socks(nobody, Some(("me", "other")), None).await,
            "socks5h",
            NEWS,
            "does not accept the user's name and password",
        ),
        (
            Played::socks(nobody, Some(("me", "s@cret")), Some("5")).await,
            "socks5h",
            NEWS,
            "the host refused its connection",
        ),
    ];
    for (proxy, scheme, url, why) in table {
        let mut source = through(url, &at(scheme, proxy.address));
        let loss = next_loss(&mut source).await;
        let place = "news.invalid";
        let shown = format!("{scheme}://{}", proxy.address);
        let parts = [
            "the proxy does not connect",
            place,
            &shown,
            why,
            "attempt 2",
        ];
        assert_says(&loss, &parts);
        let all = format!("{loss} {source:?}");
        assert!(!all.contains("cret"), "{all}");
        next_loss(&mut source).await;
    }
    let proxy = Played::socks(nobody, Some(("me", "other")), None).await;
    let mut source = through(NEWS, &format!("socks5h://{}", proxy.address));
    let loss = next_loss(&mut source).await;
    assert_says(&loss, &["it wants a user's name and a password"]);
}

/// Interim responses are no answer: what follows them is, if anything does before there are too many.
#[tokio::test]
async fn a_proxys_interim_responses_are_skipped_within_bounds() {
    let interim = "HTTP/1.1 102 Processing\r\nVia: test\r\n\r\n";
    let table = [
        (
            interim.repeat(9) + "HTTP/1.1 403 No\r\n\r\n",
            "it answered \"403 No\" to CONNECT",
        ),
        (
            interim.repeat(101),
            "it sent more than 100 interim responses (1xx) and no final response",
        ),
        (
            interim.repeat(100) + "HTTP/1.1 403 No\r\n\r\n",
            "it answered \"403 No\" to CONNECT",
        ),
        (
            format!("HTTP/1.1 200 OK\r\nVia: {}\r\n\r\n", "x".repeat(16 * 1024)),
            "the proxy's answer is longer than 16 KiB",
        ),
        (
            "HTTP/1.1 101 Other\r\n\r\n".to_owned(),
            "it answered \"101 Other\" to CONNECT",
        ),
    ];
    for (answer, why) in table {
        let server = ScriptedServer::start_repeating(Script::new().send(answer).hang()).await;
        let mut source = through("https://news.invalid/", &at("http", server.address()));
        assert_says(&next_loss(&mut source).await, &[why]);
    }
}

/// The request never left, so even a `POST` is tried again.
#[tokio::test]
async fn what_a_proxy_refused_was_never_sent() {
    let nobody = SocketAddr::from(([127, 0, 0, 1], 1));
    let proxy = Played::http(nobody, None, Some("502 Bad Gateway")).await;
    let builder = builder("https://news.invalid/").method("POST").body("x");
    let ours = Proxy::new(format!("http://{}", proxy.address)).unwrap();
    let mut source = builder.proxy(ours).build().unwrap();
    assert_says(&next_loss(&mut source).await, &["502 Bad Gateway"]);
    assert_says(&next_loss(&mut source).await, &["502 Bad Gateway"]);
}

#[tokio::test]
async fn a_proxy_that_is_none_or_away_is_named() {
    let server = ScriptedServer::start_repeating(Script::new().send("hello\r\n\r\n")).await;
    let https = "https://news.invalid/";
    let mut source = through(https, &at("http", server.address()));
    assert_says(
        &next_loss(&mut source).await,
        &["does not answer as an HTTP proxy"],
    );
    let mut source = through(NEWS, &at("socks5h", server.address()));
    assert_says(
        &next_loss(&mut source).await,
        &["does not answer as a SOCKS5 proxy"],
    );
    let away = { self::server().await.address() };
    for scheme in ["http", "socks5h"] {
        let loss = next_loss(&mut through(NEWS, &at(scheme, away))).await;
        let shown = format!("the proxy {scheme}://{away}");
        assert_says(&loss, &["cannot connect", &shown]);
        assert!(!loss.contains("cret"), "{loss}");
    }
    // One that says nothing: the connect timeout holds for the whole way.
    let silent = ScriptedServer::start_repeating(Script::new().hang()).await;
    for scheme in ["http", "socks5h"] {
        let proxy = Proxy::new(at(scheme, silent.address())).unwrap();
        let builder = builder(https).proxy(proxy).connect_timeout(Some(ms(80)));
        let loss = next_loss(&mut builder.build().unwrap()).await;
        assert_says(&loss, &["no connection within 80ms", "through"]);
        assert!(!loss.contains("cret"), "{loss}");
    }
}

/// Goes through the default transport, and may say that it does.
struct Wrapping {
    inner: HttpTransport,
    tells: bool,
}

impl Transport for Wrapping {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, TransportError>> {
        self.inner.send(request)
    }

    fn honors_route(&self) -> bool {
        self.tells && self.inner.honors_route()
    }
}

/// What is meant for a proxy must not leave without one, unnoticed.
#[tokio::test]
async fn a_transport_that_goes_its_own_way_is_refused() {
    let server = server().await;
    let played = Played::http(server.address(), None, None).await;
    let proxy = Proxy::new(format!("http://{}", played.address)).unwrap();
    let over = |tells| {
        let inner = HttpTransport::default();
        builder(NEWS).transport(Wrapping { inner, tells })
    };
    for told in [
        over(false).proxy(proxy.clone()),
        over(false).no_proxy(),
        over(false).unix_socket("/tmp/socket"),
    ] {
        let error = told.build().unwrap_err();
        assert_eq!(error, BuildError::Route);
        assert_says(&error.to_string(), &["set it on the transport itself"]);
    }
    assert!(over(false).build().is_ok(), "nothing was said of a way");
    let mut source = over(true).proxy(proxy).build().unwrap();
    assert_eq!(next_data(&mut source).await, "a");
    assert_eq!(played.asked().len(), 1);
}
