//! An event stream on plain hyper: a tick a second at <http://127.0.0.1:8087/events>, replayed to who
//! comes back. Ctrl-C ends the streams, then the connections, then the program.
//!
//! ```text
//! cargo run -p wellspring-server --example hyper
//! curl -N http://127.0.0.1:8087/events
//! ```

use std::convert::Infallible;
use std::time::Duration;

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use wellspring_server::{Block, Channel, EventStream, Subscription};

async fn answer(
    channel: Channel,
    request: Request<Incoming>,
) -> Result<Response<EventStream>, Infallible> {
    if request.uri().path() != "/events" {
        return Ok(EventStream::refusal_response(StatusCode::NOT_FOUND));
    }
    Ok(match Subscription::from_request(&request) {
        Ok(subscription) => channel
            .subscribe(subscription)
            .retry(Duration::from_secs(1))
            .into_response(),
        Err(_) => EventStream::refusal_response(StatusCode::BAD_REQUEST),
    })
}

async fn tick(channel: Channel) {
    for number in 1.. {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let Ok(tick) = Block::data(format!("tick {number}")).event_type("tick") else {
            return;
        };
        if channel.publish(tick).is_err() {
            return;
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let channel = Channel::new();
    tokio::spawn(tick(channel.clone()));

    let listener = TcpListener::bind("127.0.0.1:8087").await?;
    let connections = GracefulShutdown::new();
    loop {
        let socket = tokio::select! {
            accepted = listener.accept() => accepted?.0,
            interrupted = tokio::signal::ctrl_c() => break interrupted?,
        };
        // Events are small writes that should leave at once.
        socket.set_nodelay(true)?;
        let of_connection = channel.clone();
        let service = service_fn(move |request| answer(of_connection.clone(), request));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(socket), service);
        tokio::spawn(connections.watch(connection));
    }

    channel.close();
    connections.shutdown().await;
    Ok(())
}
