//! Hubs on one Redis server: an event of one is an event of each, and what happens while the server is away.
//!
//! Next: `crates/e2e/tests/cluster.rs`, with many clients and faults.

use std::io::Write as _;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use wellspring_testkit::redis::RedisServer;

use crate::hub::Hub;
use crate::hub_tokens::{SECRET, TOKEN, publish};
use crate::support::{Program, command, wellspring};

fn server() -> Option<(RedisServer, TempDir)> {
    let folder = tempfile::tempdir().unwrap();
    Some((RedisServer::start(folder.path(), &[])?, folder))
}

async fn hub(server: &RedisServer, more: &[&str]) -> Hub {
    let url = server.url();
    let options = ["--engine", &url, "--anonymous", "--publisher-key", SECRET];
    Hub::start(&[&options, more].concat()).await
}

fn reader(hub: &Hub, query: &str, options: &[&str]) -> Program {
    let url = format!("{}?topic=a{query}", hub.url);
    Program::start(&[&["tail", url.as_str(), "--data-only"], options].concat())
}

#[tokio::test]
async fn an_event_of_one_node_is_an_event_of_each() {
    let Some((server, _folder)) = server() else {
        return;
    };
    let (first, second) = (hub(&server, &[]).await, hub(&server, &[]).await);
    let answer = publish(&first, TOKEN).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let id = answer.rsplit("\r\n\r\n").next().unwrap();
    publish(&second, TOKEN).await;
    for hub in [&first, &second] {
        // The place that one of them gave is a place of each.
        let query = format!("&lastEventID={id}");
        let run = reader(hub, &query, &["--count", "1"]).end().await;
        run.is(0, "x\n");
    }
}

#[tokio::test]
async fn while_the_server_is_away_readers_stay_and_publishers_are_asked_to_come_back() {
    let Some((mut server, _folder)) = server() else {
        return;
    };
    let hub = hub(&server, &["--publish-patience", "1"]).await;
    publish(&hub, TOKEN).await;
    let mut stays = reader(&hub, "&lastEventID=earliest", &["--count", "2"]);
    assert_eq!(stays.line().await.as_deref(), Some("x"));
    server.kill();
    let began = Instant::now();
    // It may have been on its way to the server when that died; what comes later is not.
    let doubtful = publish(&hub, TOKEN).await;
    assert!(doubtful.starts_with("HTTP/1.1 50"), "{doubtful}");
    let refused = publish(&hub, TOKEN).await;
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    assert!(
        refused.to_lowercase().contains("retry-after: "),
        "{refused}"
    );
    assert!(began.elapsed() < Duration::from_secs(8));
    while !hub.ask("GET /readyz HTTP/1.1", "").await.contains(" 503 ") {
        assert!(began.elapsed() < Duration::from_secs(20), "it stays ready");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // What is in memory is enough for one who comes now.
    let mut comes = reader(&hub, "&lastEventID=earliest", &["--count", "2"]);
    assert_eq!(comes.line().await.as_deref(), Some("x"));
    server.start_again();
    let back = Instant::now();
    while !publish(&hub, TOKEN).await.starts_with("HTTP/1.1 200 ") {
        assert!(
            back.elapsed() < Duration::from_secs(10),
            "it does not come back"
        );
    }
    for program in [stays, comes] {
        let run = program.end().await;
        assert!(run.stdout.starts_with("x\n"), "{run:?}");
        assert_eq!(run.code, Some(0), "{run:?}");
    }
    while !hub.ask("GET /readyz HTTP/1.1", "").await.contains(" 200 ") {
        assert!(back.elapsed() < Duration::from_secs(20), "it stays unready");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn the_engine_may_be_named_in_the_environment_and_in_the_file() {
    let Some((server, _folder)) = server() else {
        return;
    };
    let first = hub(&server, &[]).await;
    publish(&first, TOKEN).await;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    writeln!(file, "engine = \"{}\"\nanonymous = true", server.url()).unwrap();
    let file = file.path().to_str().unwrap();
    let options = ["hub", "--port", "0", "--publisher-key", SECRET];
    let of_file = command(&[&options[..], &["--config", file]].concat());
    let mut of_environment = command(&[&options[..], &["--anonymous"]].concat());
    of_environment.env("WELLSPRING_ENGINE", server.url());
    for command in [of_file, of_environment] {
        let hub = Hub::introduced(Program::spawn(command)).await;
        let reader = reader(&hub, "&lastEventID=earliest", &["--count", "1"]);
        reader.end().await.is(0, "x\n");
    }
}

#[tokio::test]
async fn an_engine_that_cannot_be_is_refused_with_a_sentence() {
    let run =
        async |url: &str| wellspring(&["hub", "--publisher-key", SECRET, "--engine", url]).await;
    let usage = run("nothing").await;
    usage.fails(2, &["an engine is named by a URL, such as redis://HOST"]);
    run("ftp://a")
        .await
        .fails(2, &["--engine: no engine for ftp:// is built in"]);
    run("redis://a?b=c")
        .await
        .fails(2, &["--engine: there is no parameter \"b\""]);
    let gone = run("redis://user:hidden@127.0.0.1:1").await;
    gone.fails(1, &["--engine: Redis at 127.0.0.1:1"]);
    assert!(!gone.stderr.contains("hidden"), "{gone:?}");
    let both = [
        "hub",
        "--publisher-key",
        SECRET,
        "--engine",
        "redis://a",
        "--data",
        "b",
    ];
    wellspring(&both).await.fails(2, &["--engine", "--data"]);
}

#[tokio::test]
async fn a_server_that_keeps_nothing_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = RedisServer::start(folder.path(), &["--appendonly", "no"]) else {
        return;
    };
    let mut hub = hub(&server, &[]).await;
    let note = hub.program.note().await;
    assert!(note.contains("keeps nothing on disk"), "{note}");
}
