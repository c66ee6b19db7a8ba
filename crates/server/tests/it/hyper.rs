//! An event stream on a real socket, served by plain hyper.

use std::time::Duration;

use crate::support::server::{Server, read_until};
use tokio::io::AsyncReadExt;
use tokio::time::timeout;
use wellspring_server::Channel;

#[tokio::test]
async fn headers_and_the_first_comment_come_at_once() {
    let server = Server::start(Channel::new()).await;
    let mut socket = server.request(b"").await;
    let text = read_until(&mut socket, "\n\n").await.to_lowercase();
    assert!(text.starts_with("http/1.1 200 ok\r\n"), "{text}");
    for header in [
        "content-type: text/event-stream\r\n",
        "cache-control: no-cache, no-transform\r\n",
        "x-accel-buffering: no\r\n",
    ] {
        assert!(text.contains(header), "{text}");
    }
    assert!(!text.contains("wellspring-resume"), "{text}");
    assert!(text.contains("\r\n:\nid: "), "{text}");
}

#[tokio::test]
async fn the_outcome_of_a_resume_is_a_header() {
    let channel = Channel::builder().epoch("e").unwrap().build();
    channel.publish("one").unwrap();
    channel.publish("two").unwrap();
    let server = Server::start(channel).await;
    let mut socket = server.request(b"Last-Event-ID: e-1\r\n").await;
    let text = read_until(&mut socket, "data: two").await;
    assert!(text.contains("wellspring-resume: found\r\n"), "{text}");
    assert!(!text.contains("data: one"));
    let mut socket = server.request("Last-Event-ID: é\r\n".as_bytes()).await;
    let text = read_until(&mut socket, "data: two").await;
    assert!(text.contains("wellspring-resume: unknown\r\n"), "{text}");
    assert!(text.contains("data: one"));
}

#[tokio::test]
async fn a_graceful_shutdown_delivers_what_was_published_and_finishes() {
    let channel = Channel::new();
    let server = Server::start(channel.clone()).await;
    let mut sockets = Vec::new();
    for _ in 0..50 {
        let mut socket = server.request(b"").await;
        read_until(&mut socket, "\n\n").await;
        sockets.push(socket);
    }
    assert_eq!(channel.subscriber_count(), 50);
    channel.publish("last words").unwrap();
    server.stop.send(()).unwrap();
    let ended = timeout(Duration::from_secs(10), server.task).await;
    ended.unwrap().unwrap();
    for mut socket in sockets {
        let mut rest = String::new();
        socket.read_to_string(&mut rest).await.unwrap();
        assert!(rest.contains("data: last words\n"), "{rest}");
        assert!(rest.ends_with("0\r\n\r\n"), "{rest}");
    }
    assert_eq!(channel.subscriber_count(), 0);
}
