//! Event streams that leave hyper.

use tokio::io::AsyncReadExt;

use super::app::{LARGE, Served, get};

const OPENING: &str = "b\r\n:\nid: e-0\n\n\r\n";

#[tokio::test]
async fn a_stream_has_its_head_its_events_and_its_end() {
    let served = Served::start().await;
    let mut client = served.send(&get("/events")).await;
    let head = client.read_until("\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    for line in [
        "content-type: text/event-stream",
        "cache-control: no-cache, no-transform",
        "transfer-encoding: chunked",
        "connection: close",
        "date: ",
    ] {
        assert!(head.contains(&format!("\r\n{line}")), "{line} in {head}");
    }
    assert_eq!(client.read_until("\n\n\r\n").await, OPENING);
    served.channel.publish("one").unwrap();
    let event = client.read_until("\n\n\r\n").await;
    assert_eq!(event, "13\r\ndata: one\nid: e-1\n\n\r\n");
    served.channel.close();
    assert_eq!(client.read_to_end().await, "0\r\n\r\n");
    served.count(0).await;
}

#[tokio::test]
async fn a_request_may_be_cut_anywhere() {
    let served = Served::start().await;
    let requests: [&[u8]; 3] = [
        b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /events HTTP/1.1\nHost: x\n\n",
        b"\r\n\r\nGET /events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: e-0\r\n\r\n",
    ];
    for request in requests {
        for cut in 1..request.len() {
            let mut client = served.send(&request[..cut]).await;
            client.0.set_nodelay(true).unwrap();
            tokio::task::yield_now().await;
            client.write(&request[cut..]).await;
            let head = client.read_until("\r\n\r\n").await;
            assert!(head.contains("connection: close"), "{cut}: {head}");
            client.read_until(":\n").await;
        }
    }
}

#[tokio::test]
async fn http_1_0_ends_with_its_connection() {
    let served = Served::start().await;
    let mut client = served.send(b"GET /events HTTP/1.0\r\n\r\n").await;
    let head = client.read_until("\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.0 200 OK\r\n"), "{head}");
    assert!(!head.contains("transfer-encoding"), "{head}");
    served.channel.publish("one").unwrap();
    served.channel.close();
    let body = client.read_to_end().await;
    assert_eq!(body, ":\nid: e-0\n\ndata: one\nid: e-1\n\n");
}

#[tokio::test]
async fn a_stream_may_follow_other_answers_on_its_connection() {
    let served = Served::start().await;
    let mut client = served.send(&get("/plain")).await;
    client.read_until("plain").await;
    client.write(&get("/plain")).await;
    client.read_until("plain").await;
    client.write(&get("/events")).await;
    let head = client.read_until("\r\n\r\n").await;
    assert!(head.contains("connection: close"), "{head}");
    assert_eq!(client.read_until("\n\n\r\n").await, OPENING);
}

#[tokio::test]
async fn a_stream_may_be_pipelined_behind_other_requests_and_before() {
    let served = Served::start().await;
    let all = [get("/plain"), get("/plain"), get("/events"), get("/plain")].concat();
    for cut in [1, 40, 80, all.len() - 1, all.len()] {
        let mut client = served.send(&all[..cut]).await;
        tokio::task::yield_now().await;
        client.write(&all[cut..]).await;
        client.read_until("plain").await;
        client.read_until("plain").await;
        let head = client.read_until("\r\n\r\n").await;
        assert!(head.contains("connection: close"), "{head}");
        assert_eq!(client.read_until("\n\n\r\n").await, OPENING);
    }
    served.count(0).await;
}

#[tokio::test]
async fn a_stream_waits_until_what_came_before_it_is_with_the_client() {
    let served = Served::start().await;
    let all = [get("/large"), get("/events")].concat();
    let mut client = served.send(&all).await;
    // Behind these the first answer has filled the system's buffers.
    for _ in 0..3 {
        served.send(&get("/plain")).await.read_until("plain").await;
    }
    client.read_until("\r\n\r\n").await;
    let mut large = vec![0; LARGE.len()];
    client.0.read_exact(&mut large).await.unwrap();
    assert!(large == LARGE);
    let head = client.read_until("\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert!(head.contains("connection: close"), "{head}");
    assert_eq!(client.read_until("\n\n\r\n").await, OPENING);
}

#[tokio::test]
async fn a_body_that_was_read_is_no_hindrance() {
    let served = Served::start().await;
    let bodies: [(&str, &[u8]); 3] = [
        ("Content-Length: 5", b"hello"),
        (
            "Transfer-Encoding: chunked",
            b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        ),
        ("Content-Length: 5\r\nExpect: 100-continue", b"hello"),
    ];
    for (header, body) in bodies {
        let head = format!("POST /read HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n");
        let mut client = served.send(head.as_bytes()).await;
        if header.contains("Expect") {
            let interim = client.read_until("\r\n\r\n").await;
            assert_eq!(interim, "HTTP/1.1 100 Continue\r\n\r\n");
        }
        for byte in body {
            client.write(&[*byte]).await;
        }
        let head = client.read_until("\r\n\r\n").await;
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
        assert!(head.contains("connection: close"), "{header}: {head}");
        client.read_until("id: e-").await;
    }
}

#[tokio::test]
async fn a_body_of_another_library_is_taken_over_too() {
    let served = Served::start().await;
    let text = served.send(&get("/pieces")).await.read_to_end().await;
    assert!(text.contains("connection: close"), "{text}");
    let (_, body) = text.split_once("\r\n\r\n").unwrap();
    let pieces = "9\r\ndata: a\n\n\r\n9\r\ndata: b\n\n\r\n0\r\n\r\n";
    assert_eq!(body, pieces);
}
