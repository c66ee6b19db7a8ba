//! What `wellspring tail` says of a connection: a server's own words, waits, streams that hold nothing.
//!
//! Next: `failures.rs`.

use crate::support::{Program, Run, wellspring};
use wellspring_testkit::server::{Script, ScriptedServer};

async fn tail(scripts: impl IntoIterator<Item = Script>, more: &[&str]) -> (String, Run) {
    let server = ScriptedServer::start(scripts).await;
    let url = server.url("/sse");
    let run = wellspring(&[&["tail", &url], more].concat()).await;
    (url, run)
}

fn refusing(status: &str, headers: &[&str], body: &str) -> Script {
    let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
    for header in headers {
        head += &format!("{header}\r\n");
    }
    Script::new()
        .expect_request()
        .send(head + "\r\n")
        .send(body)
}

#[tokio::test]
async fn a_servers_own_words_are_shown() {
    let json = [
        "Content-Type: application/json",
        "WWW-Authenticate: Bearer error=\"invalid_token\"",
    ];
    let body = "{\"error\":\"token expired\",\n\"more\":\"\u{202E}\u{1b}[2J\u{7}\"}";
    let (url, run) = tail([refusing("401 No", &json, body)], &[]).await;
    run.fails(1, &[]);
    let expected = format!(
        "wellspring: {url}: the server answered with status 401, not 200; not trying again\n  \
         www-authenticate: Bearer error=\"invalid_token\"\n  the server says:\n    \
         {{\"error\":\"token expired\",\n    \"more\":\"\\u{{202e}}\\u{{1b}}[2J\\u{{7}}\"}}\n"
    );
    assert_eq!(run.stderr, expected);

    let html = ["Content-Type: text/html"];
    let page = "<html><title>Log in</title><p>please</html>";
    let (_, run) = tail([refusing("200 OK", &html, page)], &[]).await;
    run.fails(
        1,
        &[
            "text/html, not text/event-stream",
            "    (a page) Log in please",
        ],
    );

    let long = format!("{}the end", "x".repeat(5000));
    let (_, run) = tail([refusing("500 Broken", &[], &long)], &["--no-reconnect"]).await;
    run.fails(1, &["xxx\n    … (the first 4096 bytes)"]);
    assert!(!run.stderr.contains("the end"), "{run:?}");

    let (_, run) = tail([refusing("404 No", &[], "\u{0}\u{0}\u{0}PNG")], &[]).await;
    run.fails(1, &["    6 bytes that are not text"]);
}

/// As MCP's SDKs answer one who accepts streams alone.
#[tokio::test]
async fn a_406_names_what_is_lacking() {
    let (_, run) = tail([refusing("406 Not Acceptable", &[], "")], &["-d", "{}"]).await;
    run.fails(1, &["-H 'Accept: application/json, text/event-stream'"]);
}

#[tokio::test]
async fn a_refusal_that_is_tried_again_is_told_with_its_url_and_what_it_asks_for() {
    let busy = || refusing("503 Busy", &["Retry-After: 2"], "8 streams open");
    let server = ScriptedServer::start([
        Script::answer("307 Temporary Redirect", &["Location: /there"]),
        busy(),
        busy(),
    ])
    .await;
    let mut tail = Program::start(&["tail", &server.url("/here"), "--preset", "resilient"]);
    let there = server.url("/there");
    let note = tail.note().await;
    assert!(note.starts_with("reconnecting in "), "{note}");
    let what = format!(": {there}: the server answered with status 503, not 200; Retry-After: 2 s");
    assert!(note.ends_with(&what), "{note}");
    assert_eq!(tail.note().await, "  the server says:");
    assert_eq!(tail.note().await, "    8 streams open");
    let note = tail.note().await;
    assert!(note.starts_with("reconnecting in "), "{note}");
    let (_, run) = self::tail([busy()], &[]).await;
    run.fails(
        1,
        &[
            "Retry-After: 2 s",
            "\n  --preset resilient waits and tries again\n",
        ],
    );
}

#[tokio::test]
async fn a_stream_without_an_event_is_told() {
    let lines = "{\"a\":1}\n{\"b\":2}\n";
    let (url, run) = tail([Script::event_stream(lines)], &["--preset", "finite"]).await;
    run.is(0, "");
    let says = format!("{url}: the stream ended without an event; the body looks like JSON lines");
    assert!(run.stderr.contains(&says), "{run:?}");
    let (url, run) = tail([Script::event_stream(": nothing\n\n")], &["--no-reconnect"]).await;
    run.is(0, "");
    assert!(
        run.stderr
            .ends_with(&format!("{url}: the stream ended without an event\n")),
        "{run:?}"
    );
    let body = "retry: 100\n\n{\"error\":\"nope\"}\n";
    let json = || Script::event_stream(&body[12..]);
    let ends = Script::answer("204 No Content", &[]);
    let (_, run) = tail(
        [
            Script::event_stream("retry: 100\ndata: a\n\n"),
            json(),
            json(),
            ends,
        ],
        &[],
    )
    .await;
    run.is(0, "message  a\n");
    assert_eq!(
        run.stderr
            .matches("no event came: the body looks like JSON,")
            .count(),
        1,
        "{run:?}"
    );
}

