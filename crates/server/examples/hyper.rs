//! An event stream on plain hyper: a tick a second at <http://127.0.0.1:8087/events>, replayed to who
//! comes back. Ctrl-C ends the streams one by one, and then the program.
//!
//! ```text
//! cargo run -p wellspring-server --example hyper
//! curl -N http://127.0.0.1:8087/events
//! ```

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use http::{Method, Request, Response, StatusCode};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use wellspring_server::{Block, Channel, Drain, EventStream, SubscriberLimits, Subscription};

fn answer<B>(channel: &Channel, request: &Request<B>, client: IpAddr) -> Response<EventStream> {
    if request.uri().path() != "/events" {
        return EventStream::refusal_response(StatusCode::NOT_FOUND);
    }
    if request.method() != Method::GET {
        return EventStream::refusal_response(StatusCode::METHOD_NOT_ALLOWED);
    }
    let Ok(subscription) = Subscription::from_request(request) else {
        return EventStream::refusal_response(StatusCode::BAD_REQUEST);
    };
    match channel.try_subscribe(subscription.key(client.to_string())) {
        Ok(stream) => stream
            .retry_between(Duration::from_secs(1)..=Duration::from_secs(3))
            .into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// Serves until `stop`, then drains the channel and finishes the connections with it.
pub(crate) async fn serve(
    listener: TcpListener,
    channel: Channel,
    stop: impl Future<Output = ()>,
    drain: Drain,
) -> io::Result<()> {
    let connections = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let (socket, client) = tokio::select! {
            accepted = listener.accept() => accepted?,
            () = &mut stop => break,
        };
        // Events are small writes that should leave at once.
        socket.set_nodelay(true)?;
        let channel = channel.clone();
        let service = service_fn(move |request| {
            let response = answer(&channel, &request, client.ip());
            std::future::ready(Ok::<_, Infallible>(response))
        });
        // Frames are shared by all subscribers and written as a list. With `writev(false)` hyper copies
        // them for each connection, and a client that does not read would keep its copy.
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .max_buf_size(64 << 10)
            .serve_connection(TokioIo::new(socket), service);
        tokio::spawn(connections.watch(connection));
    }
    drop(listener);
    // From here on a connection closes when its stream ends, and does not bring the client back here.
    let finished = tokio::spawn(connections.shutdown());
    channel.drain(drain).await;
    // A client that does not read cannot hold up the rest.
    let _ = tokio::time::timeout(Duration::from_secs(5), finished).await;
    Ok(())
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
    let limits = SubscriberLimits::default()
        .with_total(10_000)
        .with_per_key(100);
    let channel = Channel::builder().subscriber_limits(limits).build();
    tokio::spawn(tick(channel.clone()));

    let listener = TcpListener::bind("127.0.0.1:8087").await?;
    let stop = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    let farewell = Block::data("the server restarts").event_type("farewell")?;
    let drain = Drain::over(Duration::from_secs(2)).farewell(farewell);
    serve(listener, channel, stop, drain).await?;
    Ok(())
}
