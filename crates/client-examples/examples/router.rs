//! A server and its client in one program without a socket: an axum router is the source's transport. This is how to test
//! the stream of a web application, from its route to what arrives.
//!
//! ```text
//! cargo run -p wellspring-client-examples --example router
//! ```
//!
//! Next: `reqwest.rs`.

#![allow(clippy::print_stdout, reason = "an example")]

use std::error::Error;

use axum::Router;
use axum::extract::{Request, State};
use axum::routing::get;
use http::{Response, StatusCode};
use wellspring::EventSource;
use wellspring::transport::TowerTransport;
use wellspring_server::{Block, Channel, EventStream, Subscription};

/// The application under test.
fn app(channel: Channel) -> Router {
    Router::new()
        .route("/events", get(subscribe))
        .with_state(channel)
}

async fn subscribe(State(channel): State<Channel>, request: Request) -> Response<EventStream> {
    match Subscription::from_request(&request) {
        Ok(subscription) => channel.subscribe(subscription).into_response(),
        Err(_) => EventStream::refusal_response(StatusCode::BAD_REQUEST),
    }
}

/// What a subscriber gets that resumes after the first of three events.
pub(crate) async fn resumed() -> Result<Vec<String>, Box<dyn Error>> {
    let channel = Channel::builder().epoch("e")?.build();
    for text in ["one", "two", "three"] {
        channel.publish(Block::data(text).event_type("count")?)?;
    }
    let mut source = EventSource::builder("http://app.test/events")
        .transport(TowerTransport::new(app(channel)))
        .last_event_id("e-1")
        .build()?;
    let mut seen = Vec::new();
    while seen.len() < 2 {
        let event = source.next().await.ok_or("the source was closed")??;
        seen.push(format!("{}: {}", event.event_type, event.data));
    }
    Ok(seen)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    for line in resumed().await? {
        println!("{line}");
    }
    Ok(())
}
