//! axum's `Sse` over a `broadcast` channel, as its documentation shows it; without keep-alive, which would make it
//! slower. Each subscriber encodes each event.

use super::{
    CURRENT_THREAD as ONE, Engine, MULTI_THREAD as MANY, Role, listener, on_current_thread,
    on_workers, publish_lines, text,
};
use crate::serve::process::Listeners;
use crate::serve::publisher::Publishing;
use ::axum::Router;
use ::axum::response::sse::{Event, Sse};
use ::axum::routing::get;
use ::axum::serve::ListenerExt;
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::broadcast;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::BroadcastStream;

pub(super) const CURRENT_THREAD: Engine = Engine {
    name: "axum",
    runtime: ONE,
    role: Role::Peer,
    publishing: Publishing::Lines,
    serve: |listeners| on_current_thread(serve(listeners)),
};

pub(super) const MULTI_THREAD: Engine = Engine {
    name: "axum-mt",
    runtime: MANY,
    serve: |listeners| on_workers(serve(listeners)),
    ..CURRENT_THREAD
};

/// More than are ever in flight.
const WAITING: usize = 64;

/// What it serves, and what is published there.
pub(super) fn app(publisher: std::net::TcpListener) -> Router {
    let (sender, _) = broadcast::channel::<Arc<str>>(WAITING);
    let published = sender.clone();
    tokio::spawn(publish_lines(publisher, move |line| {
        let _ = published.send(line.into());
    }));
    let events = move || {
        let events = BroadcastStream::new(sender.subscribe());
        let events = events.filter_map(Result::ok);
        let events = events.map(|data| Ok::<_, Infallible>(Event::default().data(data)));
        std::future::ready(Sse::new(events))
    };
    Router::new().route("/events", get(events))
}

async fn serve(listeners: Listeners) -> Result<(), String> {
    let app = app(listeners.publisher);
    let listener = listener(listeners.subscribers)?.tap_io(|socket| {
        let _ = socket.set_nodelay(true);
    });
    ::axum::serve(listener, app).await.map_err(text)
}
