//! actix-web with one worker: a streaming body of blocks that were encoded before, since its own crates have no event
//! stream. The publisher's task is on the worker, so that no event crosses threads.

use super::fan_out::FanOut;
use super::{Engine, Role, publish_lines, text};
use crate::serve::process::Listeners;
use crate::serve::publisher::Publishing;
use actix_web::rt::{self, System};
use actix_web::{App, HttpResponse, HttpServer, web};
use bytes::Bytes;
use futures_core::Stream;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tokio::sync::mpsc::Receiver;

pub(super) const ENGINE: Engine = Engine {
    name: "actix",
    runtime: "actix, one worker",
    role: Role::Peer,
    publishing: Publishing::Lines,
    serve,
};

struct Blocks(Receiver<Bytes>);

impl Stream for Blocks {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx).map(|block| block.map(Ok))
    }
}

fn serve(listeners: Listeners) -> Result<(), String> {
    let subscribers = FanOut::default();
    let publisher = Arc::new(Mutex::new(Some(listeners.publisher)));
    let app = move || {
        let mut publisher = publisher.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listener) = publisher.take() {
            let subscribers = subscribers.clone();
            rt::spawn(publish_lines(listener, move |line| {
                subscribers.publish(line);
            }));
        }
        let subscribers = subscribers.clone();
        let events = move || {
            let blocks = Blocks(subscribers.subscribe());
            let mut response = HttpResponse::Ok();
            let response = response.content_type("text/event-stream");
            std::future::ready(response.streaming(blocks))
        };
        App::new().route("/events", web::get().to(events))
    };
    let server = HttpServer::new(app).workers(1).disable_signals();
    let server = server.listen(listeners.subscribers).map_err(text)?;
    System::new().block_on(server.run()).map_err(text)
}
