//! `wellspring-server` on a server of others: the same as in `served.rs` as the body of a response of hyper's, which is
//! set up as in `hyper.rs`.

use super::{
    CURRENT_THREAD as ONE, Engine, MULTI_THREAD as MANY, Role, hyper, listener, on_current_thread,
    on_workers, publish_lines, text,
};
use crate::serve::process::Listeners;
use crate::serve::publisher::Publishing;
use ::hyper::{Request, Response, StatusCode};
use wellspring_server::{Channel, EventStream, Subscription};

pub(super) const CURRENT_THREAD: Engine = Engine {
    name: "wellspring-hyper",
    runtime: ONE,
    role: Role::Anchor,
    publishing: Publishing::Lines,
    serve: |listeners| on_current_thread(serve(listeners)),
};

pub(super) const MULTI_THREAD: Engine = Engine {
    name: "wellspring-hyper-mt",
    runtime: MANY,
    serve: |listeners| on_workers(serve(listeners)),
    ..CURRENT_THREAD
};

async fn serve(listeners: Listeners) -> Result<(), String> {
    let channel = Channel::new();
    let publisher = channel.clone();
    tokio::spawn(publish_lines(listeners.publisher, move |line| {
        if let Err(error) = publisher.publish(line) {
            eprintln!("not published: {error}");
        }
    }));
    let listener = listener(listeners.subscribers)?;
    loop {
        let (socket, _) = listener.accept().await.map_err(text)?;
        let channel = channel.clone();
        hyper::serve_connection(socket, move |request| answer(&channel, &request));
    }
}

pub(super) fn answer<B>(channel: &Channel, request: &Request<B>) -> Response<EventStream> {
    let Ok(subscription) = Subscription::from_request(request) else {
        return EventStream::refusal_response(StatusCode::BAD_REQUEST);
    };
    match channel.try_subscribe(subscription) {
        Ok(stream) => stream.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}
