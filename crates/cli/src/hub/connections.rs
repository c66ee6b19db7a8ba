//! Connections of the hub. In: listening sockets, the hub. Out: its answers, until it has to stop; then it waits
//! for what is going on to end.
//!
//! Next: `crates/hub/src/service.rs` answers, `crates/server/src/serve.rs` serves.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{Either, Full};
use tokio::sync::watch;
use tower_service::Service;
use wellspring_hub::tokens::MAX_TOKEN;
use wellspring_hub::{Hub, HubBody, Peer};
use wellspring_server::{RequestBody, ServeLimits};

use super::minting;
use crate::web::{Hosts, Listeners, Tls, reply};

/// A token, a URL with a thousand selectors, and what else browsers send.
const HEAD_BYTES: usize = 2 * MAX_TOKEN;

/// What is asked before the hub is.
#[derive(Clone, Debug)]
pub(super) struct Answering {
    hub: Hub,
    hosts: Arc<Hosts>,
    /// What the page's tokens are signed with.
    secret: Option<Arc<[u8]>>,
    only_metrics: bool,
}

impl Answering {
    pub(super) fn new(hub: Hub) -> Self {
        Self {
            hub,
            hosts: Arc::new(Hosts::any()),
            secret: None,
            only_metrics: false,
        }
    }

    /// On loopback without real keys, only requests for this machine's own names are answered: a page could
    /// otherwise point a name of its own here.
    pub(super) fn to_try_out(hub: Hub, secret: Vec<u8>) -> Self {
        Self {
            hosts: Arc::new(Hosts::only(Vec::new())),
            secret: Some(secret.into()),
            ..Self::new(hub)
        }
    }

    /// The metrics and nothing else.
    pub(super) fn metrics(hub: Hub) -> Self {
        Self {
            only_metrics: true,
            ..Self::new(hub)
        }
    }

    async fn answer(
        mut self,
        request: Request<RequestBody>,
    ) -> Response<Either<Full<Bytes>, HubBody>> {
        if let Some(refusal) = self.hosts.refuse(&request) {
            return refusal.map(Either::Left);
        }
        if self.only_metrics {
            return self.scrape(&request).map(Either::Left);
        }
        if let Some(secret) = &self.secret
            && request.uri().path() == minting::PATH
        {
            return minting::answer(secret, request).await.map(Either::Left);
        }
        match self.hub.call(request).await {
            Ok(response) => response.map(Either::Right),
            Err(never) => match never {},
        }
    }

    fn scrape(&self, request: &Request<RequestBody>) -> Response<Full<Bytes>> {
        match request.uri().path() {
            "/metrics" => {
                let content_type = HeaderValue::from_static(wellspring_hub::METRICS_TYPE);
                reply::with_type(StatusCode::OK, content_type, self.hub.metrics())
            }
            _ => reply::text(StatusCode::NOT_FOUND, "Nothing here but /metrics\n"),
        }
    }
}

impl Service<Request<RequestBody>> for Answering {
    type Response = Response<Either<Full<Bytes>, HubBody>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let answering = self.clone();
        Box::pin(async move { Ok(answering.answer(request).await) })
    }
}

/// Serves until it has to stop, and until every connection has ended after that.
pub(super) async fn serve(
    listeners: Listeners,
    tls: Option<Tls>,
    answering: Answering,
    mut stop: watch::Receiver<bool>,
) {
    let stopped = async move {
        // Without a sender the program is ending too.
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let serving = wellspring_server::serve(listeners, answering)
        .with_limits(ServeLimits::default().with_head_bytes(HEAD_BYTES))
        .with_extensions(|address, extensions| {
            extensions.insert(Peer(*address));
        })
        .with_graceful_shutdown(stopped);
    // It fails for no listener that it has been given.
    let _ = match tls {
        None => serving.await,
        Some(tls) => {
            let shake = move |socket| {
                let tls = tls.clone();
                async move { tls.accept(socket).await }
            };
            serving.with_handshake(shake).await
        }
    };
}
