//! `wellspring tail` and the request: method, body, name and password, policies, and what `-v` shows.
//!
//! Next: `failures.rs`.

use crate::support::{Program, wellspring, wellspring_reading};
use tempfile::TempDir;
use wellspring_testkit::server::{Script, ScriptedServer};

async fn serving() -> (ScriptedServer, String) {
    let server = ScriptedServer::start_repeating(Script::event_stream("data: a\n\n").hang()).await;
    let url = server.url("/sse");
    (server, url)
}

#[tokio::test]
async fn a_body_is_posted_with_the_type_it_looks_like() {
    let (server, url) = serving().await;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("body.json");
    std::fs::write(&path, "[1]\n").unwrap();
    let file = format!("@{}", path.display());
    for data in ["{\"stream\":true}", "a=b&c=d", &file] {
        let run = wellspring(&["tail", &url, "--count", "1", "-d", data]).await;
        run.is(0, "message  a\n");
    }
    let typed = ["-X", "put", "-d", "x", "-H", "content-type: text/plain"];
    let run = wellspring(&[&["tail", &url, "--count", "1"], typed.as_slice()].concat()).await;
    run.is(0, "message  a\n");
    let stdin = ["tail", &url, "--count", "1", "--data", "@-"];
    wellspring_reading(&stdin, b"null")
        .await
        .is(0, "message  a\n");
    let (json, form) = ("application/json", "application/x-www-form-urlencoded");
    let expected = [
        ("POST", json, "{\"stream\":true}"),
        ("POST", form, "a=b&c=d"),
        ("POST", json, "[1]\n"),
        ("PUT", "text/plain", "x"),
        ("POST", json, "null"),
    ];
    for (index, (method, kind, body)) in expected.into_iter().enumerate() {
        let request = server.request(index).await;
        assert_eq!(request.line(), format!("{method} /sse HTTP/1.1"));
        assert_eq!(request.header("content-type").unwrap(), kind.as_bytes());
        assert_eq!(request.body, body.as_bytes());
    }
    let run = wellspring(&["tail", &url, "-d", "@/nowhere/body"]).await;
    run.fails(2, &["-d @/nowhere/body"]);
    let run = wellspring(&["tail", &url, "-X", "GET", "-d", "x"]).await;
    run.fails(2, &["GET", "no body"]);
    let run = wellspring(&["tail", &url, "-X", "a b"]).await;
    run.fails(2, &["'a b' is not a method"]);
}

#[tokio::test]
async fn a_name_and_password_are_sent_and_never_shown() {
    let (server, url) = serving().await;
    let arguments = ["tail", &url, "-v", "--count", "1", "-u", "ann:s3:cr%t"];
    let run = wellspring(&arguments).await;
    run.is(0, "message  a\n");
    let request = server.request(0).await;
    // "ann:s3:cr%t"
    let expected = b"Basic YW5uOnMzOmNyJXQ=";
    assert_eq!(request.header("authorization").unwrap(), expected);
    let lines: Vec<&str> = run.stderr.lines().collect();
    let shown = |line: &str| assert!(lines.contains(&line), "{line} is not in {run:?}");
    shown("> GET /sse");
    shown(&format!("> host: {}", server.address()));
    shown("> authorization: [left out]");
    shown("< HTTP/1.1 200 OK");
    shown("< content-type: text/event-stream");
    shown(&format!("open: {url} (HTTP/1.1)"));
    for secret in ["s3", "YW5u"] {
        assert!(!run.stderr.contains(secret), "{run:?}");
    }
    wellspring(&["tail", &url, "-u", "ann"])
        .await
        .fails(2, &["a colon and a password"]);
}

#[tokio::test]
async fn every_hop_and_every_failure_is_shown_in_order() {
    let server = ScriptedServer::start([
        Script::answer("302 Found", &["Location: /there", "Set-Cookie: s3cret"]),
        Script::event_stream("retry: 100\nid: 7\ndata: a\n\n"),
        Script::new(),
        Script::event_stream("data: b\n\n").hang(),
    ])
    .await;
    let mut tail = Program::start(&["tail", &server.url("/here"), "-v"]);
    let mut notes = Vec::new();
    while notes
        .iter()
        .filter(|note: &&String| note.starts_with("open:"))
        .count()
        < 2
    {
        notes.push(tail.note().await);
    }
    let marks = [
        "> GET",
        "< HTTP",
        "open",
        "* ",
        "reconnecting",
        "< set-cookie",
        "> last-event-id",
    ];
    let marked = |note: &&str| marks.iter().any(|mark| note.starts_with(mark));
    let notes: Vec<&str> = notes.iter().map(String::as_str).filter(marked).collect();
    let expected = [
        "> GET /here",
        "< HTTP/1.1 302 Found",
        "< set-cookie: [left out]",
        "> GET /there",
        "< HTTP/1.1 200 OK",
        "open: ",
        "reconnecting in 100 ms",
        "> GET /there",
        "> last-event-id: 7",
        "* the connection closed before a response",
        "reconnecting in ",
        "> GET /there",
        "> last-event-id: 7",
        "< HTTP/1.1 200 OK",
        "open: ",
    ];
    assert_eq!(notes.len(), expected.len(), "{notes:#?}");
    for (note, expected) in notes.iter().zip(expected) {
        assert!(note.starts_with(expected), "{note} is not {expected}");
    }
}

#[tokio::test]
async fn a_preset_decides_what_an_end_means() {
    let refuse = || Script::answer("503 Service Unavailable", &["Retry-After: 0"]);
    let server = ScriptedServer::start([refuse(), refuse()]).await;
    let url = server.url("/sse");
    let run = wellspring(&["tail", &url]).await;
    run.fails(1, &["503"]);
    let mut tail = Program::start(&["tail", &url, "--preset", "resilient"]);
    let note = tail.note().await;
    assert!(note.starts_with("reconnecting in "), "{note}");
    let server = ScriptedServer::start([Script::event_stream("data: a\n\n")]).await;
    let run = wellspring(&["tail", &server.url("/"), "--preset", "finite"]).await;
    run.is(0, "message  a\n");
    let run = wellspring(&["tail", &url, "--preset", "other"]).await;
    run.fails(2, &["standard", "resilient", "finite"]);
}
