//! The tower-http example at work: what the layers do to an event stream, and what they must not do.

#![allow(clippy::unwrap_used, clippy::panic)]

#[expect(dead_code, reason = "its main function is not used here")]
#[path = "../examples/tower_http.rs"]
mod example;
mod support;

use std::net::SocketAddr;

use http::HeaderValue;
use support::{read_until, subscribe};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use wellspring_server::Channel;

const ORIGIN: &str = "https://page.example";

async fn start(channel: &Channel) -> SocketAddr {
    let app = example::app(channel.clone(), HeaderValue::from_static(ORIGIN));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, app).await.unwrap() });
    address
}

#[tokio::test]
async fn the_compression_layer_neither_codes_nor_holds_back_events() {
    let channel = Channel::builder().epoch("e").unwrap().build();
    let address = start(&channel).await;
    let mut socket = subscribe(address, "Accept-Encoding: gzip\r\n").await;
    let text = read_until(&mut socket, "\n:\nid: e-0\n\n").await;
    assert!(!text.contains("content-encoding"), "{text}");
    for number in 1..=20 {
        channel.publish("tick").unwrap();
        read_until(&mut socket, &format!("data: tick\nid: e-{number}\n\n")).await;
    }
    // It is there: other responses are compressed.
    let mut page = TcpStream::connect(address).await.unwrap();
    let request = b"GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n";
    page.write_all(request).await.unwrap();
    let head = read_until(&mut page, "\r\n\r\n").await;
    assert!(head.contains("content-encoding: gzip\r\n"), "{head}");
}

#[tokio::test]
async fn a_page_of_another_origin_can_resume_and_hear_of_it() {
    let channel = Channel::builder().epoch("e").unwrap().build();
    channel.publish("one").unwrap();
    channel.publish("two").unwrap();
    let address = start(&channel).await;
    let headers = format!("Origin: {ORIGIN}\r\nLast-Event-ID: e-1\r\n");
    let mut socket = subscribe(address, &headers).await;
    let text = read_until(&mut socket, "data: two\n").await;
    for header in [
        "access-control-allow-origin: https://page.example\r\n",
        "access-control-expose-headers: wellspring-resume\r\n",
        "wellspring-resume: found\r\n",
        "cache-control: no-cache, no-transform\r\n",
    ] {
        assert!(text.contains(header), "{text}");
    }
    assert!(!text.contains("data: one"), "{text}");
}

#[tokio::test]
async fn clients_built_on_fetch_may_send_the_last_event_id() {
    let address = start(&Channel::new()).await;
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "OPTIONS /events HTTP/1.1\r\nHost: x\r\nOrigin: {ORIGIN}\r\n\
         Access-Control-Request-Method: GET\r\n\
         Access-Control-Request-Headers: last-event-id\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let text = read_until(&mut socket, "\r\n\r\n").await;
    assert!(text.starts_with("HTTP/1.1 200 "), "{text}");
    let allowed = text
        .lines()
        .find(|line| line.starts_with("access-control-allow-headers:"));
    let allowed = allowed.unwrap();
    for name in ["last-event-id", "authorization", "cache-control"] {
        assert!(allowed.contains(name), "{allowed}");
    }
}
