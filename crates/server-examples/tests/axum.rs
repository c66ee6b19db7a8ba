//! The axum example at work.

#![allow(clippy::unwrap_used, clippy::panic)]

#[expect(dead_code, reason = "its main function is not used here")]
#[path = "../examples/axum.rs"]
mod example;
mod support;

use support::serving::{
    Serving, sends_at_once_and_resumes, shuts_down_1000_streams_with_the_drain,
};
use support::{read_until, subscribe};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use wellspring_server::Channel;

#[tokio::test]
async fn events_leave_at_once_and_a_resume_is_served() {
    let channel = Channel::builder().epoch("e").unwrap().build();
    channel.publish("before").unwrap();
    let serving = Serving::start(&channel, example::serve).await;
    sends_at_once_and_resumes(serving.address, &channel).await;
}

#[tokio::test]
async fn what_is_posted_arrives() {
    let serving = Serving::start(&Channel::new(), example::serve).await;
    let mut socket = subscribe(serving.address, "").await;
    read_until(&mut socket, "\n\n").await;
    let mut post = TcpStream::connect(serving.address).await.unwrap();
    let request = b"POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\nhello\nthere";
    post.write_all(request).await.unwrap();
    let answer = read_until(&mut post, "\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    read_until(&mut socket, "data: hello\ndata: there\n").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graceful_shutdown_with_1000_streams_ends_with_the_drain() {
    let channel = Channel::new();
    let serving = Serving::start(&channel, example::serve).await;
    shuts_down_1000_streams_with_the_drain(serving, &channel).await;
}
