//! Who is subscribed at a hub that is killed, and at one that ends in good order.
//!
//! Next: `hub_tokens.rs`.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use wellspring_hub::tokens::sign_hs256;

use crate::hub::Hub;
use crate::support::Program;

const SECRET: &str = "a secret of 32 bytes, or of more.";
const EVENTS: &str = "topic=/.well-known/mercure/subscriptions%7B/topic%7D%7B/subscriber%7D";

async fn start(folder: &TempDir) -> Hub {
    let data = folder.path().to_str().unwrap();
    let options = ["--data", data, "--subscriptions", "--anonymous"];
    let keys = ["--publisher-key", SECRET, "--subscriber-key", SECRET];
    Hub::start(&[&options[..], &keys].concat()).await
}

fn authorization() -> String {
    let claims = json!({ "mercure": { "subscribe": ["*"] } });
    let token = sign_hs256(SECRET.as_bytes(), "JWT", &claims);
    format!("Authorization: Bearer {token}")
}

/// A subscriber that does not come back. It is there once its stream has begun.
async fn subscribe(hub: &Hub, query: &str) -> TcpStream {
    let authority = hub.url.split('/').nth(2).unwrap();
    let mut socket = TcpStream::connect(authority).await.unwrap();
    let head = format!("GET /.well-known/mercure?{query} HTTP/1.1\r\nHost: {authority}\r\n\r\n");
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    socket.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    socket
}

async fn listed(hub: &Hub) -> Vec<Value> {
    let head = format!(
        "GET /.well-known/mercure/subscriptions HTTP/1.1\r\n{}",
        authorization()
    );
    let answer = hub.ask(&head, "").await;
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let document: Value = serde_json::from_str(body).unwrap();
    document["subscriptions"].as_array().unwrap().clone()
}

/// Follows who comes and goes, from the beginning of the history on.
fn watch(hub: &Hub) -> Program {
    let url = format!("{}?{EVENTS}&lastEventID=earliest", hub.url);
    Program::start(&["tail", &url, "--data-only", "-H", &authorization()])
}

/// The topics of the next so many that are announced as gone.
async fn gone(watcher: &mut Program, count: usize) -> Vec<String> {
    let mut gone = Vec::new();
    while gone.len() < count {
        let line = watcher.line().await.unwrap();
        let document: Value = serde_json::from_str(&line).unwrap();
        if document["active"] == false {
            gone.push(document["topic"].to_string());
        }
    }
    gone.sort();
    gone
}

#[tokio::test]
async fn subscribers_of_a_killed_hub_are_announced_as_gone_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = start(&folder).await;
    let _held = [
        subscribe(&hub, "topic=a&topic=b").await,
        subscribe(&hub, "topic=c").await,
    ];
    assert_eq!(listed(&hub).await.len(), 3);
    hub.program.child.kill().await.unwrap();
    let killed = Instant::now();
    let hub = start(&folder).await;
    let mut watcher = watch(&hub);
    assert_eq!(gone(&mut watcher, 3).await, ["\"a\"", "\"b\"", "\"c\""]);
    let took = killed.elapsed();
    assert!(took < Duration::from_secs(21), "within 20 s: {took:?}");
    // Every 5 s it is looked at; nothing is left to announce.
    let more = tokio::time::timeout(Duration::from_secs(6), gone(&mut watcher, 1));
    assert!(more.await.is_err(), "each once");
    let left = listed(&hub).await;
    assert_eq!(left.len(), 1, "the watcher: {left:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_hub_that_ends_announces_who_was_there() {
    use rustix::process::{Pid, Signal, kill_process};

    let folder = tempfile::tempdir().unwrap();
    let hub = start(&folder).await;
    let _held = subscribe(&hub, "topic=a").await;
    let pid = i32::try_from(hub.program.child.id().unwrap()).unwrap();
    kill_process(Pid::from_raw(pid).unwrap(), Signal::INT).unwrap();
    let ended = hub.program.end().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let hub = start(&folder).await;
    assert_eq!(listed(&hub).await, [Value::Null; 0]);
    let mut watcher = watch(&hub);
    let began = Instant::now();
    assert_eq!(gone(&mut watcher, 1).await, ["\"a\""]);
    assert!(began.elapsed() < Duration::from_secs(4), "said at the end");
}
