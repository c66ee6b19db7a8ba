//! Streams handed on: what `tail` and `decode` print, `serve` reads. In: programs in a row. Out: the
//! same events.
//!
//! Next: `serve.rs`.

use crate::http::Server;
use crate::support::{wellspring, wellspring_reading};
use wellspring_testkit::server::{Script, ScriptedServer};

const STREAM: &str = "retry: 2000\n\nid: 1\nevent: notice\ndata: a\ndata: b\n\ndata: same id\n\n\
                      id: 3\ndata: {\"c\":1}\n\n";

const SERVED: [&str; 3] = [
    "event: notice\nid: 1\ndata: a\ndata: b\n\n",
    "data: same id\n\n",
    "id: 3\ndata: {\"c\":1}\n\n",
];

/// What `serve` makes of these lines.
async fn served(format: &str, lines: &str) -> String {
    let mut server = Server::start(&["--format", format]).await;
    server.write(lines).await;
    let mut client = server.subscribe("").await;
    client.until("{\"c\":1}\n\n").await
}

async fn tailed(option: &str) -> String {
    let server = ScriptedServer::start([Script::event_stream(STREAM).hang()]).await;
    let run = wellspring(&["tail", &server.url("/"), option, "--count", "3"]).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    run.stdout
}

fn is_served(text: &str) {
    let [first, second, third] = SERVED;
    assert!(text.contains(first), "{text}");
    // Whose id is the channel's own.
    assert!(
        text.contains(&format!("{}id: ", &second[..second.len() - 1])),
        "{text}"
    );
    assert!(text.contains(third), "{text}");
}

#[tokio::test]
async fn what_tail_prints_as_json_is_served() {
    is_served(&served("json", &tailed("--json").await).await);
}

#[tokio::test]
async fn what_decode_prints_is_served() {
    let run = wellspring_reading(&["decode"], STREAM.as_bytes()).await;
    is_served(&served("json", &run.stdout).await);
}

#[tokio::test]
async fn what_tail_prints_as_a_stream_is_the_stream_and_is_served() {
    let text = tailed("--sse").await;
    let expected = format!("retry: 2000\n\n{}", SERVED.concat());
    assert_eq!(text, expected);
    // The reconnection time goes with an event: alone it would be an empty one to some clients.
    let text = served("sse", &text).await;
    assert!(text.contains("id: 1\nretry: 2000\ndata: a\n"), "{text}");
    is_served(&text.replace("retry: 2000\n", ""));
}

/// The relay holds one connection; the stream goes on where it was.
#[tokio::test]
async fn a_relay_survives_its_upstream() {
    let server = ScriptedServer::start([
        Script::event_stream("retry: 100\nid: 1\ndata: a\n\n"),
        Script::event_stream("id: 2\ndata: b\n\n"),
        Script::answer("204 No Content", &[]),
    ])
    .await;
    let run = wellspring(&["tail", &server.url("/"), "--sse"]).await;
    run.is(0, "retry: 100\n\nid: 1\ndata: a\n\nid: 2\ndata: b\n\n");
}
