//! Hubs on one NATS server: an event of one is an event of each, and what happens while the server is away.
//!
//! Next: `crates/nats/tests/it`, the engine alone.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::hub::Hub;
use crate::hub_tokens::{SECRET, TOKEN, publish};
use crate::support::{Program, wellspring};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(20);

struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(folder: &Path, port: Option<u16>) -> Option<Self> {
        let program = wellspring_testkit::tool("nats-server")?;
        let port = port.unwrap_or_else(|| {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        });
        let mut command = Command::new(program);
        command.args(["--addr", "127.0.0.1", "--port", &port.to_string()]);
        command.arg("--jetstream").arg("--store_dir").arg(folder);
        let child = command.stderr(Stdio::null()).spawn().unwrap();
        let server = Self { child, port };
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < PATIENCE, "nats-server does not begin");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(server)
    }

    fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn hub(url: &str) -> Hub {
    let options = ["--engine", url, "--anonymous", "--publisher-key", SECRET];
    let patience = ["--publish-patience", "1"];
    Hub::start(&[&options[..], &patience].concat()).await
}

#[tokio::test]
async fn an_event_of_one_node_is_an_event_of_each() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path(), None) else {
        return;
    };
    let (first, second) = (hub(&server.url()).await, hub(&server.url()).await);
    let answer = publish(&first, TOKEN).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let id = answer.rsplit("\r\n\r\n").next().unwrap();
    publish(&second, TOKEN).await;
    for hub in [&first, &second] {
        // The place that one of them gave is a place of each.
        let url = format!("{}?topic=a&lastEventID={id}", hub.url);
        let run = Program::start(&["tail", &url, "--data-only", "--count", "1"]);
        run.end().await.is(0, "x\n");
    }
}

#[tokio::test]
async fn while_the_server_is_away_publishers_are_asked_to_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path(), None) else {
        return;
    };
    let (url, port) = (server.url(), server.port);
    let hub = hub(&url).await;
    publish(&hub, TOKEN).await;
    // A node has in memory what it has read back from the server.
    let earliest = format!("{}?topic=a&lastEventID=earliest", hub.url);
    let read = wellspring(&["tail", &earliest, "--data-only", "--count", "1"]).await;
    read.is(0, "x\n");
    drop(server);
    let began = Instant::now();
    let refused = publish(&hub, TOKEN).await;
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    assert!(began.elapsed() < Duration::from_secs(8));
    // What is in memory is enough for one who comes now.
    let reader = ["tail", earliest.as_str(), "--data-only", "--count", "2"];
    let mut reader = Program::start(&reader);
    assert_eq!(reader.line().await.as_deref(), Some("x"));
    let _server = Server::start(folder.path(), Some(port)).unwrap();
    let back = Instant::now();
    while !publish(&hub, TOKEN).await.starts_with("HTTP/1.1 200 ") {
        assert!(back.elapsed() < PATIENCE, "it does not come back");
    }
    let run = reader.end().await;
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[tokio::test]
async fn an_address_that_cannot_be_is_refused_with_a_sentence() {
    let run =
        async |url: &str| wellspring(&["hub", "--publisher-key", SECRET, "--engine", url]).await;
    let usage = run("nats://a?b=c").await;
    usage.fails(2, &["--engine: \"b\" is not known"]);
    let gone = run("nats://hidden@127.0.0.1:1").await;
    let expected = "--engine: no connection to NATS at nats://127.0.0.1:1";
    gone.fails(1, &[expected]);
    assert!(!gone.stderr.contains("hidden"), "{gone:?}");
}
