//! `wellspring-server` as its documentation shows it: a `Channel` with its default limits and its own ids, and an
//! `EventStream` with keep-alive, on its own listener. And axum's router of `axum.rs`, unchanged, on that listener.

use super::{
    CURRENT_THREAD as ONE, Engine, MULTI_THREAD as MANY, Role, axum, listener, on_current_thread,
    on_workers, publish_lines, text, wellspring,
};
use crate::serve::process::Listeners;
use crate::serve::publisher::Publishing;
use ::hyper::{Request, Response};
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};
use tower_service::Service;
use wellspring_server::{Channel, EventStream, RequestBody};

pub(super) const CURRENT_THREAD: Engine = Engine {
    name: "wellspring",
    runtime: ONE,
    role: Role::Ours,
    publishing: Publishing::Lines,
    serve: |listeners| on_current_thread(serve(listeners)),
};

pub(super) const MULTI_THREAD: Engine = Engine {
    name: "wellspring-mt",
    runtime: MANY,
    serve: |listeners| on_workers(serve(listeners)),
    ..CURRENT_THREAD
};

/// Only for its memory: it is no server of ours.
pub(super) const AXUM: Engine = Engine {
    name: "axum-on-wellspring",
    role: Role::Anchor,
    serve: |listeners| on_current_thread(serve_axum(listeners)),
    ..CURRENT_THREAD
};

#[derive(Clone)]
struct Events(Channel);

impl Service<Request<RequestBody>> for Events {
    type Response = Response<EventStream>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        ready(Ok(wellspring::answer(&self.0, &request)))
    }
}

async fn serve(listeners: Listeners) -> Result<(), String> {
    let channel = Channel::new();
    let publisher = channel.clone();
    tokio::spawn(publish_lines(listeners.publisher, move |line| {
        if let Err(error) = publisher.publish(line) {
            eprintln!("not published: {error}");
        }
    }));
    let listener = listener(listeners.subscribers)?;
    let serving = wellspring_server::serve(listener, Events(channel));
    serving.await.map_err(text)
}

async fn serve_axum(listeners: Listeners) -> Result<(), String> {
    let app = axum::app(listeners.publisher);
    let listener = listener(listeners.subscribers)?;
    let serving = wellspring_server::serve(listener, app);
    serving.await.map_err(text)
}
