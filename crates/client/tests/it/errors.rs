//! Errors as text. In: what fails. Out: each error says what it is itself, its sources say why, and nothing is said twice
//! where a program prints the whole chain, as `anyhow` does with `{:#}`. Advice stands beside, not in the text.
//!
//! Next: `bad_input.rs`.

use std::error::Error;
use std::fmt::Display;

use crate::support::{SOON, builder, next_error, quick, source, stream};
use tokio::net::TcpListener;
use wellspring::fetch::{CorsError, RedirectError};
use wellspring::transport::{
    HttpTransport, Transport, TransportError, TransportErrorKind, TransportOptions,
};
use wellspring::{BuildError, Cause, EventSource, Policy};
use wellspring_testkit::server::ScriptedServer;

/// The error and each of its sources, as text.
fn links(error: &(dyn Error + 'static)) -> Vec<String> {
    let sources = std::iter::successors(error.source(), |&error| error.source());
    let links = std::iter::once(error).chain(sources);
    links.map(ToString::to_string).collect()
}

/// What `anyhow` makes of it with `{:#}`, which must hold each link once, and no advice; so must our own `{:#}`.
fn check<E: Error + Display + 'static>(error: &E, causes: usize, help: Option<&str>) -> String {
    let links = links(error);
    assert_eq!(links.len(), 1 + causes, "{links:?}");
    let whole = links.join(": ");
    for text in [whole, format!("{error:#}")] {
        for link in &links {
            // The text of the error itself may go on behind its causes.
            let (beginning, _) = link.split_once(';').unwrap_or((link, ""));
            assert_eq!(
                text.matches(beginning).count(),
                1,
                "{beginning:?} in {text:?}"
            );
        }
        if let Some(help) = help {
            assert!(
                !help.is_empty() && !text.contains(help),
                "{help:?} in {text:?}"
            );
        }
    }
    format!("{error:#}")
}

/// One attempt, and no more.
fn once() -> Policy {
    Policy::finite().with_reconnection(quick().with_max_attempts(Some(1)))
}

async fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

async fn fails(url: &str) -> TransportError {
    let transport = HttpTransport::new(TransportOptions::new().no_proxy()).unwrap();
    let request = http::Request::get(url).body(wellspring::transport::Body::empty());
    let sent = tokio::time::timeout(SOON, transport.send(request.unwrap()));
    sent.await.unwrap().map(drop).unwrap_err()
}

#[tokio::test]
async fn an_error_of_the_transport() {
    let port = closed_port().await;
    let refused = fails(&format!("http://127.0.0.1:{port}/")).await;
    let text = check(&refused, 1, Some(refused.help()));
    assert_eq!(text.matches("127.0.0.1").count(), 1, "{text}");
    let several = fails(&format!("http://news.localhost:{port}/")).await;
    let text = check(&several, 0, Some(several.help()));
    assert_eq!(text.matches("127.0.0.1").count(), 1, "{text}");
    let given = TransportError::new(TransportErrorKind::Other, "a:1", "odd")
        .with_source(std::io::Error::other("why"));
    assert_eq!(
        check(&given, 1, Some(given.help())),
        "the request failed: a:1: odd: why"
    );
}

#[tokio::test]
async fn an_error_of_a_fetch_and_one_of_a_source() {
    let port = closed_port().await;
    let url = format!("http://127.0.0.1:{port}/stream");
    let error = next_error(&mut builder(&url).policy(once()).build().unwrap()).await;
    let text = check(&error, 1, error.help());
    assert_eq!(text.matches("127.0.0.1").count(), 1, "{text}");
    assert!(
        text.contains("efused") && text.ends_with("not trying again"),
        "{text}"
    );
    assert!(error.help().unwrap().contains("server is running"));
    let Some(Cause::Fetch(fetch)) = error.cause() else {
        panic!("{error:?}")
    };
    let text = check(fetch, 1, fetch.help());
    assert_eq!(text.matches(&port.to_string()).count(), 1, "{text}");
    assert!(error.cause().unwrap().to_string().contains("efused"));
}

