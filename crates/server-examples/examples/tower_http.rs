//! An event stream behind tower-http's layers: compression for the other responses, and CORS for pages
//! of another origin. <http://127.0.0.1:8089/events>, a tick a second.
//!
//! The compression layer leaves `text/event-stream` alone by default, and must: a compressor holds
//! events back until it has enough of them. It does so by `DefaultPredicate`; a predicate of one's own
//! should begin with that.
//!
//! ```text
//! cargo run -p wellspring-server-examples --example tower_http
//! curl -N --compressed -H 'Origin: https://page.example' http://127.0.0.1:8089/events
//! ```

use std::io;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::routing::get;
use http::header::{AUTHORIZATION, CACHE_CONTROL};
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use tokio::net::TcpListener;
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;
use wellspring_server::{Channel, EventStream, RESUME_HEADER, Subscription};

async fn subscribe(State(channel): State<Channel>, request: Request) -> Response<EventStream> {
    match Subscription::from_request(&request) {
        Ok(subscription) => channel.subscribe(subscription).into_response(),
        Err(_) => EventStream::refusal_response(StatusCode::BAD_REQUEST),
    }
}

async fn page() -> String {
    "A text that is long enough to be worth compressing. ".repeat(100)
}

/// Browsers send `Last-Event-ID` without asking, but clients that are built on `fetch` ask first.
fn cors(origin: HeaderValue) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(origin)
        .allow_methods([Method::GET])
        .allow_headers([
            HeaderName::from_static("last-event-id"),
            AUTHORIZATION,
            CACHE_CONTROL,
        ])
        .expose_headers([RESUME_HEADER])
}

pub(crate) fn app(channel: Channel, origin: HeaderValue) -> Router {
    Router::new()
        .route("/events", get(subscribe))
        .route("/", get(page))
        .layer(CompressionLayer::new())
        .layer(cors(origin))
        .with_state(channel)
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let channel = Channel::new();
    let app = app(
        channel.clone(),
        HeaderValue::from_static("https://page.example"),
    );
    tokio::spawn(async move {
        while channel.publish("tick").is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    let listener = TcpListener::bind("127.0.0.1:8089").await?;
    axum::serve(listener, app).await
}
