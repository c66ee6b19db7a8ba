//! `wellspring serve`: bodies that cost more than their bytes, and bodies that do not come.
//!
//! Next: `serve_clients.rs`.

use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;

use wellspring_testkit::tool;

use crate::http::{Client, Server};
use crate::support::{Program, command_of};

const TOKEN: &str = "Authorization: Bearer p\r\n";
/// The most bytes of a body.
const LARGEST: usize = 8 << 20;

async fn server() -> Server {
    Server::start(&["--publish-token", "p"]).await
}

/// Sends the largest body, all line ends: each is an event.
async fn line_ends(server: &Server) -> Client {
    let head = format!(
        "POST /events HTTP/1.1\r\nHost: localhost\r\n{TOKEN}Content-Length: {LARGEST}\r\n\r\n"
    );
    let mut client = server.send(head).await;
    let body = vec![b'\n'; LARGEST];
    client.socket.write_all(&body).await.unwrap();
    client
}

/// Sends this much of a body that claims to be of the largest size.
async fn half_sent(server: &Server, length: usize) -> Client {
    let head = format!(
        "POST /events HTTP/1.1\r\nHost: localhost\r\n{TOKEN}Content-Length: {LARGEST}\r\n\r\n"
    );
    let mut client = server.send(head).await;
    // It may be refused before it is all there.
    let _ = client.socket.write_all(&vec![b'x'; length]).await;
    client
}

#[tokio::test]
async fn a_body_of_line_ends_holds_nobody_up() {
    let mut server = server().await;
    server.write("a\n").await;
    // As many as there are workers, or more.
    let mut posts = Vec::new();
    for _ in 0..3 {
        posts.push(line_ends(&server).await);
    }
    let mut longest = Duration::ZERO;
    for _ in 0..20 {
        let asked = Instant::now();
        let answer = server.ask("GET /healthz", "").await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        server.subscribe("").await.until("\r\n\r\n").await;
        longest = longest.max(asked.elapsed());
    }
    println!("longest answer beside bodies of line ends: {longest:?}");
    assert!(longest < Duration::from_secs(1), "{longest:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn half_sent_bodies_hold_a_bounded_amount_of_memory() {
    let server = server().await;
    let before = resident(&server);
    let mut clients = Vec::new();
    for _ in 0..30 {
        clients.push(half_sent(&server, 7_500_000).await);
    }
    let mut refused = 0;
    for client in &mut clients {
        let wait = tokio::time::timeout(Duration::from_secs(1), client.until("\r\n\r\n"));
        if let Ok(answer) = wait.await {
            assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
            assert!(answer.contains("retry-after: "), "{answer}");
            refused += 1;
        }
    }
    let held = resident(&server).saturating_sub(before);
    println!(
        "30 half-sent bodies: {refused} refused, {} MB held",
        held >> 20
    );
    assert!(refused >= 20, "{refused}");
    assert!(held < 80 << 20, "{held}");
    // Nothing stays reserved.
    drop(clients);
    let answer = server.post(TOKEN, "fits").await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test]
async fn a_body_counts_until_it_is_published_though_its_client_left() {
    let server = server().await;
    let is_full = async || {
        let answer = server.post(TOKEN, "x").await;
        answer.starts_with("HTTP/1.1 503 ")
    };
    // As many as there is room for.
    let mut clients = Vec::new();
    for _ in 0..4 {
        clients.push(line_ends(&server).await);
    }
    while !is_full().await {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(clients);
    for _ in 0..10 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(is_full().await);
    }
}

/// Bytes of memory.
#[cfg(target_os = "linux")]
fn resident(server: &Server) -> usize {
    let pid = server.program.child.id().unwrap();
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    let kib: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib << 10
}

#[tokio::test]
async fn an_early_answer_over_http2_arrives() {
    let Some(curl) = tool("curl") else { return };
    let server = Server::start(&["--publish-token", "p", "--tls-self-signed"]).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("large");
    std::fs::write(&file, vec![b'x'; 3 * LARGEST]).unwrap();
    let data = format!("@{}", file.display());
    for (path, token, status) in [
        ("/events", "wrong", "2 401"),
        ("/events", "p", "2 413"),
        ("/healthz", "p", "2 405"),
    ] {
        let url = format!("https://{}{path}", server.address);
        let header = format!("Authorization: Bearer {token}");
        let arguments = [
            "--silent",
            "--insecure",
            "--noproxy",
            "*",
            "--http2",
            "--output",
            "-",
            "--write-out",
            "\n%{http_version} %{http_code}",
            "--header",
            &header,
            "--data-binary",
            &data,
            &url,
        ];
        let run = Program::spawn(command_of(curl.to_str().unwrap(), &arguments));
        let run = run.end().await;
        assert_eq!(run.stdout.lines().last(), Some(status), "{}", run.stderr);
        assert_eq!(run.code, Some(0));
    }
}

#[tokio::test]
async fn a_body_that_stops_coming_is_answered() {
    let server = server().await;
    let started = Instant::now();
    let mut client = half_sent(&server, 1000).await;
    let answer = client.until("\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("connection: close\r\n"), "{answer}");
    let passed = started.elapsed();
    assert!(passed > Duration::from_secs(9), "{passed:?}");
}