/// MCP: a server may close the stream of a call before the answer, and expects to be asked again.
#[tokio::test]
async fn a_call_that_is_closed_midway_names_how_to_go_on() {
    let progress =
        "id: p1\nretry: 500\ndata:\n\nid: p2\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"n\"}\n\n";
    let (url, run) = tail([Script::event_stream(progress)], &["-d", "{}"]).await;
    assert_eq!(run.code, Some(0));
    let says = format!("wellspring tail '{url}' --last-event-id 'p2'");
    assert!(run.stderr.contains(&says), "{run:?}");
    let whole =
        format!("{progress}id: p3\ndata: {{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{{}}}}\n\n");
    let (_, run) = tail([Script::event_stream(whole)], &["-d", "{}"]).await;
    assert!(!run.stderr.contains("--last-event-id"), "{run:?}");
}

/// Some proxies turn a lost server into a clean end of body.
#[tokio::test]
async fn an_end_inside_an_event_is_told() {
    let half = "data: a\n\ndata: [DONE]\n";
    for more in [&["--no-reconnect"][..], &["-d", "{}"]] {
        let (url, run) = tail([Script::event_stream(half)], more).await;
        assert_eq!(run.stdout, "message  a\n");
        run.fails(1, &[&url, "inside an event", "not trying again"]);
        assert_eq!(run.stderr.matches("inside an event").count(), 1, "{run:?}");
    }
    let discard = ["-d", "{}", "--incomplete-event", "discard"];
    let (_, run) = tail([Script::event_stream(half)], &discard).await;
    run.is(0, "message  a\n");
    let dispatch = ["-d", "{}", "--incomplete-event", "dispatch"];
    let (_, run) = tail([Script::event_stream(half)], &dispatch).await;
    run.is(0, "message  a\nmessage  [DONE]\n");
    let until = ["--preset", "finite", "--until-data", "[DONE]"];
    let cut = "data: a\n\ndata: [DON";
    let (_, run) = tail([Script::event_stream(cut)], &until).await;
    run.fails(1, &["inside an event"]);
    // The event that ends the stream, without its blank line.
    let (_, run) = tail([Script::event_stream(half)], &until).await;
    run.is(0, "message  a\n");
    let scripts = [
        Script::event_stream(format!("retry: 100\n\n{half}")),
        Script::event_stream("data: b\n\n: comment\nid: 1"),
        Script::answer("204 No Content", &[]),
    ];
    let (_, run) = tail(scripts, &[]).await;
    run.is(0, "message  a\nmessage  b\n");
    assert_eq!(run.stderr.matches("inside an event").count(), 1, "{run:?}");
}

/// What follows the event that ends it is none of the user's business, whole or not.
#[tokio::test]
async fn a_terminal_event_may_come_with_half_of_another() {
    let body = "data: [DONE]\n\ndata: half";
    let scripts = [Script::event_stream(body).hang()];
    let (_, run) = tail(scripts, &["--until-data", "[DONE]"]).await;
    run.is(0, "message  [DONE]\n");
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
}

/// A body that ends by its length, or with its last chunk, ends as one does that is closed.
#[tokio::test]
async fn an_end_is_an_end_however_it_is_framed() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    let length = format!("{head}Content-Length: 7\r\n\r\ndata: a");
    let chunks = format!("{head}Transfer-Encoding: chunked\r\n\r\n");
    for script in [
        Script::new().expect_request().send(length).hang(),
        Script::new()
            .expect_request()
            .send(chunks)
            .send_chunk("data: a")
            .send_chunk("")
            .hang(),
    ] {
        let (_, run) = tail([script], &["--no-reconnect"]).await;
        assert!(run.stderr.contains("inside an event"), "{run:?}");
    }
}

/// A redirect can lead to a URL that would fill the screen.
#[tokio::test]
async fn a_long_url_is_told_by_its_beginning() {
    let path = format!("/{}", "x".repeat(20_000));
    let there = format!("Location: {path}");
    let scripts = [
        Script::answer("307 Temporary Redirect", &[&there]),
        Script::event_stream("retry: 100\ndata: a\n\n"),
        Script::answer("404 No", &[]),
    ];
    let (_, run) = tail(scripts, &[]).await;
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), "message  a\n"));
    assert!(run.stderr.starts_with("open: http://127.0.0.1:"), "{run:?}");
    let open = run.stderr.lines().next().unwrap();
    assert!(open.len() < 1100 && open.contains("… (20"), "{open}");
}
