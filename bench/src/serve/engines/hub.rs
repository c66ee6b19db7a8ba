//! The hub as `wellspring hub` serves it without `--data`: its service over a broker in memory, on our listener. A line
//! is published as an update of one topic; `/events` subscribes to that topic, so that the same load reads from all.

use super::{
    CURRENT_THREAD as ONE, Engine, MULTI_THREAD as MANY, Role, listener, on_current_thread,
    on_workers, text,
};
use crate::serve::process::Listeners;
use crate::serve::publisher::Publishing;
use ::hyper::{Request, Response, Uri};
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncBufReadExt, BufReader};
use tower_service::Service;
use wellspring_broker::{Broker, BrokerOptions, MemoryEngine, Update};
use wellspring_hub::tokens::{Keys, Validator};
use wellspring_hub::{Hub, HubBody, Settings};
use wellspring_server::RequestBody;

/// What is published is of this topic.
pub(crate) const TOPIC: &str = "https://bench.example/en/users/7";

/// Where the hub is.
pub(crate) const PATH: &str = "/.well-known/mercure";

pub(crate) const MULTI_THREAD: Engine = Engine {
    name: "hub",
    runtime: MANY,
    role: Role::Ours,
    publishing: Publishing::Lines,
    serve: |listeners| on_workers(serve(listeners)),
};

pub(crate) const CURRENT_THREAD: Engine = Engine {
    name: "hub-one-thread",
    runtime: ONE,
    serve: |listeners| on_current_thread(serve(listeners)),
    ..MULTI_THREAD
};

#[derive(Clone)]
struct Events(Hub);

impl Service<Request<RequestBody>> for Events {
    type Response = Response<HubBody>;
    type Error = Infallible;
    type Future = <Hub as Service<Request<RequestBody>>>::Future;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<RequestBody>) -> Self::Future {
        if request.uri().path() == "/events" {
            let uri = format!("{PATH}?topic={TOPIC}");
            *request.uri_mut() = uri.parse::<Uri>().unwrap_or_default();
        }
        self.0.call(request)
    }
}

async fn serve(listeners: Listeners) -> Result<(), String> {
    let validator = Validator {
        publishers: Keys::new(),
        subscribers: Keys::new(),
        issuers: Vec::new(),
        resource: format!("https://bench.example{PATH}")
            .parse()
            .map_err(text)?,
        legacy: true,
    };
    let mut settings = Settings::new(validator);
    settings.anonymous = true;
    let options = BrokerOptions::default().with_base(settings.url().clone());
    let broker = Broker::open(Arc::new(MemoryEngine::new()), options).await;
    let broker = broker.map_err(text)?;
    tokio::spawn(publish_lines(listeners.publisher, broker.clone()));
    let hub = Hub::open(settings, broker).await.map_err(text)?;
    let events = Events(hub);
    let listener = listener(listeners.subscribers)?;
    wellspring_server::serve(listener, events)
        .await
        .map_err(text)
}

async fn publish_lines(listener: std::net::TcpListener, broker: Broker) -> Result<(), String> {
    let listener = self::listener(listener)?;
    loop {
        let (socket, _) = listener.accept().await.map_err(text)?;
        let mut lines = BufReader::new(socket).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            let update = Update::new(TOPIC).map_err(text)?.data(line);
            if let Err(error) = broker.publish(&update, None).await {
                eprintln!("not published: {error}");
            }
        }
    }
}