#[tokio::test]
async fn an_error_in_the_body() {
    let server = ScriptedServer::start([stream("data: a\n\n")]).await;
    let policy = Policy::finite();
    let mut source = builder(server.url("/")).policy(policy).build().unwrap();
    let event = source.next().await.unwrap();
    assert_eq!(event.unwrap().data, "a");
    let error = next_error(&mut source).await;
    let Some(Cause::Body(body)) = error.cause() else {
        panic!("{error:?}")
    };
    let below = links(body).len() - 1;
    assert!(below > 0);
    check(body, below, Some(body.help()));
    check(&error, below, error.help());
}

#[tokio::test]
async fn an_error_of_the_programs_hook() {
    let mut source = builder("http://127.0.0.1:9/")
        .before_attempt(|_| async { Err(std::io::Error::other("no token")) })
        .policy(once())
        .build()
        .unwrap();
    let error = next_error(&mut source).await;
    let text = check(&error, 1, error.help());
    assert!(
        text.contains("the program's hook failed: no token"),
        "{text}"
    );
}

#[tokio::test]
async fn an_answer_that_is_refused() {
    let server = ScriptedServer::start([wellspring_testkit::server::Script::answer(
        "200 OK",
        &["Content-Type: text/html"],
    )])
    .await;
    let error = next_error(&mut source(server.url("/"))).await;
    check(&error, 0, error.help());
    assert_eq!(
        error.help(),
        Some("check that the URL is that of an event stream")
    );
}

#[test]
fn errors_without_a_cause() {
    let redirect = RedirectError::TooMany;
    check(&redirect, 0, redirect.help());
    let cors = CorsError::RedirectWithUserinfo;
    check(&cors, 0, Some(cors.help()));
    for (url, said) in [
        ("nowhere", "is not an absolute URL"),
        (
            "http://[fe80::1%25eth0]/",
            "has an IPv6 zone, which URLs have no place for",
        ),
        (
            "http://[fe80::1%eth0]/",
            "has an IPv6 zone, which URLs have no place for",
        ),
        ("http://a:99999/", "is not a valid URL: invalid port number"),
    ] {
        let error: BuildError = EventSource::new(url).unwrap_err();
        let text = check(&error, 0, None);
        assert!(text.starts_with(&format!("'{url}' {said}")), "{text}");
    }
}

#[tokio::test]
async fn a_long_url_is_not_repeated_whole() {
    let long = format!("/{}", "x".repeat(60_000));
    let redirect = format!("HTTP/1.1 307 Moved\r\nLocation: {long}\r\nContent-Length: 0\r\n\r\n");
    let redirect = wellspring_testkit::server::Script::new()
        .expect_request()
        .send(redirect);
    let refused = wellspring_testkit::server::Script::answer("404 Not Found", &[]);
    let server = ScriptedServer::start([redirect, refused]).await;
    let error = next_error(&mut source(server.url("/"))).await;
    assert!(error.url().len() > 60_000);
    let text = format!("{error:#}");
    assert!(text.len() < 500 && text.contains("… (60"), "{}", text.len());
    let error = EventSource::new(format!("nowhere{long}")).unwrap_err();
    assert!(error.to_string().len() < 500);
}

#[cfg(feature = "json")]
#[tokio::test]
async fn data_that_is_not_json() {
    let mut source = EventSource::from_body("data: <html>\n\n");
    let mut messages = source.json::<u8>();
    let error = messages.next().await.unwrap().map(drop).unwrap_err();
    check(&error, 1, None);
}

#[cfg(feature = "file-store")]
#[tokio::test]
async fn an_error_of_a_store_and_one_of_a_recorder() {
    use wellspring::store::{FileStore, RecorderError};

    let error = FileStore::open("/nowhere/a.store").map(drop).unwrap_err();
    let text = check(&error, 1, Some(error.help()));
    assert!(
        text.contains("/nowhere/a.store: the store cannot be opened: "),
        "{text}"
    );
    let error = RecorderError::Store(error);
    let help = error.help().map(str::to_owned);
    check(&error, 1, help.as_deref());
}
