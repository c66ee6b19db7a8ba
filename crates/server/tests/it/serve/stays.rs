//! What stays with hyper.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpStream;

use super::app::{Served, get};

#[tokio::test]
async fn a_head_request_has_no_stream_and_keeps_its_connection() {
    let served = Served::start().await;
    let mut client = served
        .send(b"HEAD /events HTTP/1.1\r\nHost: x\r\n\r\n")
        .await;
    let head = client.read_until("\r\n\r\n").await;
    assert!(head.contains("content-type: text/event-stream"), "{head}");
    client.write(&get("/plain")).await;
    let text = client.read_until("plain").await;
    assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}");
    served.count(0).await;
}

#[tokio::test]
async fn a_stream_stays_while_the_body_of_its_request_arrives() {
    let served = Served::start().await;
    let head = b"POST /both HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel";
    let mut client = served.send(head).await;
    let head = client.read_until("\r\n\r\n").await;
    assert!(!head.contains("connection: close"), "{head}");
    client.read_until("\n\n\r\n").await;
    client.write(b"lo").await;
    client.read_until("data: hello\n").await;
}

#[tokio::test]
async fn a_body_that_nobody_reads_is_never_taken_for_a_request() {
    let served = Served::start().await;
    let smuggled = get("/plain");
    let head = format!(
        "POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n",
        smuggled.len()
    );
    let mut client = served.send(head.as_bytes()).await;
    client.read_until("\n\n\r\n").await;
    client.write(&smuggled).await;
    served.channel.publish("one").unwrap();
    served.channel.close();
    let text = client.read_until("0\r\n\r\n").await;
    assert!(!text.contains("plain"), "{text}");
}

#[tokio::test]
async fn connections_can_be_upgraded() {
    let served = Served::start().await;
    let request =
        b"GET /upgrade HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";
    let mut client = served.send(request).await;
    let head = client.read_until("\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    client.write(b"ping").await;
    client.read_until("ping").await;
}

#[tokio::test]
async fn http_2_is_spoken_with_who_begins_with_it() {
    let served = Served::start().await;
    let socket = TcpStream::connect(served.address).await.unwrap();
    let builder = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
    let (mut sender, connection) = builder.handshake(TokioIo::new(socket)).await.unwrap();
    let connection = tokio::spawn(connection);
    for path in ["/plain", "/events"] {
        let uri = format!("http://{}{path}", served.address);
        let request = Request::get(uri).body(Empty::<Bytes>::new()).unwrap();
        let mut response = sender.send_request(request).await.unwrap();
        assert_eq!(response.status(), 200);
        let frame = response.frame().await.unwrap().unwrap();
        assert!(!frame.into_data().unwrap().is_empty());
        if path == "/events" {
            served.channel.publish("one").unwrap();
            let frame = response.frame().await.unwrap().unwrap().into_data();
            assert_eq!(frame.unwrap(), "data: one\nid: e-1\n\n");
        }
    }
    served.count(0).await;
    served.stop.send(()).unwrap();
    let ended = tokio::time::timeout(Duration::from_secs(10), connection).await;
    assert!(ended.is_ok(), "the shutdown reaches HTTP/2");
    served.task.await.unwrap();
}
