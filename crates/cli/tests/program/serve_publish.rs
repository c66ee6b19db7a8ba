//! `wellspring serve`: publishing over HTTP.
//!
//! Next: `serve_clients.rs`.

use crate::http::Server;
use crate::support::wellspring;

const TOKEN: &str = "Authorization: Bearer p\r\n";

fn is(answer: &str, status: &str, says: &str) {
    let start = format!("HTTP/1.1 {status} ");
    assert!(
        answer.starts_with(&start) && answer.contains(says),
        "{answer}"
    );
}

#[tokio::test]
async fn each_line_of_a_body_is_an_event() {
    let mut server = Server::start(&["--publish-token", "p"]).await;
    server.write("from the input\n").await;
    let mut subscriber = server.subscribe("").await;
    subscriber.until("data: from the input\n").await;
    is(
        &server.post(TOKEN, "one").await,
        "200",
        "\r\n\r\n{\"published\":1}\n",
    );
    subscriber.until("data: one\n").await;
    is(
        &server.post(TOKEN, "two\nthree\n").await,
        "200",
        "{\"published\":2}\n",
    );
    let text = subscriber.until("data: three\n").await;
    assert!(text.contains("data: two\n"), "{text}");
    // After the end of input as well.
    server.program.close_stdin();
    server.program.note().await;
    is(&server.post(TOKEN, "four").await, "200", "");
    subscriber.until("data: four\n").await;
}

#[tokio::test]
async fn publishing_needs_its_own_token() {
    let options = ["--publish-token", "p", "--token", "r"];
    let server = Server::start(&options).await;
    for headers in [
        "",
        "Authorization: Bearer r\r\n",
        "Authorization: Bearer P\r\n",
        "Authorization: p\r\n",
    ] {
        is(&server.post(headers, "x").await, "401", "--publish-token");
    }
    let answer = server
        .send("POST /events?token=p HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx")
        .await;
    is(&answer.rest().await, "401", "--publish-token");
    is(&server.post(TOKEN, "x").await, "200", "");
    is(
        &server.ask("PUT /events", "").await,
        "405",
        "allow: GET, HEAD, POST\r\n",
    );
    let metrics = server.ask("GET /metrics?token=r", "").await;
    is(&metrics, "200", "wellspring_events_published_total 1\n");
}

#[tokio::test]
async fn without_a_token_nobody_publishes() {
    let server = Server::start(&[]).await;
    is(
        &server.post(TOKEN, "x").await,
        "405",
        "allow: GET, HEAD\r\n",
    );
    is(&server.post("", "x").await, "405", "Only GET and HEAD.\n");
}

#[tokio::test]
async fn a_body_is_published_as_a_whole_or_not_at_all() {
    let server = Server::start(&["--publish-token", "p", "--format", "json"]).await;
    let forged = "{\"data\":1}\n{\"data\":2,\"event\":\"a\\ndata: forged\"}\n";
    let says = "line 2: ";
    is(&server.post(TOKEN, forged).await, "400", says);
    let says = "the key \"date\" is none of event, id, retry and data";
    is(&server.post(TOKEN, "{\"date\":1}").await, "400", says);
    is(
        &server.post(TOKEN, "not JSON").await,
        "400",
        "nothing was published\n",
    );
    is(
        &server.post(TOKEN, "").await,
        "400",
        "There is no event in the body",
    );
    is(
        &server.post(TOKEN, "\n\n").await,
        "400",
        "There is no event in the body",
    );
    let good = "{\"data\":1,\"event\":\"notice\",\"id\":\"x\"}\n\n{\"data\":2}\n";
    is(
        &server.post(TOKEN, good).await,
        "200",
        "{\"published\":2}\n",
    );
    let run = wellspring(&["tail", &server.stream(), "--count", "2"]).await;
    assert!(
        run.stdout.starts_with("notice   [x] 1\nmessage  ["),
        "{run:?}"
    );
}

#[tokio::test]
async fn an_event_stream_is_a_body_too() {
    let server = Server::start(&["--publish-token", "p", "--format", "sse"]).await;
    let body = "event: notice\ndata: a\n\nid: 5\ndata: b\ndata: c\n\n";
    is(
        &server.post(TOKEN, body).await,
        "200",
        "{\"published\":2}\n",
    );
    let incomplete = server.post(TOKEN, "data: without an end\n").await;
    is(&incomplete, "400", "what a blank line ends");
    let text = server.subscribe("").await.until("data: c\n").await;
    assert!(text.contains("id: 5\ndata: b\n"), "{text}");
}

#[tokio::test]
async fn a_body_of_100_mb_is_refused_before_it_is_read() {
    let server = Server::start(&["--publish-token", "p"]).await;
    let head = format!("POST /events HTTP/1.1\r\nHost: localhost\r\n{TOKEN}");
    let length = "Content-Length: 100000000\r\n\r\n";
    let mut client = server.send(format!("{head}{length}xxx")).await;
    let answer = client.until("\r\n\r\n").await;
    is(&answer, "413", "connection: close\r\n");

    let mut client = server
        .send(format!("{head}Transfer-Encoding: chunked\r\n\r\n"))
        .await;
    let chunk = format!("100000\r\n{}\r\n", "x".repeat(1 << 20));
    for _ in 0..9 {
        use tokio::io::AsyncWriteExt;
        // It may be refused already.
        let _ = client.socket.write_all(chunk.as_bytes()).await;
    }
    is(
        &client.until("\r\n\r\n").await,
        "413",
        "connection: close\r\n",
    );
    // Every CR of a line makes another line of data.
    let growing = server.post(TOKEN, &"\r".repeat(2_000_000)).await;
    is(&growing, "413", "line 1: longer than 8388608 bytes");
    is(
        &server.post(TOKEN, "fits").await,
        "200",
        "{\"published\":1}\n",
    );
}

#[tokio::test]
async fn a_body_that_breaks_off_is_not_published() {
    use tokio::io::AsyncWriteExt;
    let server = Server::start(&["--publish-token", "p"]).await;
    let head =
        format!("POST /events HTTP/1.1\r\nHost: localhost\r\n{TOKEN}Content-Length: 100\r\n\r\n");
    let mut client = server.send(format!("{head}half a li")).await;
    client.socket.shutdown().await.unwrap();
    drop(client);
    is(&server.post(TOKEN, "whole").await, "200", "");
    let text = server.subscribe("").await.until("data: whole\n").await;
    assert!(!text.contains("half"), "{text}");
}
