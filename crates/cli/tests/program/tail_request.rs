//! `wellspring tail` and the request: method, body, name and password, policies, and what `-v` shows.
//!
//! Next: `failures.rs`.

use crate::support::{Program, command, wellspring, wellspring_reading};
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
    shown("> authorization: ***");
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

/// What might be a key stays with the origin it was given for, and off the screen.
#[tokio::test]
async fn headers_that_may_be_secret_do_not_follow_a_redirect_to_another_origin() {
    let (other, url) = serving().await;
    let there = format!("Location: {url}");
    let server = ScriptedServer::start([
        Script::answer("307 Temporary Redirect", &["Location: /here"]),
        Script::answer("307 Temporary Redirect", &[&there]),
    ])
    .await;
    let headers = ["-H", "X-Api-Key: s3cret", "-H", "accept-language: de"];
    let start = ["tail", &server.url("/"), "-v", "--count", "1"];
    let run = wellspring(&[start.as_slice(), &headers].concat()).await;
    run.is(0, "message  a\n");
    for index in 0..2 {
        let request = server.request(index).await;
        assert_eq!(request.header("x-api-key").unwrap(), b"s3cret");
    }
    let request = other.request(0).await;
    assert_eq!(request.header("x-api-key"), None);
    assert_eq!(request.header("accept-language").unwrap(), b"de");
    assert!(run.stderr.contains("> x-api-key: ***"), "{run:?}");
    assert!(run.stderr.contains("> accept-language: de"), "{run:?}");
    assert!(!run.stderr.contains("s3cret"), "{run:?}");
}

/// Whatever the preset; only `finite` minds that there is none.
#[tokio::test]
async fn a_terminal_event_ends_it() {
    let body = "data: a\n\nevent: note\ndata: b\n\ndata: [DONE]\n\ndata: c\n\n";
    let server = ScriptedServer::start_repeating(Script::event_stream(body).hang()).await;
    let url = server.url("/");
    for preset in ["standard", "finite"] {
        let start = ["tail", &url, "--preset", preset, "--data-only"];
        let run = wellspring(&[&start[..], &["--until-data", "[DONE]"]].concat()).await;
        run.is(0, "a\nb\n[DONE]\n");
        let two = ["--until", "error", "--until", "note", "--until-data", "x"];
        let run = wellspring(&[&start[..], &two].concat()).await;
        run.is(0, "a\nb\n");
    }
    // It ends with an event that is not printed, too.
    let hidden = ["--event", "message", "--until", "note"];
    let run = wellspring(&[&["tail", &url], &hidden[..]].concat()).await;
    run.is(0, "message  a\n");
    let server = ScriptedServer::start([Script::event_stream("data: a\n\n")]).await;
    let url = server.url("/");
    let run = wellspring(&["tail", &url, "--preset", "finite", "--until", "done"]).await;
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), "message  a\n"));
    assert!(run.stderr.contains("terminal event"), "{run:?}");
}

/// The stream ends with its last event; with exit code 1 if that is an error, or if it does not come.
#[tokio::test]
async fn a_preset_knows_the_last_event() {
    const DONE: &str = "data: {\"a\":1}\n\ndata: [DONE]\n\ndata: more\n\n";
    const FAILED: &str = "data: {\"error\":{\"code\":502}}\n\ndata: more\n\n";
    for (preset, body, code, says) in [
        ("openai-chat", DONE, 0, ""),
        (
            "vllm",
            FAILED,
            1,
            "the last event says that the server failed",
        ),
        ("openrouter", "data: {\"a\":1}\n\n", 1, "terminal event"),
        (
            "anthropic",
            "event: error\ndata: {}\n\n",
            1,
            "the server failed",
        ),
        (
            "mcp",
            "data: {\"id\":1,\"result\":{}}\n\ndata: more\n\n",
            0,
            "",
        ),
    ] {
        let server = ScriptedServer::start_repeating(Script::event_stream(body)).await;
        let run = wellspring(&["tail", &server.url("/"), "-d", "{}", "--preset", preset]).await;
        assert_eq!(run.code, Some(code), "{preset}: {run:?}");
        assert!(run.stderr.contains(says), "{preset}: {run:?}");
        assert!(!run.stdout.contains("more"), "{preset}: {run:?}");
        assert_eq!(server.connections(), 1, "{preset}");
    }
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
        "< set-cookie: ***",
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

#[tokio::test]
async fn a_proxy_is_asked_for_the_whole_url() {
    let (proxy, _url) = serving().await;
    let address = format!("http://ann:s3cret@{}", proxy.address());
    let url = "http://stream.test/sse";
    let run = wellspring(&["tail", url, "-v", "--count", "1", "--proxy", &address]).await;
    run.is(0, "message  a\n");
    let request = proxy.request(0).await;
    assert_eq!(request.line(), format!("GET {url} HTTP/1.1"));
    let expected = b"Basic YW5uOnMzY3JldA==";
    assert_eq!(request.header("proxy-authorization").unwrap(), expected);
    assert!(
        !run.stderr.contains("s3cret") && !run.stderr.contains("YW5u"),
        "{run:?}"
    );
    let run = wellspring(&["tail", url, "--proxy", "ftp://ann:s3cret@proxy.test"]).await;
    run.fails(2, &["--proxy"]);
}

#[tokio::test]
async fn the_environment_names_a_proxy_unless_none_is_wanted() {
    let (proxy, _url) = serving().await;
    let (server, url) = serving().await;
    let start = |url, more: &[&str]| {
        let mut command = command(&[&["tail", url, "--count", "1"], more].concat());
        command.env_remove("no_proxy").env_remove("NO_PROXY");
        command.env("http_proxy", format!("http://{}", proxy.address()));
        Program::spawn(command)
    };
    let run = start("http://stream.test/sse", &[]).end().await;
    run.is(0, "message  a\n");
    assert_eq!(proxy.connections(), 1);
    let run = start(&url, &["--no-proxy"]).end().await;
    run.is(0, "message  a\n");
    assert_eq!(server.connections(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn a_unix_socket_is_connected_to_whatever_the_host() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let folder = TempDir::new().unwrap();
    let path = folder.path().join("socket");
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let path = path.display().to_string();
    let url = "http://stream.test/sse";
    let tail = Program::start(&["tail", url, "--count", "1", "--unix-socket", &path]);
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut request = [0; 4096];
    let length = socket.read(&mut request).await.unwrap();
    let request = String::from_utf8_lossy(&request[..length]).into_owned();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(b"data: a\n\n").await.unwrap();
    tail.end().await.is(0, "message  a\n");
    assert!(request.starts_with("GET /sse HTTP/1.1\r\n"), "{request}");
    assert!(
        request.to_lowercase().contains("host: stream.test\r\n"),
        "{request}"
    );
}
