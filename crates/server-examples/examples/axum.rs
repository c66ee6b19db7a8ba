//! An event stream on axum. What is posted to <http://127.0.0.1:8088/events> arrives at everybody who
//! has the same URL open. Ctrl-C ends the streams one by one, then the server.
//!
//! ```text
//! cargo run -p wellspring-server-examples --example axum
//! curl -N http://127.0.0.1:8088/events
//! curl -d hello http://127.0.0.1:8088/events
//! ```

use std::io;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::routing::get;
use http::{Response, StatusCode};
use tokio::net::TcpListener;
use wellspring_server::{Channel, Drain, EventStream, Subscription};

async fn subscribe(State(channel): State<Channel>, request: Request) -> Response<EventStream> {
    let Ok(subscription) = Subscription::from_request(&request) else {
        return EventStream::refusal_response(StatusCode::BAD_REQUEST);
    };
    match channel.try_subscribe(subscription) {
        Ok(stream) => stream.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn publish(State(channel): State<Channel>, text: String) -> StatusCode {
    match channel.publish(text) {
        Ok(_) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn app(channel: Channel) -> Router {
    Router::new()
        .route("/events", get(subscribe).post(publish))
        .with_state(channel)
}

/// Serves until `stop`, then drains the channel and finishes the connections with it.
pub(crate) async fn serve(
    listener: TcpListener,
    channel: Channel,
    stop: impl Future<Output = ()> + Send + 'static,
    drain: Drain,
) -> io::Result<()> {
    let app = app(channel.clone());
    // As with `axum::serve`, which would serve it too: here a client that waits takes a tenth of the memory.
    wellspring_server::serve(listener, app)
        .with_graceful_shutdown(async move {
            stop.await;
            // While it drains, nobody is accepted, and a connection closes when its stream ends.
            tokio::spawn(async move { channel.drain(drain).await });
        })
        .await
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:8088").await?;
    let stop = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    let drain = Drain::over(Duration::from_secs(2));
    serve(listener, Channel::new(), stop, drain).await
}
