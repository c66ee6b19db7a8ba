//! The hyper example at work.

#![allow(clippy::unwrap_used, clippy::panic)]

#[expect(dead_code, reason = "its main function is not used here")]
#[path = "../../server/examples/hyper.rs"]
mod example;
mod support;

use support::serving::{
    Serving, sends_at_once_and_resumes, shuts_down_1000_streams_with_the_drain,
};
use wellspring_server::Channel;

#[tokio::test]
async fn events_leave_at_once_and_a_resume_is_served() {
    let channel = Channel::builder().epoch("e").unwrap().build();
    channel.publish("before").unwrap();
    let serving = Serving::start(&channel, example::serve).await;
    sends_at_once_and_resumes(serving.address, &channel).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graceful_shutdown_with_1000_streams_ends_with_the_drain() {
    let channel = Channel::new();
    let serving = Serving::start(&channel, example::serve).await;
    shuts_down_1000_streams_with_the_drain(serving, &channel).await;
}
